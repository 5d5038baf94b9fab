"""What any text is set out in before a channel puts its own marks on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Cite:
    """A citation as shown: the number of its source in this reply, the address, and where in the source."""

    number: int
    url: str
    at: str | None


@dataclass(frozen=True)
class Line:
    """A line of a block: a sentence or two with their citations. `url` makes the whole line a link."""

    text: str
    cites: tuple[Cite, ...] = ()
    url: str | None = None


@dataclass(frozen=True)
class Block:
    """A heading, if any, over lines. Lines of `prose` run on; `steps` are numbered; `list` and `sources` stand apart.

    A `folded` block holds details that a reader may open. Numbers count from `start`.
    """

    lines: tuple[Line, ...]
    heading: str | None = None
    form: Literal["prose", "steps", "list", "sources"] = "prose"
    folded: bool = False
    start: int = 1
