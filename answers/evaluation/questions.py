"""Outcomes of questions → figures per group and language, calibration, and which entry was taken for which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from answers.evaluation.labelled import Question
from answers.evaluation.outcomes import (
    Outcome,
    answered,
    chosen,
    first,
    refused,
    right_first,
    right_said,
    wrong_said,
)
from answers.evaluation.slices import Confusion, Example, Examples, Part, Slice, because, example, slice_of
from answers.evaluation.statistics import Aim, Calibration, Figure, calibration, milliseconds, share

Outcomes = Sequence[Outcome[Question]]

AIMS = {
    ("in-scope", "right_first"): Aim(bound="at least", value=0.90),
    ("in-scope", "right_said"): Aim(bound="at least", value=0.97),
    ("in-scope", "answered_wrong"): Aim(bound="at most", value=0.04),
    ("in-scope", "choices"): Aim(bound="at most", value=0.12),
    ("far", "answered_confidently"): Aim(bound="at most", value=0.01),
    ("near-miss", "answered_confidently"): Aim(bound="at most", value=0.08),
    ("all", "calibration_error"): Aim(bound="at most", value=0.05),
    ("in-scope", "crisis"): Aim(bound="at most", value=0.005),
    ("all", "median_ms"): Aim(bound="at most", value=0.7),
    ("all", "p99_ms"): Aim(bound="at most", value=3.0),
}
SAYS = {
    "all": "all questions",
    "in-scope": "in scope",
    "far": "far from the topic",
    "near-miss": "near misses",
    "language": "other languages",
    "out-of-scope": "out of scope",
}
EXAMPLES = 3


def of_questions(outcomes: Outcomes) -> Part:
    """Every figure of a set of questions. Those of `in-scope`, `far`, `near-miss` and `all` have aims."""
    slices = {"all": _slice("all", "all", outcomes)}
    for group in SAYS:
        held = [one for one in outcomes if one.line.group == group]
        if held:
            slices[group] = _slice(group, "group", held)
    languages = sorted({one.line.language for one in outcomes})
    for language in languages if len(languages) > 1 else []:
        held = [one for one in outcomes if one.line.language == language]
        slices[language] = _slice(language, "language", held)
    return Part(
        slices=slices,
        calibration=_calibration(outcomes),
        confusions=_confusions(outcomes),
        examples=_alarms(outcomes),
    )


def _slice(name: str, axis: str, held: Outcomes) -> Slice:
    asked = [one for one in held if one.line.right]
    beside = [one for one in held if not one.line.right]
    seconds = [one.seconds for one in held]
    aim = {figure: aim for (slice_, figure), aim in AIMS.items() if slice_ == name}
    figures = {
        "right_first": share("right entry first", map(right_first, asked), aim.get("right_first")),
        "right_said": share("right answer, or among the choices", map(right_said, asked), aim.get("right_said")),
        "answered_right": share("answered right", (answered(one) and not wrong_said(one) for one in asked)),
        "answered_wrong": share("answered confidently, wrong", map(wrong_said, asked), aim.get("answered_wrong")),
        "choices": share("choices offered", map(chosen, asked), aim.get("choices")),
        "refused_wrong": share("refused, wrongly", map(refused, asked)),
        "answered_confidently": share("answered all the same", map(answered, beside), aim.get("answered_confidently")),
        "choices_out_of_scope": share("choices offered all the same", map(chosen, beside)),
        "refused_right": share("refused, rightly", map(refused, beside)),
        "crisis": share("crisis card shown", (one.alarmed for one in held), aim.get("crisis")),
        "calibration_error": _error(_calibration(held), aim.get("calibration_error")),
        "median_ms": milliseconds("time, median", seconds, 50, aim.get("median_ms")),
        "p99_ms": milliseconds("time, 99th percentile", seconds, 99, aim.get("p99_ms")),
    }
    return slice_of(SAYS.get(name, name), axis, len(held), figures)


def _calibration(held: Outcomes) -> Calibration | None:
    """Over the replies that state a confidence; out of scope every first candidate is wrong."""
    stated = [(one.reply.candidates[0].confidence, right_first(one)) for one in held if one.reply.candidates]
    return calibration(stated)


def _error(found: Calibration | None, aim: Aim | None) -> Figure | None:
    if found is None:
        return None
    reached = aim.reached_by(found.error) if aim else None
    says = "calibration error"
    return Figure(says=says, unit="error", value=found.error, of=found.of, aim=aim, reached=reached)


def _confusions(outcomes: Outcomes) -> tuple[Confusion, ...]:
    """Which entry was taken for which: first those given as an answer, then the frequent.

    In scope it is the entry ranked first that counts, out of scope only one given as the answer.
    """
    pairs: dict[tuple[str | None, str | None], list[Outcome[Question]]] = defaultdict(list)
    for one in outcomes:
        if not one.alarmed and (wrong_said(one) if not one.line.right else not right_first(one)):
            pairs[one.line.entry, first(one)].append(one)
    found = [
        Confusion(
            asked=asked,
            taken=taken,
            of=len(held),
            answered=sum(map(answered, held)),
            examples=tuple(_example(one) for one in sorted(held, key=_doubt)[:EXAMPLES]),
        )
        for (asked, taken), held in pairs.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.answered, -one.of, one.asked or "", one.taken or "")))


def _doubt(one: Outcome[Question]) -> tuple[bool, float]:
    return not answered(one), -(one.reply.candidates[0].confidence if one.reply.candidates else 0.0)


def _example(one: Outcome[Question]) -> Example:
    stated = one.reply.candidates[0].confidence if one.reply.candidates else None
    return example(one, f"{one.reply.kind}, {stated:.2f}" if stated is not None else one.reply.kind)


def _alarms(outcomes: Outcomes) -> tuple[Examples, ...]:
    found = tuple(example(one, because(one)) for one in outcomes if one.alarmed)
    return (Examples(says="Crisis cards shown for ordinary questions", examples=found),) if found else ()
