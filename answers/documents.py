"""YAML files read by YAML 1.2 rules, with the line of every field at hand for messages.

PyYAML's own rules are YAML 1.1, which turns `on` into true, `NO` into false, `0157` into 111 and a phone number into
an integer. Here text stays text: only null, true, false and plain decimal numbers are anything else (YAML 1.2, core
schema).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

try:
    from yaml import CSafeLoader as _BaseLoader
except ImportError:  # PyYAML built without libyaml: the same result, slower
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

M = TypeVar("M", bound=BaseModel)
_MAYBE_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*\w", re.MULTILINE)
Loc = Sequence[int | str]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a file: where, what, and how to mend it."""

    path: str
    line: int
    field: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        at = f" {self.field}:" if self.field else ""
        return f"{where}:{at} {self.what} {self.remedy}".rstrip()


class ContentError(Exception):
    """The content cannot be used. `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


class _Loader(_BaseLoader):
    """PyYAML's safe loader with the resolvers of YAML 1.2's core schema, refusing repeated keys."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's own name and form

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  overrides PyYAML's
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key.value}' stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)\.[0-9]*)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [c if c != "\0" else "" for c in _first]
    )


@dataclass(frozen=True)
class Document:
    """A YAML file that was read: its data, and where each field stands."""

    path: Path
    shown: str
    data: Any
    text: str = field(repr=False)

    @classmethod
    def read(cls, path: Path, *, shown: str) -> Document:
        """Read a file. `shown` is its name in messages. Raises `ContentError` when it is missing or not YAML."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ContentError(
                [Problem(shown, 0, "", "There is no such file.", "Put it back or correct its name.")]
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ContentError(
                [Problem(shown, 0, "", f"It cannot be read: {error}.", "It must be a readable file in UTF-8.")]
            ) from None
        try:
            _refuse_aliases(text)
            data = yaml.load(text, Loader=_Loader)  # noqa: S506  a safe loader
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            what = f"It is not well-formed YAML: {error.problem or error.context}."
            raise ContentError(
                [Problem(shown, line, "", what, "Look at this line's indentation, quotes and colons.")]
            ) from None
        except yaml.YAMLError as error:
            raise ContentError(
                [Problem(shown, 0, "", f"It is not YAML: {error}.", "Remove the odd characters.")]
            ) from None
        return cls(path, shown, data, text)

    def line(self, loc: Loc) -> int:
        """The line (from 1) on which the field at `loc`, or its nearest parent that exists, stands."""
        node = yaml.compose(self.text, Loader=_Loader)
        line = node.start_mark.line + 1 if node else 1
        for step in loc:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                if found is None:
                    continue  # pydantic also names union members, which are not fields
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
        return line

    def problem(self, loc: Loc, what: str, remedy: str) -> Problem:
        """A problem with the field at `loc` of this file."""
        return Problem(self.shown, self.line(loc), field_name(loc), what, remedy)

    def parse(self, model: type[M], at: Loc = ()) -> M:
        """The data at `at` as a model. Raises `ContentError` with every field that does not fit."""
        data = self.data
        for step in at:
            data = data[step]
        try:
            return model.model_validate(data)
        except ValidationError as error:
            raise ContentError([self._invalid(at, item) for item in error.errors()]) from None

    def _invalid(self, at: Loc, error: Any) -> Problem:
        loc = (*at, *error["loc"])
        kind, message = error["type"], error["msg"]
        if kind == "extra_forbidden":
            return self.problem(
                loc, f"'{loc[-1]}' is not a field that this file has.", "Correct its spelling or remove it."
            )
        if kind == "missing":
            return self.problem(
                loc, f"The field '{loc[-1]}' is missing.", "Add it; CONTRIBUTING.md shows a whole file."
            )
        if kind == "string_type":
            return self.problem(loc, "Text is due here.", "Put the value in quotes.")
        return self.problem(loc, f"{message.removeprefix('Value error, ')}.", f"It is {_short(error['input'])} now.")


def _refuse_aliases(text: str) -> None:
    """Content has no use for aliases, and a small file of nested ones stands for a huge one ("billion laughs")."""
    if _MAYBE_ALIAS.search(text):
        for token in yaml.scan(text, Loader=_Loader):
            if isinstance(token, yaml.AliasToken):
                raise yaml.MarkedYAMLError(problem="aliases (*name) are not used here", problem_mark=token.start_mark)


def field_name(loc: Loc) -> str:
    """`("answer", 0, "cites")` as people write it: `answer[1].cites` (counted from 1)."""
    name = ""
    for step in loc:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004  a line's worth
