"""What a part of a report is made of: slices of figures, confusions, and examples to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from answers.evaluation.labelled import Labelled
from answers.evaluation.outcomes import Outcome
from answers.evaluation.statistics import Calibration, Figure, Frozen
from answers.text import tidy

LONGEST = 240
"""Characters of an example that are shown."""


class Slice(Frozen):
    """The figures of one part of the messages: of a group, a language, a kind. `axis` says which of these."""

    says: str
    axis: str
    of: int
    figures: dict[str, Figure]


class Example(Frozen):
    """A message that went wrong, where it stands (file:line), and what was said or decided."""

    text: str
    where: str
    said: str


class Examples(Frozen):
    """Messages that went wrong in one way."""

    says: str
    examples: tuple[Example, ...]


class Confusion(Frozen):
    """`taken` was first where `asked` was due (None: no entry), `of` times, `answered` of them given as the answer."""

    asked: str | None
    taken: str | None
    of: int
    answered: int
    examples: tuple[Example, ...]


class Part(Frozen):
    """Everything measured over the questions, or over the urgency messages."""

    slices: dict[str, Slice]
    calibration: Calibration | None = None
    confusions: tuple[Confusion, ...] = ()
    examples: tuple[Examples, ...] = ()


def slice_of(says: str, axis: str, of: int, figures: Mapping[str, Figure | None]) -> Slice:
    """A slice of the figures that could be measured."""
    return Slice(says=says, axis=axis, of=of, figures={name: one for name, one in figures.items() if one})


class _OfALine(Protocol):
    @property
    def line(self) -> Labelled: ...


def example(outcome: _OfALine, said: str) -> Example:
    """A message to read, shortened."""
    text = " ".join(tidy(outcome.line.text).split())
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return Example(text=short, where=outcome.line.where, said=said)


def because(outcome: Outcome[Any]) -> str:
    """The kind of emergency that was seen in a message, and the words that decided it."""
    urgency = outcome.reply.urgency
    return f"{urgency.kind}: {urgency.because}" if urgency else str(outcome.reply.kind)
