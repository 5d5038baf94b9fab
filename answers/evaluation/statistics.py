"""Counts → figures with 95 % confidence intervals; confidences → calibration. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import fmean
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

Z95 = 1.959963984540054
"""The standard normal distribution's 97.5th percentile: 95 % lies within plus or minus this."""
BINS = 15
"""Bins of a reliability diagram, as commonly reported since Guo et al. 2017 (ICML)."""


class Frozen(BaseModel):
    """A result: a plain record that does not change."""

    model_config = ConfigDict(frozen=True)


class Aim(Frozen):
    """What a figure should be: at least, or at most, `value` (in the figure's unit)."""

    bound: Literal["at least", "at most"]
    value: float

    def reached_by(self, value: float) -> bool:
        """Whether a measured value meets it."""
        return value >= self.value if self.bound == "at least" else value <= self.value


class Figure(Frozen):
    """One measured number: `count` of `of` as a share (0 to 1) with its interval, or a value in another unit."""

    says: str
    unit: Literal["share", "error", "ms"] = "share"
    value: float
    of: int
    count: int | None = None
    low: float | None = None
    high: float | None = None
    aim: Aim | None = None
    reached: bool | None = None


class Bin(Frozen):
    """Messages of like confidence: the mean stated (0 to 1), and the share that was right, with its interval."""

    stated: float
    right: float
    low: float
    high: float
    of: int


class Calibration(Frozen):
    """The expected calibration error (0 to 1, 0 is perfect) and the bins that it is the weighted mean gap of."""

    error: float
    of: int
    bins: tuple[Bin, ...]


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share, by its score (Wilson 1927, J. Am. Stat. Assoc. 22:209-212).

    Unlike the normal approximation it is right for small samples and for shares near 0 and 1. Nothing seen: 0 to 1.
    """
    if not of:
        return 0.0, 1.0
    share, square = count / of, Z95 * Z95
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)


def share(says: str, hits: Iterable[bool], aim: Aim | None = None) -> Figure | None:
    """The share of hits, None where there was nothing to count."""
    seen = list(hits)
    if not seen:
        return None
    count, of = sum(seen), len(seen)
    low, high = wilson(count, of)
    value = count / of
    reached = aim.reached_by(value) if aim else None
    return Figure(says=says, value=value, of=of, count=count, low=low, high=high, aim=aim, reached=reached)


def milliseconds(says: str, seconds: Sequence[float], percentile: float, aim: Aim | None = None) -> Figure | None:
    """A percentile (0 to 100) of times given in seconds, in milliseconds. None where nothing was timed."""
    if not seconds:
        return None
    value = float(np.percentile(seconds, percentile)) * 1000
    reached = aim.reached_by(value) if aim else None
    return Figure(says=says, unit="ms", value=value, of=len(seconds), aim=aim, reached=reached)


def calibration(stated: Sequence[tuple[float, bool]], bins: int = BINS) -> Calibration | None:
    """Stated confidences (0 to 1) with whether each was right → the expected calibration error over equal-mass bins.

    The error is the mean of |mean confidence - share right| over the bins, weighted by their messages (Naeini, Cooper &
    Hauskrecht 2015, AAAI), with as many messages in each bin as can be (Nguyen & O'Connor 2015, EMNLP). Equal
    confidences are never parted, so the order of the messages makes no difference.
    """
    if not stated:
        return None
    made: list[Bin] = []
    for held in _equal_mass(sorted(stated), bins):
        count = sum(right for _, right in held)
        low, high = wilson(count, len(held))
        mean = fmean(confidence for confidence, _ in held)
        made.append(Bin(stated=mean, right=count / len(held), low=low, high=high, of=len(held)))
    error = sum(one.of * abs(one.stated - one.right) for one in made) / len(stated)
    return Calibration(error=error, of=len(stated), bins=tuple(made))


def _equal_mass(ordered: Sequence[tuple[float, bool]], bins: int) -> list[Sequence[tuple[float, bool]]]:
    made: list[Sequence[tuple[float, bool]]] = []
    start, of = 0, len(ordered)
    for stop in range(1, of + 1):
        full = stop * bins >= (len(made) + 1) * of
        if stop == of or (full and ordered[stop][0] != ordered[stop - 1][0]):
            made.append(ordered[start:stop])
            start = stop
    return made
