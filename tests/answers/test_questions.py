"""The labelled sets are well formed, large enough, and independent of the content and of each other."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from answers import Library
from answers.conduct.examples import read as written_examples
from answers.conduct_rules import ConductLabel
from answers.evaluation import ConductMessage, Labelled, Question, UrgencyMessage, read
from answers.library import CONTENT
from answers.models import Kind
from answers.text import normal, words

SETS = Path(__file__).parent.parent / "questions"
FILES = sorted(SETS.rglob("*.jsonl"))
LANGUAGES = {"es", "de", "fr", "pt", "it", "pl", "ru", "th", "ms", "id"}


@pytest.fixture(scope="module")
def labelled(library: Library) -> tuple[Labelled, ...]:
    lines, problems = read(FILES, library)
    assert not problems, "\n".join(map(str, problems))
    return lines


def key(text: str) -> str:
    return " ".join(words(normal(text))) or text.strip()


def test_every_set_is_there() -> None:
    names = {path.relative_to(SETS).as_posix() for path in FILES}
    halves = ("in_scope", "out_of_scope", "urgency/emergencies", "urgency/lookalikes")
    assert {f"{half}.{part}.jsonl" for half in halves for part in ("dev", "test")} <= names
    assert {
        "languages.jsonl",
        "urgency/emergencies.languages.jsonl",
        "conduct/dev.jsonl",
        "conduct/test.jsonl",
    } <= names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_line_has_only_known_fields_and_an_origin(path: Path) -> None:
    of_questions = {"text", "entry", "also", "group", "origin", "language"}
    of_urgency = {"text", "urgency", "explicit", "group", "origin", "language"}
    of_conduct = {"text", "label", "also", "entry", "links", "forwarded", "origin", "language"}
    known = {"urgency": of_urgency, "conduct": of_conduct}.get(path.parent.name, of_questions)
    for line in path.read_text("utf-8").splitlines():
        given = json.loads(line)
        assert set(given) <= known, line
        assert given["origin"].strip(), line
        assert given["text"] == given["text"].strip(), line


def test_no_line_is_a_phrasing(labelled: tuple[Labelled, ...], library: Library) -> None:
    known = {key(text): entry.id for entry in library.entries.values() for text in (entry.question, *entry.phrasings)}
    same = [f"{one.where}: is a phrasing of '{known[key(one.text)]}'" for one in labelled if key(one.text) in known]
    assert not same, "Remove these lines, or write others:\n" + "\n".join(same)


def test_no_line_stands_twice_in_any_set(labelled: tuple[Labelled, ...]) -> None:
    seen: dict[str, str] = {}
    twice = [
        f"{one.where}: stands at {first} too"
        for one in labelled
        if (first := seen.setdefault(key(one.text), one.where)) != one.where
    ]
    assert not twice, "Remove one of each:\n" + "\n".join(twice)


def test_there_are_questions_for_every_entry(labelled: tuple[Labelled, ...], library: Library) -> None:
    counts = Counter(one.entry for one in labelled if isinstance(one, Question) and one.group == "in-scope")
    assert counts.total() >= 800
    assert not [id_ for id_ in library.entries if counts[id_] < 3]


def test_there_are_enough_questions_out_of_scope_and_in_other_languages(labelled: tuple[Labelled, ...]) -> None:
    groups = Counter(one.group for one in labelled if isinstance(one, Question))
    assert groups["far"] + groups["near-miss"] >= 600
    assert groups["near-miss"] >= 250
    assert groups["language"] >= 150
    questions = [one for one in labelled if isinstance(one, Question)]
    assert not [one.where for one in questions if one.group == "language" and one.language == "en"]


def test_there_are_enough_emergencies_of_every_kind_and_language(labelled: tuple[Labelled, ...]) -> None:
    emergencies = [one for one in labelled if isinstance(one, UrgencyMessage) and one.urgency]
    assert len(emergencies) >= 600
    assert min(Counter(one.urgency for one in emergencies)[kind] for kind in Kind) >= 40
    assert min(Counter(one.language for one in emergencies)[language] for language in LANGUAGES) >= 15
    assert {one.explicit for one in emergencies if one.language == "en"} == {True, False}


def test_there_are_enough_look_alikes(labelled: tuple[Labelled, ...]) -> None:
    groups = Counter(one.group for one in labelled if isinstance(one, UrgencyMessage))
    assert groups["look-alike"] >= 800
    assert groups["ordinary"] >= 400


def test_there_are_enough_group_messages_of_every_label(labelled: tuple[Labelled, ...]) -> None:
    labels = Counter(one.label for one in labelled if isinstance(one, ConductMessage))
    assert labels.total() >= 1200
    assert min(labels[label] for label in get_args(ConductLabel)) >= 80


def test_no_group_message_is_an_example(labelled: tuple[Labelled, ...]) -> None:
    written = {key(one.text) for one in written_examples(CONTENT)}
    same = [one.where for one in labelled if isinstance(one, ConductMessage) and key(one.text) in written]
    assert not same, "Remove these examples: they were written from the sets."


@pytest.mark.parametrize("stem", ["in_scope", "out_of_scope", "urgency/emergencies", "urgency/lookalikes"])
def test_a_test_set_is_large_enough_to_tell(stem: str) -> None:
    assert len((SETS / f"{stem}.test.jsonl").read_text("utf-8").splitlines()) >= 250
