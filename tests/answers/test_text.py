"""The normal form: texts that a person reads as the same are the same, and any text at all has one."""
# ruff: noqa: RUF001, RUF003  letters that look alike are what is tested

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.text import LONGEST, normal, spelled_out, stem, tidy, words

ANY_TEXT = st.text(st.characters())  # lone surrogates too
ALIKE = st.text(st.sampled_from("aAbоеіαο1l!|0@$dkrtm .-_*'’`´\u200b\u3164\u0301\u0345\U000e0061ßıİſ\ud800\n"))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("KRATOM", "kratom"),
        ("Kratóm", "kratom"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("kratom", "kratom"),  # fullwidth letters
        ("𝓴𝓻𝓪𝓽𝓸𝓶 𝗸𝗶𝗹𝗹", "kratom kill"),  # letters of mathematics
        ("krаtоm", "kratom"),  # Cyrillic а and о
        ("κratοm", "kratom"),  # Greek kappa and omicron
        ("d!e", "die"),
        ("k1ll my5elf", "kill myself"),
        ("k r a t o m", "kratom"),
        ("k.r.a.t.o.m and s-u-i-c-i-d-e", "kratom and suicide"),
        ("k * r * a t o m", "k * r * atom"),  # only one sign between letters spaces them out
        ("heeeeelp meeee", "heelp mee"),
        ("don’t can´t won`t", "don't can't won't"),
        ("kra\u200btom\u200d li\u00adver", "kratom liver"),
        ("\u202ekratom\u202c", "kratom"),
        ("kra\x00tom\x07", "kra tom"),
        ("is\tit \n\n ok", "is it ok"),
        ("kratom\ud83d", "kratom"),
    ],
)
def test_what_reads_alike_is_alike(written: str, same: str) -> None:
    assert normal(written) == same


@pytest.mark.parametrize(
    "kept",
    [
        "7oh",
        "mit45 b12",
        "is it 5 or 10",
        "100%!",
        "кратом вызывает привыкание",
        "กระท่อม",
        "a b c",
        "i am a b student",
        "committee",
        "12000000",
    ],
)
def test_what_differs_stays(kept: str) -> None:
    assert normal(kept) == kept


@pytest.mark.parametrize(
    ("hidden", "meant"),
    [
        ("k\u3164ratom", "kratom"),  # a filler that is no space to the eye
        ("k\uffa0ratom", "kratom"),
        ("k\U000e0061ratom", "kratom"),  # an invisible tag
        ("k\U000e0100ratom", "kratom"),  # a variation selector
        ("k1ll mуs3lf", "kill myself"),  # a Cyrillic letter and a digit in one word
    ],
)
def test_tricks_together_hide_nothing(hidden: str, meant: str) -> None:
    assert normal(hidden) == meant


def test_of_a_very_long_text_head_and_tail_are_read() -> None:
    text = "first " + "blah " * LONGEST + " last"
    assert len(tidy(text)) <= LONGEST + 1
    found = words(normal(text))
    assert (found[0], found[-1]) == ("first", "last")
    assert tidy("x" * LONGEST) == "x" * LONGEST


@given(st.one_of(ANY_TEXT, ALIKE))
def test_any_text_has_a_normal_form_that_is_its_own(text: str) -> None:
    form = normal(text)
    assert normal(form) == form
    assert form == form.strip()
    assert "  " not in form
    form.encode()  # no lone surrogate is left


@given(ANY_TEXT)
def test_case_does_not_matter(text: str) -> None:
    if text.upper().casefold() == text.casefold():  # some letters have no way back: ŉ, ᾳ
        assert words(normal(text.upper())) == words(normal(text))


@given(st.one_of(ANY_TEXT, ALIKE))
def test_words_hold_no_spaces_and_no_signs(text: str) -> None:
    for word in words(normal(text)):
        assert word
        assert not set(word) & set(" '-.!?\n")


def test_words() -> None:
    assert words("can't i take 7-oh, or st. john's-wort?") == ["cant", "i", "take", "7oh", "or", "st", "johnswort"]
    assert words("น้ำกระท่อม") == ["น้ำกระท่อม"]
    assert words("— … !?") == []


def test_short_forms_are_spelled_out() -> None:
    assert spelled_out("whats") == ["what", "is"]
    assert spelled_out("cant") == ["can", "not"]
    assert spelled_out("kratom") == ["kratom"]


def test_stems() -> None:
    assert stem("livers") == stem("liver")
    assert stem("withdrawals") == stem("withdrawal")
    assert stem("sleeping") == stem("sleep")
    assert stem("liver") != stem("live")


@given(ANY_TEXT)
def test_any_word_has_a_stem(text: str) -> None:
    for word in words(normal(text)):
        assert isinstance(stem(word), str)
        assert spelled_out(word)
