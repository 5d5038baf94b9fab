"""What the storage gives back: plain values, without a trace of the database they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict

Verdict = Literal["yes", "no", "out-of-date", "not-in-source"]
"""What somebody said of an answer: it helped, it did not, it is out of date, its source does not say so."""
UNASKED_EVERY = 30
"""Minutes between two unasked answers in one group, where the group chose no other number."""


@dataclass(frozen=True)
class User:
    """What somebody chose: the two-letter country of their crisis lines, and the language (none: the message's)."""

    country: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Question:
    """A question that its sender gave to the curators. It does not say who that was."""

    id: int
    text: str
    language: str
    asked: datetime


@dataclass(frozen=True)
class Held:
    """Everything held about one person. `changed` is when a setting was last changed, `None` where none is held."""

    user: User
    changed: datetime | None
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Forgotten:
    """What was deleted about one person, in rows. `done` is false where that update had been handled already."""

    done: bool
    settings: int = 0
    questions: int = 0


@dataclass(frozen=True)
class FeedbackCount:
    """How many people said `verdict` of an entry's answer in the month that begins on `month`."""

    entry: str
    verdict: Verdict
    month: date
    count: int


@dataclass(frozen=True)
class Group:
    """A group's settings. `unasked_every` is in minutes; `moderators_chat` is the chat its moderators read."""

    answers_unasked: bool = False
    unasked_every: int = UNASKED_EVERY
    moderators_chat: int | None = None
    moderators_thread: int | None = None


class GroupChange(TypedDict, total=False):
    """What to change of a group's settings; what is not named stays."""

    answers_unasked: bool
    unasked_every: int
    moderators_chat: int | None
    moderators_thread: int | None
