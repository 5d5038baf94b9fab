"""What each part of the matcher adds: it is fitted again without that part, and asked the same questions.

Run: python -m benchmarks.ablation [--files FILE …]. A fit takes a minute or two, and there are eight.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from answers import Library
from answers.evaluation import Question, read
from answers.matching import fitting
from answers.matching.features import features
from answers.matching.network import Floats, Network
from answers.matching.variations import Variations
from answers.reading import Reader, Reading
from benchmarks.growth import QUESTIONS

FILES = [QUESTIONS / "in_scope.dev.jsonl", QUESTIONS / "out_of_scope.dev.jsonl"]
WITHOUT_FEATURES = {
    "letters within words": "l",
    "pairs of stems": "p",
    "terms and their classes": "tc",
    "frames": "fg",
}
"""The parts that are kinds of features, by the first letters of their names."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Exit status 2 where the questions are not there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--files", nargs="*", type=Path, default=FILES, metavar="FILE")
    given = parser.parse_args(arguments)
    library = Library.load()
    labelled, problems = read(given.files, library)
    questions = [one for one in labelled if isinstance(one, Question)]
    if problems or not questions:
        sys.stderr.write("".join(f"{problem}\n" for problem in problems) or "There are no questions.\n")
        return 2
    _say("| without | right first | among four | in scope told from out of scope (area under the curve) |")
    _say("| --- | --- | --- | --- |")
    _measure("(nothing left out)", library, questions)
    for name, letters in WITHOUT_FEATURES.items():
        with patch.object(fitting, "features", lambda reading, letters=letters: _less(reading, letters)):
            _measure(name, library, questions, without=letters)
    with patch.object(Variations, "of", lambda *_: None):
        _measure("variations of the phrasings", library, questions)
    with patch.object(fitting, "MOST_WIDE", 0):
        _measure("the wide part", library, questions)
    _measure("messages that no entry answers", replace(library, out_of_scope=()), questions)
    return 0


def _less(reading: Reading, letters: str) -> dict[str, float]:
    return {name: weight for name, weight in features(reading).items() if name[0] not in letters}


def _measure(name: str, library: Library, questions: Sequence[Question], *, without: str = "") -> None:
    reader = Reader(library)
    network = fitting.fit(library, reader)
    scores = [network.scores(_less(reader.read(question.text), without)) for question in questions]
    asked = [(question, score) for question, score in zip(questions, scores, strict=True) if question.right]
    first = np.mean([_ranked(network, score, 1) & question.right != frozenset() for question, score in asked])
    among = np.mean([_ranked(network, score, 4) & question.right != frozenset() for question, score in asked])
    lead = np.array([score[:-1].max() - score[-1] for score in scores])
    told = _area(lead, np.array([bool(question.right) for question in questions]))
    _say(f"| {name} | {first:.1%} | {among:.1%} | {told:.3f} |")


def _ranked(network: Network, scores: Floats, most: int) -> set[str]:
    return {network.entries[n] for n in np.argsort(-scores[:-1])[:most]}


def _area(values: NDArray[np.float32], positive: NDArray[np.bool_]) -> float:
    """Area under the ROC curve, by ranks (Mann and Whitney 1947)."""
    ranks = np.argsort(np.argsort(values)) + 1
    yes, no = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - yes * (yes + 1) / 2) / (yes * no))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
