"""Scores → probabilities that mean what they say.

Two logistic curves (Platt 1999): how likely a message is in scope at all, and, if it is, how likely the entry with the
highest score is right. Fitted on the development questions by `python -m benchmarks.calibrate`, which prints these
figures again; they hold for any network of this form, since they look at no single entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from answers.matching.network import Floats

IN_SCOPE = (-2.055, 0.916, 0.255)
"""Intercept, and weights of the log-odds against none of the entries and of the lead over the second entry."""
RIGHT = (0.160, 0.454, 1.177)
"""Intercept, and weights of the log-odds of the first entry among all and of its lead over the second."""
_FURTHEST = 12.0
"""Log-odds beyond this tell nothing more."""


@dataclass(frozen=True)
class Evidence:
    """What the curves look at: log-odds of any entry against none, of the first among all, and its lead."""

    any_entry: float
    first: float
    lead: float

    @classmethod
    def of(cls, scores: Floats) -> Evidence:
        """From a network's scores, of which the last is that of no entry."""
        entries = np.sort(scores[:-1])[::-1].astype(np.float64)
        total = _log_sum(entries)
        rest = _log_sum(entries[1:])
        return cls(
            any_entry=float(np.clip(total - scores[-1], -_FURTHEST, _FURTHEST)),
            first=float(np.clip(entries[0] - rest, -_FURTHEST, _FURTHEST)),
            lead=float(min(entries[0] - entries[1], _FURTHEST)) if len(entries) > 1 else _FURTHEST,
        )


def in_scope(evidence: Evidence) -> float:
    """The probability that some entry answers the message."""
    return _logistic(IN_SCOPE, evidence.any_entry, evidence.lead)


def right(evidence: Evidence) -> float:
    """The probability that the entry with the highest score is the right one, if any is."""
    return _logistic(RIGHT, evidence.first, evidence.lead)


def _logistic(curve: tuple[float, float, float], first: float, second: float) -> float:
    return float(1 / (1 + np.exp(-(curve[0] + curve[1] * first + curve[2] * second))))


def _log_sum(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    if not len(values):
        return -_FURTHEST
    return float(values[0] + np.log(np.exp(values - values[0]).sum()))
