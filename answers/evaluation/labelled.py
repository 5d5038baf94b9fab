"""JSON Lines files → labelled messages, or what is wrong with each line that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from answers.conduct_rules import ConductLabel
from answers.documents import Problem
from answers.library import Library
from answers.models import Kind, Text

QUESTION = '{"text": "is kratom bad for my liver", "entry": "liver-injury", "group": "in-scope"}'
"""A question's line, shown where one is wrong. `"entry": null` stands for "no entry answers this"."""
EMERGENCY = '{"text": "he wont wake up", "urgency": "overdose", "explicit": false, "group": "emergency"}'
CONDUCT = '{"text": "dm me for the menu", "label": "vendor-promotion"}'
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class _Line(BaseModel):
    """What every labelled line has: the message, where it came from, and where it stands (`where`, file:line)."""

    model_config = ConfigDict(frozen=True)

    text: Text
    language: Language = "en"
    origin: str = ""
    where: str


class Question(_Line):
    """A message and the entry it asks for; `also` names entries that are as good. `entry` None: out of scope."""

    entry: str | None
    also: tuple[str, ...] = ()
    group: Literal["in-scope", "far", "near-miss", "language", "out-of-scope"]

    @property
    def right(self) -> frozenset[str]:
        """The entries that answer it."""
        return frozenset({self.entry, *self.also} - {None}) if self.entry else frozenset()


class UrgencyMessage(_Line):
    """A message and the kind of emergency in it, None for none. `explicit`: it says so in plain words."""

    urgency: Kind | None
    explicit: bool = False
    group: Literal["emergency", "look-alike", "ordinary"]


class ConductMessage(_Line):
    """A group message and what it does; `also` names labels that are as good, `entry` the one that corrects a claim."""

    label: ConductLabel
    also: tuple[ConductLabel, ...] = ()
    entry: str | None = None
    links: tuple[str, ...] = ()
    forwarded: bool = False


Labelled: TypeAlias = Question | UrgencyMessage | ConductMessage
EXAMPLE: dict[type[_Line], str] = {Question: QUESTION, UrgencyMessage: EMERGENCY, ConductMessage: CONDUCT}


def read(files: Sequence[Path], library: Library) -> tuple[tuple[Labelled, ...], tuple[Problem, ...]]:
    """The labelled messages of several files in order, and every line that is none, each with what mends it.

    A line with `label` is a group message, one with `entry` a question, one with `urgency` an urgency message. Fields
    that evaluation does not know are left alone, unless one looks like a known field misspelt. A file named twice is
    read once.
    """
    labelled: list[Labelled] = []
    problems: list[Problem] = []
    for path in {file.resolve(): file for file in files}.values():
        try:
            lines = path.read_bytes().splitlines()
        except OSError as error:
            what = f"It cannot be read ({error.strerror})."
            problems.append(Problem(str(path), 0, "", what, "Name a JSON Lines file that exists."))
            continue
        found = list(_each(str(path), lines, library))
        labelled += [one for one in found if not isinstance(one, Problem)]
        problems += [one for one in found if isinstance(one, Problem)]
        if not found:
            problems.append(Problem(str(path), 0, "", "There is no line in it.", f"Add lines such as {QUESTION}."))
    return tuple(labelled), tuple(problems)


def _each(path: str, lines: Sequence[bytes], library: Library) -> Iterator[Labelled | Problem]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _parsed(line, f"{path}:{number}", library)
            except _BadLine as error:
                yield Problem(path, number, error.field, error.what, error.remedy)


class _BadLine(Exception):  # noqa: N818  it becomes a Problem once its file and line are known
    def __init__(self, what: str, remedy: str, field: str = "") -> None:
        self.what, self.remedy, self.field = what, remedy, field


def _parsed(line: bytes, where: str, library: Library) -> Labelled:
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _BadLine(f"This is not JSON ({error}).", f"Write one object a line, such as {QUESTION}.") from None
    if not isinstance(given, dict):
        raise _BadLine("This is no JSON object.", f"Write one object a line, such as {QUESTION}.")
    if not {"entry", "urgency", "label"} & set(given):
        remedy = f"Add it: {QUESTION} for a question, {EMERGENCY} for urgency, {CONDUCT} for a group message."
        raise _BadLine(f"There is neither 'entry' nor 'urgency' nor 'label'{_meant(given)}.", remedy)
    model: type[Question | UrgencyMessage | ConductMessage] = UrgencyMessage if "urgency" in given else Question
    if "label" in given:
        model = ConductMessage
    _refuse_misspelt(given, model)
    if model is Question and "group" not in given:
        given["group"] = "in-scope" if given["entry"] else "out-of-scope"
    try:
        found = model.model_validate({**given, "where": where})
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        what = "It is missing." if first["type"] == "missing" else f"{first['msg']}."
        raise _BadLine(what, f"A whole line: {EXAMPLE[model]}.", field) from None
    _check(found, library)
    return found


def _check(found: Labelled, library: Library) -> None:
    if isinstance(found, UrgencyMessage):
        if (found.group == "emergency") != (found.urgency is not None):
            remedy = "Give an emergency its kind, and any other group null."
            raise _BadLine(
                f"The group is '{found.group}' and the urgency {found.urgency or 'null'}.", remedy, "urgency"
            )
        return
    if isinstance(found, ConductMessage):
        _check_entries([("entry", found.entry)], library)
        return
    if found.group in {"far", "near-miss", "out-of-scope"} and (found.entry or found.also):
        remedy = 'Correct the group, or write "entry": null.'
        raise _BadLine(f"The group is '{found.group}', but there is an entry.", remedy, "entry")
    if not found.entry and (found.group == "in-scope" or found.also):
        raise _BadLine("There is no entry for a question in scope.", "Name the entry that answers it.", "entry")
    _check_entries([("entry", found.entry), *(("also", id_) for id_ in found.also)], library)


def _check_entries(named: Sequence[tuple[str, str | None]], library: Library) -> None:
    for field, id_ in named:
        if id_ and id_ not in library.entries:
            near = get_close_matches(id_, library.entries, n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else "Name an entry's id as its file does."
            raise _BadLine(f"There is no entry '{id_}'.", remedy, field)


def _refuse_misspelt(given: dict[str, Any], model: type[_Line]) -> None:
    known = [name for name in model.model_fields if name != "where"]
    for name in given:
        if name not in {name for one in EXAMPLE for name in one.model_fields}:
            near = get_close_matches(name, known, n=1, cutoff=0.75)
            if near and near[0] not in given:
                raise _BadLine(f"There is no field '{name}'.", f"Did you mean '{near[0]}'?", name)


def _meant(given: dict[str, Any]) -> str:
    near = [name for name in given if get_close_matches(name, ["entry", "urgency", "label"], n=1, cutoff=0.6)]
    return f" (did you mean one by '{near[0]}'?)" if near else ""
