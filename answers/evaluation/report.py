"""Labelled messages → one report of every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from answers.answering import Answerer
from answers.documents import Problem
from answers.evaluation.conducting import judge, of_conduct
from answers.evaluation.emergencies import of_urgency
from answers.evaluation.labelled import ConductMessage, Labelled, Question, UrgencyMessage
from answers.evaluation.outcomes import ask
from answers.evaluation.questions import of_questions
from answers.evaluation.slices import Part, Slice
from answers.evaluation.statistics import Figure, Frozen


class Report(Frozen):
    """What was measured. `files` names those read; `problems` every line that could not be, as text with file:line."""

    files: tuple[str, ...]
    problems: tuple[str, ...]
    questions: Part | None
    urgency: Part | None
    conduct: Part | None

    def headline(self) -> Iterator[tuple[Slice, Figure]]:
        """The figures that have an aim, each with the slice it is of."""
        for part in (self.questions, self.urgency, self.conduct):
            for one in part.slices.values() if part else ():
                yield from ((one, figure) for figure in one.figures.values() if figure.aim)


def evaluate(answerer: Answerer, labelled: Sequence[Labelled], problems: Sequence[Problem] = ()) -> Report:
    """Ask every message and count. `problems` are the lines that could not be read; the report carries them along."""
    questions = ask(answerer, [one for one in labelled if isinstance(one, Question)])
    urgency = ask(answerer, [one for one in labelled if isinstance(one, UrgencyMessage)])
    conduct = judge(answerer, [one for one in labelled if isinstance(one, ConductMessage)])
    return Report(
        files=tuple(dict.fromkeys(one.where.rpartition(":")[0] for one in labelled)),
        problems=tuple(map(str, problems)),
        questions=of_questions(questions) if questions else None,
        urgency=of_urgency(urgency) if urgency else None,
        conduct=of_conduct(conduct) if conduct else None,
    )
