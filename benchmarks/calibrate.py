"""Fit the curves of `answers/matching/calibration.py` on the development questions, and print their figures.

Run: python -m benchmarks.calibrate
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from answers import Library
from answers.matching.calibration import Evidence
from answers.matching.features import features
from answers.matching.matcher import stored
from answers.reading import Reader

Numbers = NDArray[np.float64]
IN_SCOPE_FOR_ONE_OUT = 2.0
"""Messages in scope expected for each one that is not: people who write to this bot mostly mean it."""
QUESTIONS = Path(__file__).parents[1] / "tests/questions"


def main() -> None:
    """Print the two curves."""
    library = Library.load()
    reader, network = Reader(library), stored(library)
    if network is None:
        raise SystemExit("The stored matcher is of other content. Run: kratom-answers fit")
    rows, in_scope, right = [], [], []
    for name in ("in_scope.dev.jsonl", "out_of_scope.dev.jsonl"):
        for line in (QUESTIONS / name).read_text("utf-8").splitlines():
            question = json.loads(line)
            scores = network.scores(features(reader.read(question["text"])))
            rows.append(Evidence.of(scores))
            in_scope.append(question["entry"] is not None)
            first = network.entries[int(np.argmax(scores[:-1]))]
            right.append(first in {question["entry"], *question.get("also", [])})
    evidence = np.array([[row.any_entry, row.first, row.lead] for row in rows])
    asked, correct = np.array(in_scope), np.array(right)
    weight = np.where(asked, IN_SCOPE_FOR_ONE_OUT * (~asked).sum() / asked.sum(), 1.0)
    _print("IN_SCOPE", evidence[:, [0, 2]], asked, weight)
    _print("RIGHT", evidence[asked][:, [1, 2]], correct[asked], np.ones(asked.sum()))


def _print(name: str, x: Numbers, y: NDArray[np.bool_], weight: Numbers) -> None:
    curve = LogisticRegression(C=10.0).fit(x, y, sample_weight=weight)
    values = [float(curve.intercept_[0]), *map(float, curve.coef_[0])]
    sys.stdout.write(f"{name} = ({', '.join(f'{value:.3f}' for value in values)})\n")


if __name__ == "__main__":
    main()
