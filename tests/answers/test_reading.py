"""Any text has a reading: its words, its terms with their classes, and its language."""
# ruff: noqa: RUF001, RUF003  letters that look alike are what is tested

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import Library
from answers.reading import STATE, Mention, Reader
from answers.text import normal, words

Edit = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture(scope="module")
def reader(library: Library) -> Reader:
    return Reader(library)


def mentioned(reader: Reader, text: str) -> list[str]:
    return [mention.term for mention in reader.read(text).mentions]


@pytest.mark.parametrize(
    ("text", "term", "classes"),
    [
        ("is Zoloft ok", "sertraline", {"ssri", "antidepressant"}),
        ("SERTRALINE?", "sertraline", {"ssri"}),
        ("xanax", "alprazolam", {"benzodiazepine"}),
        ("percocet", "oxycodone", {"opioid"}),
        ("mitragynina", "mitragynine", {"kratom-alkaloid"}),
        ("7-OH", "7oh", {"kratom-alkaloid"}),
        ("krаtom", "kratom", set()),  # a Cyrillic а
        ("кратом", "kratom", set()),
    ],
)
def test_a_name_is_its_term_and_its_classes(reader: Reader, text: str, term: str, classes: set[str]) -> None:
    reading = reader.read(text)
    assert {term, *classes} <= reading.terms
    assert term in [mention.term for mention in reading.mentions]


def test_a_mention_says_which_words_name_it(reader: Reader) -> None:
    reading = reader.read("Hey: is seven oh worse than kratom?")
    assert [(one.term, reading.words[one.start : one.stop]) for one in reading.mentions] == [
        ("7oh", ("seven", "oh")),
        ("kratom", ("kratom",)),
    ]


def test_every_name_of_every_term_is_found(reader: Reader, library: Library) -> None:
    """Under its own term, or, where two share a name, under one that has it."""
    missed = [
        (term, name)
        for term, known in library.terms.items()
        for name in known.names
        if (found := reader.read(name).mentions) == () or found[0].stop < len(words(normal(name)))
    ]
    assert not missed


def test_the_longest_name_wins(reader: Reader) -> None:
    assert mentioned(reader, "is west virginia fine") == ["us-wv"]
    assert mentioned(reader, "is virginia fine") == ["us-va"]
    assert mentioned(reader, "7 hydroxy mitragynine") == ["7oh"]
    assert mentioned(reader, "hydroxy, and mitragynine") == ["mitragynine"]


def test_a_name_within_a_word_is_none(reader: Reader) -> None:
    assert mentioned(reader, "kratomologist texasville") == []


def test_every_state_is_a_term(reader: Reader, library: Library) -> None:
    for state in library.state_law.states:
        for name in (state.state, *state.names):
            (mention,) = reader.read(f"how about {name}?").mentions
            assert (mention.term, mention.classes) == (f"us-{state.code.lower()}", (STATE,)), name


def test_classes_of_classes_count_nearest_first_and_may_go_round(content: Path, edit: Edit) -> None:
    def change(terms: Any) -> None:
        terms["leafy"] = {"names": ["leafy"], "is": ["planty"]}
        terms["planty"] = {"names": ["planty"], "is": ["living"]}
        terms["living"] = {"names": ["living thing"], "is": ["leafy"]}

    edit("terms.yaml", change)
    (mention,) = Reader(Library.load(content)).read("a leafy one").mentions
    assert mention == Mention("leafy", ("planty", "living", "leafy"), 1, 2)


SENTENCES = {
    "en": ["is kratom bad for my liver", "I can't sleep after stopping, what do I do?", "kratom"],
    "es": ["¿el kratom daña el hígado?", "no puedo dormir desde que dejé el kratom"],
    "de": ["ist kratom schlecht für die leber", "ich kann ohne kratom nicht mehr schlafen"],
    "fr": ["est-ce que le kratom est dangereux pour le foie", "je ne dors plus depuis que j'ai arrêté"],
    "pt": ["o kratom faz mal para o fígado?", "não consigo dormir depois de parar"],
    "it": ["il kratom fa male al fegato?", "non riesco a dormire da quando ho smesso"],
    "pl": ["czy kratom szkodzi na wątrobę", "nie mogę spać po odstawieniu kratomu"],
    "nl": ["is kratom slecht voor mijn lever", "ik kan niet slapen zonder kratom"],
    "id": ["apakah kratom berbahaya untuk hati", "saya tidak bisa tidur setelah berhenti"],
    "ru": ["вреден ли кратом для печени", "не могу уснуть без кратома"],
    "th": ["กระท่อมทำลายตับไหม", "นอนไม่หลับหลังหยุดกระท่อม"],
    "ar": ["هل الكراتوم مضر بالكبد"],
    "hi": ["क्या क्रैटम लीवर के लिए बुरा है"],
    "zh": ["卡痛对肝脏有害吗", "kratom对肝脏的影响有多大"],
    "ja": ["クラトムは安全ですか", "肝臓への影響は", "肝臓障害の危険性について"],
    "ko": ["크라톰은 간에 해로운가요"],
}


@pytest.mark.parametrize(
    ("language", "sentence"), [(language, sentence) for language, all_ in SENTENCES.items() for sentence in all_]
)
def test_languages(reader: Reader, language: str, sentence: str) -> None:
    assert reader.read(sentence).language == language


def test_every_language_of_the_content_is_tried(library: Library) -> None:
    assert set(library.languages) <= set(SENTENCES)


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "7", "?!", "\u202e", "\ud83d", "x" * 100_000])
def test_what_says_nothing_is_english(reader: Reader, text: str) -> None:
    assert reader.read(text).language == "en"


@given(text=st.text(st.characters()))
def test_any_text_has_a_reading(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert (reading.normal, list(reading.words)) == (normal(text), words(normal(text)))
    ends = [0, *(end for mention in reading.mentions for end in (mention.start, mention.stop)), len(reading.words)]
    assert ends == sorted(ends)
    assert all(mention.start < mention.stop for mention in reading.mentions)
    assert reader.read(text) == reading


def test_terms_are_found_among_any_words(reader: Reader, library: Library) -> None:
    for known in library.terms.values():
        for name in known.names:
            assert mentioned(reader, f"zzqx {name.upper()}, zzqx") == mentioned(reader, name), name
