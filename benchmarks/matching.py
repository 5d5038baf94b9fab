"""`make bench`: the matcher beside plain ones over the same phrasings, and how it grows, as Markdown tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from answers import Answerer, Library
from answers.evaluation import Question, read
from answers.evaluation.statistics import wilson
from benchmarks.growth import QUESTIONS, measured_apart

TOP = 4
SIZES = (131, 1_000, 5_000)
Rank = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One matcher: of `of` questions, how many had a right entry first and among four; times in ms; ready in s."""

    name: str
    first: int
    top: int
    of: int
    median: float
    p99: float
    ready: float

    def __str__(self) -> str:
        low, high = wilson(self.first, self.of)
        first = f"{self.first / self.of:.1%} ({low:.1%} to {high:.1%})"
        times = f"{self.median:.2f} ms | {self.p99:.2f} ms | {self.ready:.1f} s"
        return f"| {self.name} | {first} | {self.top / self.of:.1%} | {times} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables. Exit status 2 where the questions, or the libraries to compare with, are not there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[QUESTIONS / "in_scope.test.jsonl"], metavar="FILE")
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES, help="numbers of entries to grow to")
    given = parser.parse_args(arguments)
    library = Library.load()
    labelled, problems = read(given.files, library)
    questions = [one for one in labelled if isinstance(one, Question) and one.right]
    if problems or not questions:
        sys.stderr.write("".join(f"{problem}\n" for problem in problems) or "There is no question in scope.\n")
        return 2
    try:
        from benchmarks.rivals import RIVALS
    except ModuleNotFoundError as error:
        sys.stderr.write(f"'{error.name}' is missing. Install what is compared with: pip install -e '.[bench]'\n")
        return 2
    known = [(id_, text) for id_, entry in library.entries.items() for text in (entry.question, *entry.phrasings)]
    _say(f"{len(questions)} questions in scope, {len(library.entries)} entries, {len(known)} phrasings.\n")
    _say("| matcher | right first (95 %) | among four | median | 99th percentile | ready in |")
    _say("| --- | --- | --- | --- | --- | --- |")
    _say(_row("kratom-answers", lambda: _ours(library), questions))
    for name, make in RIVALS.items():
        _say(_row(name, lambda make=make: make(known).rank, questions))  # type: ignore[misc]
    _grow(given.sizes)
    return 0


def _grow(sizes: Sequence[int]) -> None:
    if sizes:
        _say("\n| entries | phrasings | median | 99th percentile | ready in | peak memory |")
        _say("| --- | --- | --- | --- | --- | --- |")
    for size in sizes:
        one = measured_apart(size)
        times = f"{one.median:.2f} ms | {one.p99:.2f} ms | {one.ready:.1f} s"
        _say(f"| {one.entries:,} | {one.phrasings:,} | {times} | {one.memory:.0f} MB |")


def _ours(library: Library) -> Rank:
    answerer = Answerer(library)
    return lambda text: [one.entry for one in answerer.reply(text).candidates]


def _row(name: str, make: Callable[[], Rank], questions: Sequence[Question]) -> Row:
    start = perf_counter()
    rank = make()
    rank(questions[0].text)
    ready = perf_counter() - start
    first = top = 0
    seconds = []
    for question in questions:
        start = perf_counter()
        ranked = rank(question.text)
        seconds.append(perf_counter() - start)
        first += not question.right.isdisjoint(ranked[:1])
        top += not question.right.isdisjoint(ranked[:TOP])
    p99 = float(np.percentile(seconds, 99)) * 1000
    return Row(name, first, top, len(questions), median(seconds) * 1000, p99, ready)


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
