"""Values → the bars and columns that a chart draws, each with its name, its count and its label on the axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import floor

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Bar:
    """How many (of how many, where there is a whole), and the `part` of them that is set apart."""

    name: str
    count: int
    of: int = 0
    part: int = 0

    @property
    def share(self) -> float:
        """The count's share of the whole, 0 to 1."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True)
class Column:
    """One column of a histogram. `tick` is what the axis says below it; `start` is the value at its left edge."""

    name: str
    count: int
    part: int = 0
    tick: str = ""
    start: float = 0.0


def by_step(values: Iterable[float], step: float, *, to: float | None = None) -> tuple[Column, ...]:
    """Columns `step` wide from the smallest value to the largest, or on until `to` where that is larger."""
    counts = Counter(floor(value / step) for value in values)
    if not counts:
        return ()
    last = max(*counts, floor(to / step) - 1 if to is not None else min(counts))
    return tuple(
        Column(f"{n * step:g}" if step == 1 else f"{n * step:g} to {(n + 1) * step:g}", counts[n], start=n * step)
        for n in range(min(counts), last + 1)
    )


def by_month(days: Iterable[date], today: date, *, months: int = 13) -> tuple[Column, ...]:
    """What is before `today`, each of the `months` from this one on, and what is later."""
    days = tuple(days)
    first = _month(today)
    counts = Counter(min(_month(day), first + months) for day in days if day >= today)
    return (
        Column("overdue", sum(day < today for day in days), tick="!"),
        *(
            Column(f"{MONTHS[n % 12]} {n // 12}", counts[n], tick=MONTHS[n % 12][0])
            for n in range(first, first + months)
        ),
        Column("later", counts[first + months], tick="+"),
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def by_year(years: Iterable[tuple[int, bool]], today: date, *, span: int = 20) -> tuple[Column, ...]:
    """Columns of (year, whether it counts to the part): what is older, and each of the `span` years to now."""
    counts, parts = Counter[int](), Counter[int]()
    first = today.year - span + 1
    for year, is_part in years:
        shown = max(min(year, today.year), first - 1)
        counts[shown] += 1
        parts[shown] += is_part
    return (
        Column(f"before {first}", counts[first - 1], parts[first - 1], "older"),
        *(
            Column(str(year), counts[year], parts[year], str(year) if year % 5 == 0 else "")
            for year in range(first, today.year + 1)
        ),
    )
