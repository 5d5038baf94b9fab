"""Reading → ranked entries, each with the probability that it is what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from answers.library import Library
from answers.matching.features import features
from answers.models import Candidate
from answers.reading import Reader, Reading

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

NEAREST = (0.6, 0.25, 0.15)
"""How much an entry's nearest, second and third nearest phrasing count towards its likeness to a message."""
SLOPE, MIDDLE, MARGIN = 14.0, 0.42, 0.9
"""The logistic curve from likeness to probability, and how much the lead over the next entry counts in it."""


class Matcher:
    """Compares messages with every phrasing of every entry by the cosine of their weighted features."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self._entries = tuple(library.entries)
        known = [
            (n, features(reader.read(text)))
            for n, entry in enumerate(library.entries.values())
            for text in (entry.question, *entry.phrasings)
        ]
        self._entry_of: Ints = np.array([n for n, _ in known])
        counts: dict[str, int] = {}
        for _, found in known:
            for name in found:
                counts[name] = counts.get(name, 0) + 1
        self._rarity = {name: float(np.log((len(known) + 1) / (count + 0.5))) for name, count in counts.items()}
        postings: dict[str, list[tuple[int, float]]] = {}
        for row, (_, found) in enumerate(known):
            weighted = self._weighted(found)
            for name, weight in weighted.items():
                postings.setdefault(name, []).append((row, weight))
        self._postings: dict[str, tuple[Ints, Floats]] = {
            name: (np.array([row for row, _ in rows]), np.array([weight for _, weight in rows], dtype=np.float32))
            for name, rows in postings.items()
        }

    def rank(self, reading: Reading) -> tuple[Candidate, ...]:
        """The entries from the likeliest on, at most eight. A message with nothing in common with any has none."""
        likeness = np.zeros(len(self._entry_of), dtype=np.float32)
        for name, weight in self._weighted(features(reading)).items():
            if name in self._postings:
                rows, weights = self._postings[name]
                likeness[rows] += weights * np.float32(weight)
        scores = self._by_entry(likeness)
        order = np.argsort(-scores)[:8]
        return tuple(
            Candidate(entry=self._entries[n], confidence=_probability(float(scores[n]), _best_other(scores, order, n)))
            for n in order
            if scores[n] > 0
        )

    def _weighted(self, found: Mapping[str, float]) -> dict[str, float]:
        """Features times their rarity, as a vector of length one. Features that no phrasing has count in the length."""
        unknown = float(np.log(2 * len(self._entry_of) + 2))
        weighted = {name: weight * self._rarity.get(name, unknown) for name, weight in found.items()}
        length = float(np.sqrt(sum(weight * weight for weight in weighted.values()))) or 1.0
        return {name: weight / length for name, weight in weighted.items()}

    def _by_entry(self, likeness: Floats) -> Floats:
        scores = np.zeros(len(self._entries), dtype=np.float32)
        rest = likeness.copy()
        for share in NEAREST:
            best = np.zeros(len(self._entries), dtype=np.float32)
            np.maximum.at(best, self._entry_of, rest)
            scores += np.float32(share) * best
            rest[rest >= best[self._entry_of]] = 0
        return scores


def _best_other(scores: Floats, order: NDArray[np.int64], n: np.int64) -> float:
    return float(next((scores[other] for other in order if other != n), 0.0))


def _probability(score: float, other: float) -> float:
    lead = min(score - other, 0.1)
    return float(1 / (1 + np.exp(-SLOPE * (score - MIDDLE + MARGIN * lead))))
