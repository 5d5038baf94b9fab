"""What a message shows, in the 64 bytes of a button's data."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from answers import Library
from bot.answer_buttons import VERDICTS
from bot.buttons import Act, Press
from bot.codes import by_code, code
from bot.shown import Pane, Shown
from bot.store import Verdict


def test_no_two_entries_share_a_short_name(library: Library) -> None:
    assert len(by_code(library.entries)) == len(library.entries)
    for entry_id in library.entries:
        assert ":" not in code(entry_id)


def test_every_verdict_has_a_letter() -> None:
    assert sorted(VERDICTS.values()) == sorted(get_args(Verdict))


def test_the_longest_there_can_be_fits_under_every_act(library: Library) -> None:
    others = tuple(library.entries)[:4]
    entry, card = next(iter(library.entries)), max(library.cards, key=len)
    for language in library.languages:
        shown = Shown(entry, language, "sources", 99, rated=True, state="TX", card=card, others=others)
        for act in get_args(Act):
            Press(act, shown.packed())
        Press("rate", ("s", *shown.packed()))


def test_it_comes_back_as_it_was(library: Library) -> None:
    ids = by_code(library.entries)
    some = st.sampled_from(sorted(library.entries))

    @given(
        st.builds(
            Shown,
            entry=st.none() | some,
            language=st.sampled_from(["en", "es", "de"]),
            pane=st.sampled_from(get_args(Pane)),
            page=st.integers(0, 99),
            rated=st.booleans(),
            state=st.sampled_from(["", "TX"]),
            card=st.sampled_from(["", *library.cards]),
            others=st.lists(some, max_size=4, unique=True).map(tuple),
        )
    )
    def check(shown: Shown) -> None:
        press = Press.read(Press("view", shown.packed()).data)
        assert press
        assert Shown.unpacked(press.about, ids) == shown

    check()


@given(st.lists(st.text(), max_size=7).map(tuple))
def test_what_is_no_such_data_is_nothing(parts: tuple[str, ...]) -> None:
    shown = Shown.unpacked(parts, {})
    assert shown is None or shown.entry is None


def test_an_entry_that_is_gone_is_nothing_and_others_that_are_gone_are_left_out(library: Library) -> None:
    first, second, third = list(library.entries)[:3]
    parts = Shown(first, "en", others=(second, third)).packed()
    ids = dict(by_code(library.entries))
    del ids[code(second)]
    shown = Shown.unpacked(parts, ids)
    assert shown
    assert shown.others == (third,)
    del ids[code(first)]
    assert Shown.unpacked(parts, ids) is None
