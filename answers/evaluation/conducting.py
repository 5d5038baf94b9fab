"""Labelled group messages → figures: how well each label is told, and how often ordinary chat is flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from time import perf_counter
from typing import get_args

from answers.answering import Answerer
from answers.conduct_rules import Conduct, ConductLabel
from answers.evaluation.labelled import ConductMessage
from answers.evaluation.slices import Confusion, Examples, Part, Slice, example, slice_of
from answers.evaluation.statistics import Aim, Figure, milliseconds, share

HARMLESS = frozenset({"question", "fine"})
MACRO_F1 = Aim(bound="at least", value=0.85)
FLAGGED = Aim(bound="at most", value=0.02)
MEDIAN_MS = Aim(bound="at most", value=1.0)
EXAMPLES = 3


@dataclass(frozen=True)
class Judged:
    """A labelled message, the verdict on it, and the time that took in seconds."""

    line: ConductMessage
    found: Conduct
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the verdict is the label, or one that is as good."""
        return self.found.label in {self.line.label, *self.line.also}

    @property
    def asked(self) -> str:
        """The label that was due: of several as good the one that was found."""
        return self.found.label if self.right else self.line.label


def judge(answerer: Answerer, lines: Sequence[ConductMessage]) -> tuple[Judged, ...]:
    """The verdict on each message, one at a time, after one message that is not counted to warm up."""
    if lines:
        answerer.conduct(lines[0].text)
    found = []
    for line in lines:
        start = perf_counter()
        verdict = answerer.conduct(line.text, links=line.links, forwarded=line.forwarded)
        found.append(Judged(line, verdict, perf_counter() - start))
    return tuple(found)


def of_conduct(judged: Sequence[Judged]) -> Part:
    """Every figure of a set of group messages: of all, of each label, of each language.

    Ordinary chat is what is a question or fine; it is flagged where the verdict is anything else.
    """
    labels = [label for label in get_args(ConductLabel) if any(one.asked == label for one in judged)]
    by_label = {label: _of_label(label, judged) for label in labels}
    f1 = [one.figures["f1"].value for one in by_label.values()]
    seconds = [one.seconds for one in judged]
    tied = [one for one in judged if one.line.entry and one.found.label == "unsafe-claim"]
    figures = {
        "macro_f1": Figure(
            says="F1, mean of the labels", value=fmean(f1), of=len(judged), aim=MACRO_F1,
            reached=MACRO_F1.reached_by(fmean(f1)),
        ),
        "flagged": share("ordinary chat flagged", _flags(judged), FLAGGED),
        "right_entry": share("unsafe claims tied to the right entry", (_tied_right(one) for one in tied)),
        "median_ms": milliseconds("time, median", seconds, 50, MEDIAN_MS),
        "p99_ms": milliseconds("time, 99th percentile", seconds, 99),
    }  # fmt: skip
    slices: dict[str, Slice] = {"all": slice_of("group messages", "all", len(judged), figures), **by_label}
    languages = sorted({one.line.language for one in judged})
    for language in languages if len(languages) > 1 else []:
        held = [one for one in judged if one.line.language == language]
        right = {"right": share("label right", (one.right for one in held)), "flagged": _flagged(held)}
        slices[language] = slice_of(language, "language", len(held), right)
    return Part(slices=slices, confusions=_confusions(judged), examples=_examples(judged))


def _of_label(label: ConductLabel, judged: Sequence[Judged]) -> Slice:
    due = [one for one in judged if one.asked == label]
    found = [one for one in judged if one.found.label == label]
    both = sum(one.right for one in due)
    f1 = 2 * both / (len(due) + len(found))
    figures = {
        "recall": share("found, of those due", (one.right for one in due)),
        "precision": share("due, of those found", (one.right for one in found)),
        "f1": Figure(says="F1", value=f1, of=len(due)),
    }
    return slice_of(label, "label", len(due), figures)


def _flagged(judged: Sequence[Judged]) -> Figure | None:
    return share("ordinary chat flagged", _flags(judged))


def _flags(judged: Sequence[Judged]) -> list[bool]:
    return [one.found.label not in HARMLESS for one in judged if one.asked in HARMLESS or one.line.label in HARMLESS]


def _tied_right(one: Judged) -> bool:
    return one.found.entry == one.line.entry


def _confusions(judged: Sequence[Judged]) -> tuple[Confusion, ...]:
    pairs: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        if not one.right:
            pairs.setdefault((one.line.label, one.found.label), []).append(one)
    found = [
        Confusion(
            asked=asked,
            taken=taken,
            of=len(held),
            answered=len(held),
            examples=tuple(example(one, f"{one.found.confidence:.2f}") for one in held[:EXAMPLES]),
        )
        for (asked, taken), held in pairs.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.of, one.asked or "", one.taken or "")))


def _examples(judged: Sequence[Judged]) -> tuple[Examples, ...]:
    flagged = [
        example(one, f"{one.found.label}, {one.found.confidence:.2f}")
        for one in sorted(judged, key=lambda one: -one.found.confidence)
        if one.line.label in HARMLESS and one.found.label not in HARMLESS and not one.right
    ]
    return (Examples(says="Ordinary chat that was flagged", examples=tuple(flagged)),) if flagged else ()
