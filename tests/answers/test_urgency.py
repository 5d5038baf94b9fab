"""Emergencies: what must be recognised, what must not, and that nothing done to a message hides one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from answers import Answerer, Library
from answers.library import CONTENT
from answers.models import Urgency
from answers.reading import Reader
from answers.urgency import UrgencyDetector
from answers.urgency.examples import expanded, read
from answers.urgency.fit import digest
from answers.urgency.model import Model

QUESTIONS = Path(__file__).parents[1] / "questions" / "urgency"


class Ear:
    """Reads and detects, as the program does."""

    def __init__(self, library: Library) -> None:
        self.reader = Reader(library)
        self.detector = UrgencyDetector(library)

    def hears(self, text: str) -> Urgency | None:
        return self.detector.detect(self.reader.read(text))


@pytest.fixture(scope="module")
def ear(library: Library) -> Ear:
    return Ear(library)


EMERGENCIES = {
    "my roommate took 7oh and drank and i cant wake him up": "overdose",
    "she stopped breathing please help": "overdose",
    "his lips are blue and he wont answer": "overdose",
    "i want to kill myself tonight": "suicide",
    "i dont want to be alive anymore": "suicide",
    "my brother says he is going to kill himself": "suicide",
    "my wife is having a seizure after kratom": "medical",
    "crushing chest pain and my left arm is numb": "medical",
    "the whites of my eyes are yellow and my pee is dark brown": "medical",
    "i cant keep water down, throwing up since yesterday": "medical",
    "my toddler swallowed a kratom capsule": "child",
    "my 2 year old ate a 7oh gummy": "child",
    "my dog ate a whole bag of kratom": "animal",
    "the cat licked extract and is wobbly": "animal",
    "mi hermano no despierta y tiene los labios azules": "overdose",
    "ich will mich umbringen": "suicide",
    "mon fils a avalé une gélule de kratom": "child",
    "meu cachorro comeu meu kratom": "animal",
    "mia moglie ha le convulsioni": "medical",
    "mój brat nie oddycha": "overdose",
    "хочу покончить с собой": "suicide",  # noqa: RUF001  Russian
    "เพื่อนไม่หายใจ ช่วยด้วย": "overdose",
    "anak saya menelan kapsul kratom": "child",
    "kawan saya tak sedarkan diri lepas minum ketum": "overdose",
}


@pytest.mark.parametrize(("text", "kind"), EMERGENCIES.items())
def test_an_emergency_is_recognised_with_its_kind(ear: Ear, text: str, kind: str) -> None:
    found = ear.hears(text)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("my wife is having a seizure", "seizure"),
        ("crushing chest pain and sweating right now", "chest-pain"),
        ("my eyes turned yellow", "liver"),
        ("cant stop throwing up, cant keep water down", "vomiting"),
        ("my sister says she wants to kill herself", "suicide-someone-else"),
    ],
)
def test_the_card_fits_the_sign(ear: Ear, text: str, card: str) -> None:
    found = ear.hears(text)
    assert found is not None
    assert found.card == card


@pytest.mark.parametrize(
    "text",
    [
        "kratom killed my libido",
        "Suicide Squad is a great movie",
        "what are the signs of an overdose?",
        "how do you know if someone is overdosing",
        "this price is killing me lol",
        "suicide prevention week starts monday",
        "where can i get narcan",
        "can kratom cause seizures",
        "my laptop won't wake up from sleep",
        "is kratom bad for my liver",
        "how do i store kratom away from my kids",
        "¿cuáles son los síntomas de una sobredosis?",
    ],
)
def test_a_look_alike_is_no_alarm(ear: Ear, text: str) -> None:
    assert ear.hears(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "i am not suicidal, just tired",
        "to be clear, nobody is overdosing here, i am writing a leaflet",
        "i was suicidal last year, i am fine now",
        "i overdosed in 2016, survived and got clean",
        "my dog ate kratom two years ago and he was fine",
    ],
)
def test_negation_and_recovery_take_the_alarm_out(ear: Ear, text: str) -> None:
    assert ear.hears(text) is None


@pytest.mark.parametrize("count", [1, 3, 8])
def test_the_sentences_around_it_do_not_drown_an_emergency(ear: Ear, count: int) -> None:
    for text in PLAIN:
        assert ear.hears(" ".join([*NEUTRAL * count, f"{text}.", *NEUTRAL * count])), text


def test_an_emergency_in_the_middle_of_a_long_text_is_found(ear: Ear) -> None:
    before = "I have taken kratom for my back since spring and the tea tastes awful. My doctor knows about it. " * 6
    after = "Anyway the shop near us closed and the new one is expensive. I usually drink it with orange juice. " * 6
    found = ear.hears(f"{before}My husband took a handful of pills, he is unconscious and not breathing. {after}")
    assert found is not None
    assert found.kind == "overdose"
    assert ear.hears(before + after) is None


@pytest.mark.parametrize(("text", "_"), EMERGENCIES.items())
def test_the_words_that_decided_stand_in_the_message(ear: Ear, text: str, _: str) -> None:
    found = ear.hears(text)
    assert found is not None
    assert found.because
    assert found.because in ear.reader.read(text).normal


def test_plain_danger_is_for_now(ear: Ear) -> None:
    found = ear.hears("he is not breathing and his lips are blue")
    assert found is not None
    assert found.level == "now"


def test_the_answerer_shows_the_card_before_all_else(answerer: Answerer) -> None:
    reply = answerer.reply("is kratom legal in texas? my friend won't wake up")
    assert reply.kind == "crisis"
    assert reply.card is not None
    assert reply.card.id == "overdose"


# Hypothesis: what people and keyboards do to a message leaves an emergency an emergency.

PLAIN = (
    "my friend took kratom and xanax and i cant wake him up",
    "my brother is not breathing and his lips are blue",
    "i want to kill myself tonight",
    "my toddler swallowed a kratom capsule",
    "my dog ate a whole bag of kratom",
    "my wife is having a seizure right now",
)
NEUTRAL = (
    "hi all.",
    "i usually take five grams a day.",
    "is kratom legal in texas?",
    "i bought it at the shop on the corner.",
    "thanks for the help last week.",
    "what is the difference between red and green?",
)
ALIKE = str.maketrans("aeopcxi", "аеорсхі")  # noqa: RUF001  the letters that filters are dodged with
plain = st.sampled_from(PLAIN)


@given(plain, st.data())
def test_case_hides_nothing(ear: Ear, text: str, data: st.DataObject) -> None:
    upper = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    assert ear.hears("".join(c.upper() if up else c for c, up in zip(text, upper, strict=True)))


@given(plain, st.lists(st.sampled_from([" ", "  ", "   ", "\t", " \u200b"]), min_size=16, max_size=16))
def test_spacing_hides_nothing(ear: Ear, text: str, gaps: list[str]) -> None:
    words = text.split()
    assert ear.hears("".join(word + gap for word, gap in zip(words, gaps, strict=False)))


@given(plain, st.lists(st.sampled_from("😭😱🙏💔🚑❗"), max_size=5), st.booleans())
def test_emoji_hide_nothing(ear: Ear, text: str, faces: list[str], first: bool) -> None:
    assert ear.hears("".join(faces) + " " + text if first else text + " " + "".join(faces))


@given(plain, st.lists(st.sampled_from(NEUTRAL), max_size=3), st.lists(st.sampled_from(NEUTRAL), max_size=3))
def test_sentences_around_hide_nothing(ear: Ear, text: str, before: list[str], after: list[str]) -> None:
    assert ear.hears(" ".join([*before, f"{text}.", *after]))


@given(plain, st.integers(0, 100))
def test_look_alike_letters_hide_nothing(ear: Ear, text: str, at: int) -> None:
    words = text.split()
    at %= len(words)
    word = words[at]
    if len(word) > 1:
        words[at] = word[0] + word[1:].translate(ALIKE)
    assert ear.hears(" ".join(words))


@given(plain, st.integers(0, 100), st.data())
def test_a_slip_in_one_word_hides_nothing(ear: Ear, text: str, at: int, data: st.DataObject) -> None:
    words = text.split()
    at %= len(words)
    word = words[at]
    if len(word) > 4:
        n = data.draw(st.integers(1, len(word) - 2))
        words[at] = word[:n] + data.draw(st.sampled_from(["", word[n] * 2, word[n + 1] + word[n]])) + word[n + 1 :]
    assert ear.hears(" ".join(words))


def test_signs_for_letters_hide_nothing(ear: Ear) -> None:
    for text in ("i want to k1ll mys3lf tonight", "su1cide tonight i cant go on", "i w a n t t o d i e"):
        assert ear.hears(text), text


@given(st.text())
@example("")
@example("\ud800")
@example("????")
@example("ก" * 50)
def test_any_text_at_all_is_read(ear: Ear, text: str) -> None:
    ear.hears(text)


@pytest.mark.parametrize(
    "text",
    ["a " * 4000, "my my " * 1500, "not " * 2000, "he cant " * 1000, "ไม่" * 2500, "a" * 8000, "1 " * 4000, "?!" * 4000],
)
def test_no_text_is_a_trap(ear: Ear, text: str) -> None:
    """Texts on which a careless pattern would go on for ever."""
    ear.hears(text)


# What was fitted.


def test_the_weights_are_those_of_the_examples(library: Library) -> None:
    fitted = Model.from_bytes(library.urgency_weights).digest
    assert fitted == digest(), "The examples, the concepts or the code changed. Fit anew: python -m answers.urgency.fit"


def test_every_example_is_for_a_card_or_for_none(library: Library) -> None:
    assert {written.card for written in read(CONTENT / "urgency/examples")} <= {*library.cards, "none"}


def test_a_line_with_choices_stands_for_each_of_them() -> None:
    assert sorted(expanded("[a|b] c [d|]")) == ["a c", "a c d", "b c", "b c d"]


# The labelled sets, written independently of the examples. The bounds hold what was reached, less two points.

Row = dict[str, Any]
AT_LEAST = {
    "dev": {"recognised": 0.938, "explicit": 0.966, "kind": 0.92},
    "test": {"recognised": 0.873, "explicit": 0.955, "kind": 0.878},
}
AT_MOST = {"dev": 0.08, "test": 0.15}
LANGUAGES, ORDINARY = 0.95, 0.005


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]


def share(found: Sequence[bool]) -> float:
    return sum(found) / len(found)


@pytest.mark.parametrize("part", ["dev", "test"])
def test_emergencies_in_english_are_recognised(ear: Ear, part: str) -> None:
    heard = [(ear.hears(row["text"]), row) for row in rows(f"emergencies.{part}")]
    least = AT_LEAST[part]
    assert share([found is not None for found, _ in heard]) >= least["recognised"]
    assert share([found is not None for found, row in heard if row["explicit"]]) >= least["explicit"]
    assert share([found.kind == row["urgency"] for found, row in heard if found]) >= least["kind"]


def test_emergencies_in_other_languages_are_recognised(ear: Ear) -> None:
    assert share([ear.hears(row["text"]) is not None for row in rows("emergencies.languages")]) >= LANGUAGES


@pytest.mark.parametrize("part", ["dev", "test"])
def test_false_alarms_are_few(ear: Ear, part: str) -> None:
    assert share([ear.hears(row["text"]) is not None for row in rows(f"lookalikes.{part}")]) <= AT_MOST[part]


def test_ordinary_questions_raise_no_alarm(ear: Ear) -> None:
    assert share([ear.hears(row["text"]) is not None for row in rows("ordinary")]) <= ORDINARY
