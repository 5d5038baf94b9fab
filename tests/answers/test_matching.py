"""Matching: the stored network, and what is done where there is none; confidences; variations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import Answerer, Library
from answers.matching import Matcher
from answers.matching.features import features
from answers.matching.fitting import examples, fingerprint, fit
from answers.matching.matcher import FILE, MOST, stored
from answers.matching.network import BUCKETS, Network
from answers.matching.variations import Variations
from answers.reading import Reader

Edit = Callable[[str, Callable[[Any], None]], None]
MESSAGES = ("is kratom bad for my liver", "how many grams should i take", "did the fda approve it", "pizza", "", "🙂")


@pytest.fixture(scope="module")
def reader(library: Library) -> Reader:
    return Reader(library)


@pytest.fixture(scope="module")
def matcher(library: Library, reader: Reader) -> Matcher:
    return Matcher(library, reader)


@pytest.fixture(scope="module")
def small(small_content: Path) -> Library:
    return Library.load(small_content)


@pytest.fixture(scope="module")
def fitted(small: Library) -> Network:
    return fit(small, Reader(small))


def test_the_stored_network_is_of_this_content(library: Library) -> None:
    assert stored(library) is not None, "The content has changed since its matcher was fitted: run `kratom-answers fit`"


def test_the_stored_network_names_every_entry_in_order(library: Library) -> None:
    network = stored(library)
    assert network is not None
    assert network.entries == tuple(library.entries)
    assert network.fitted_on == fingerprint(library)


def test_a_network_comes_back_from_its_file(fitted: Network, small: Library, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(fitted.to_bytes())
    loaded = Network.load(path)
    assert (loaded.entries, loaded.fitted_on) == (fitted.entries, fitted.fitted_on)
    reader = Reader(small)
    for message in MESSAGES:
        found = features(reader.read(message))
        before, after = fitted.scores(found), loaded.scores(found)
        np.testing.assert_array_equal(after, before)
    assert Network.load(path).to_bytes() == loaded.to_bytes()


def test_a_network_without_the_wide_part_comes_back_too(fitted: Network, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(replace(fitted, wide=None).to_bytes())
    loaded = Network.load(path)
    assert loaded.wide is None
    assert len(loaded.scores({"w:liver": 1.0})) == len(fitted.entries) + 1


def test_fitting_is_deterministic_and_tells_its_progress(fitted: Network, small: Library) -> None:
    told: list[tuple[int, int]] = []
    again = fit(small, Reader(small), progress=lambda done, total: told.append((done, total)))
    assert again.to_bytes() == fitted.to_bytes()
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))


def test_a_stored_network_is_used_where_it_fits(content: Path, fitted: Network) -> None:
    (content / FILE).write_bytes(fitted.to_bytes())
    network = stored(Library.load(content))
    assert network is not None
    assert network.fitted_on == fitted.fitted_on


def _npz(**arrays: Any) -> bytes:
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _npy() -> bytes:
    file = BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def _resized(network: Network) -> bytes:
    """A file of the right names and the right fingerprint whose weights do not fit each other."""
    return replace(network, outer=network.outer[:-1]).to_bytes()


def _too_few(network: Network) -> bytes:
    """A network that scores fewer entries than it names."""
    return replace(network, outer=network.outer[:, :-1], outer_bias=network.outer_bias[:-1], wide=None).to_bytes()


BROKEN: dict[str, Callable[[Network], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"not a network at all",
    "cut short": lambda network: network.to_bytes()[:-1000],
    "cut at the front": lambda network: network.to_bytes()[1000:],
    "a byte off": lambda network: (whole := network.to_bytes())[:20_000] + b"\xff\xfe\xfd" + whole[20_003:],
    "another archive": lambda _: _npz(other=np.zeros(3)),
    "a single array": lambda _: _npy(),
    "objects": lambda _: _npz(entries=np.array([{}], dtype=object)),
    "weights of another shape": _resized,
    "too few scores": _too_few,
    "of other content": lambda network: replace(network, fitted_on="0" * 64).to_bytes(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_does_not_fit_is_refused(content: Path, fitted: Network, name: str) -> None:
    (content / FILE).write_bytes(BROKEN[name](fitted))
    assert stored(Library.load(content)) is None


def test_with_a_broken_file_the_matcher_fits_anew(content: Path, caplog: pytest.LogCaptureFixture) -> None:
    (content / FILE).write_bytes(b"PK\x03\x04 broken")
    library = Library.load(content)
    reader = Reader(library)
    ranking = Matcher(library, reader).rank(reader.read("is kratom bad for my liver"))
    assert ranking.candidates[0].entry == "liver-injury"
    assert FILE in caplog.text


def test_a_new_entry_is_answered_with_nothing_else_changed(content: Path, edit: Edit) -> None:
    old, new = "entries/risks/liver-injury.yaml", "entries/risks/hair-colour.yaml"
    (content / new).write_text((content / old).read_text("utf-8"), "utf-8")
    subjects = ("my hair", "your hair", "blond hair", "the hair on my head", "hair")
    asked = ("will {} turn blue from kratom", "can kratom dye {}", "{} went blue", "kratom and blue {}", "colour of {}")
    phrasings = [text.format(subject) for subject in subjects for text in asked]
    edit(
        new,
        lambda data: data.update(id="hair-colour", question="Does kratom turn hair blue?", phrasings=phrasings),
    )
    answerer = Answerer(Library.load(content))
    for text, entry in (
        ("will my hair turn blue from the leaf", "hair-colour"),
        ("is kratom bad for my liver", "liver-injury"),
        ("did the fda approve it", "fda-approval"),
    ):
        reply = answerer.reply(text)
        assert (reply.kind, reply.entry and reply.entry.id) == ("answer", entry)


def test_the_fingerprint_changes_with_what_is_learnt_from(content: Path, edit: Edit) -> None:
    seen = {fingerprint(Library.load(content))}
    for name, change in (
        ("entries/risks/liver-injury.yaml", lambda data: data["phrasings"].append("livers and leaves")),
        ("terms.yaml", lambda data: data["kratom"]["names"].append("kratomium")),
        ("state_law.yaml", lambda data: data["states"][0]["names"].append("the state")),
    ):
        edit(name, change)
        seen.add(fingerprint(Library.load(content)))
    (content / "out_of_scope.txt").write_text("# a remark\n\nbest pizza in town\n", "utf-8")
    library = Library.load(content)
    seen.add(fingerprint(library))
    assert len(seen) == 5
    assert [one.text for one in examples(library) if one.entry is None] == ["best pizza in town"]


def test_an_answer_may_be_reworded_without_fitting_again(content: Path, edit: Edit) -> None:
    before = fingerprint(Library.load(content))
    edit("entries/risks/liver-injury.yaml", lambda data: data["answer"][0].update(says="Other words."))
    assert fingerprint(Library.load(content)) == before


@given(text=st.text(st.characters()))
def test_confidences_are_probabilities_in_order(matcher: Matcher, reader: Reader, text: str) -> None:
    ranking = matcher.rank(reader.read(text))
    confidences = [one.confidence for one in ranking.candidates]
    assert len(confidences) == MOST
    assert len({one.entry for one in ranking.candidates}) == MOST
    assert all(0 <= one <= 1 for one in confidences)
    assert all(first >= second for first, second in pairwise(confidences))
    assert sum(confidences) <= ranking.in_scope + 1e-9 <= 1 + 1e-9


@pytest.mark.parametrize("text", ["", "liver " * 1_000, "x" * 100_000])
def test_odd_lengths_are_ranked_too(matcher: Matcher, reader: Reader, text: str) -> None:
    ranking = matcher.rank(reader.read(text))
    assert all(0 <= one.confidence <= 1 for one in ranking.candidates)


def test_a_library_of_one_entry(content: Path, edit: Edit) -> None:
    for path in content.glob("entries/*/*.yaml"):
        if path.stem != "liver-injury":
            path.unlink()
    edit("entries/risks/liver-injury.yaml", lambda data: data.update(related=[]))
    edit("conduct.yaml", lambda data: data.update(claims=[]))
    library = Library.load(content)
    reader = Reader(library)
    (only,) = Matcher(library, reader).rank(reader.read("is kratom bad for my liver")).candidates
    assert only.entry == "liver-injury"
    assert 0 < only.confidence <= 1


def test_every_question_finds_its_own_entry(matcher: Matcher, reader: Reader, library: Library) -> None:
    """What was learnt is remembered: the first entry for at least 97 of 100 questions and phrasings."""
    known = [one for one in examples(library) if one.entry in library.entries]
    right = sum(matcher.rank(reader.read(one.text)).candidates[0].entry == one.entry for one in known[::7])
    assert right >= 0.97 * len(known[::7])


def test_features_that_were_never_seen_do_no_harm(fitted: Network) -> None:
    scores = fitted.scores({f"w:never-{n}": 1.0 for n in range(50)})
    assert np.isfinite(scores).all()
    assert len(fitted.vocabulary.rarity) == BUCKETS


def variations_of(library: Library, reader: Reader, texts: list[str], *, seed: int = 1) -> list[str | None]:
    variations = Variations(library, seed)
    return [variations.of(reader.read(text)) for text in texts]


def test_variations_are_the_same_every_time(library: Library, reader: Reader) -> None:
    texts = [one.text for one in examples(library)[:500]]
    assert variations_of(library, reader, texts) == variations_of(library, reader, texts)
    assert variations_of(library, reader, texts) != variations_of(library, reader, texts, seed=2)


def test_about_half_are_varied(library: Library, reader: Reader) -> None:
    varied = variations_of(library, reader, ["can i sleep after this"] * 400)
    assert 140 <= sum(one is not None for one in varied) <= 260


def test_a_medicine_is_varied_within_its_class(library: Library, reader: Reader) -> None:
    for varied in variations_of(library, reader, ["is it ok with my zoloft"] * 100):
        if varied:
            assert "ssri" in reader.read(varied).terms, varied


def test_the_subject_may_be_left_out(library: Library, reader: Reader) -> None:
    varied = variations_of(library, reader, ["is kratom ok with my zoloft"] * 100)
    without = [one for one in varied if one and "kratom" not in reader.read(one).terms]
    assert without
    assert all(" with my " in one for one in without)


def test_a_long_word_is_mistyped_and_short_ones_are_not(library: Library, reader: Reader) -> None:
    varied = [one for one in variations_of(library, reader, ["how do i reposition"] * 100) if one]
    assert varied
    for one in varied:
        *short, long = one.split()
        assert short == ["how", "do", "i"]
        assert abs(len(long) - len("reposition")) <= 1
    assert len(set(varied)) > 10


@given(text=st.text(st.characters()), seed=st.integers(0, 50))
def test_any_text_can_be_varied(library: Library, reader: Reader, text: str, seed: int) -> None:
    variations = Variations(library, seed)
    assert all(isinstance(variations.of(reader.read(text)), str | None) for _ in range(5))
