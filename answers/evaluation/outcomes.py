"""Labelled messages → what the Answerer said to each, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, TypeVar

from answers.answering import Answerer
from answers.evaluation.labelled import Labelled, Question
from answers.models import Reply

L = TypeVar("L", bound=Labelled)


@dataclass(frozen=True)
class Outcome(Generic[L]):
    """A labelled message, the reply to it, and the time that took in seconds (reading to Reply, all of it)."""

    line: L
    reply: Reply
    seconds: float

    @property
    def alarmed(self) -> bool:
        """Whether a crisis card was shown."""
        return self.reply.kind == "crisis"


def ask(answerer: Answerer, lines: Sequence[L]) -> tuple[Outcome[L], ...]:
    """What is said to each message, one at a time, after one message that is not counted to warm up."""
    if lines:
        answerer.reply(lines[0].text)
    found = []
    for line in lines:
        start = perf_counter()
        reply = answerer.reply(line.text)
        found.append(Outcome(line, reply, perf_counter() - start))
    return tuple(found)


def answered(outcome: Outcome[Question]) -> bool:
    """Whether one entry was given as the answer, or as what is declined."""
    return outcome.reply.kind in {"answer", "declined"}


def chosen(outcome: Outcome[Question]) -> bool:
    """Whether choices were offered."""
    return outcome.reply.kind == "choose"


def refused(outcome: Outcome[Question]) -> bool:
    """Whether nothing was answered, offered or alarmed at; a greeting returned is no answer either."""
    return outcome.reply.kind in {"no_answer", "social"}


def first(outcome: Outcome[Question]) -> str | None:
    """The entry ranked first, or given, if any."""
    reply = outcome.reply
    if reply.candidates:
        return reply.candidates[0].entry
    return reply.entry.id if reply.entry else None


def right_first(outcome: Outcome[Question]) -> bool:
    """Whether the entry ranked first is a right one."""
    return first(outcome) in outcome.line.right


def right_said(outcome: Outcome[Question]) -> bool:
    """Whether a right entry was given, or stands among the choices offered. A refusal's nearest topics do not count."""
    reply = outcome.reply
    said = {reply.entry.id} if reply.entry else set()
    if not refused(outcome):
        said |= {entry.id for entry in reply.offered}
    return not said.isdisjoint(outcome.line.right)


def wrong_said(outcome: Outcome[Question]) -> bool:
    """Whether an entry was given as the answer that is no right one. Out of scope, every entry is wrong."""
    entry = outcome.reply.entry
    return answered(outcome) and entry is not None and entry.id not in outcome.line.right
