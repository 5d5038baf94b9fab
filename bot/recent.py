"""Remembers what happened lately, in memory and within bounds."""

from __future__ import annotations

from collections.abc import Hashable
from math import inf
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Recent(Generic[K]):
    """At most `most` things, the latest, each for `seconds`."""

    def __init__(self, most: int, seconds: float = inf) -> None:
        self._most = most
        self._seconds = seconds
        self._ends: dict[K, float] = {}  # in the order in which they came

    def __contains__(self, thing: K) -> bool:
        return self._ends.get(thing, -inf) > monotonic()

    def add(self, thing: K) -> None:
        """Remember a thing from now on."""
        self._ends.pop(thing, None)
        self._ends[thing] = monotonic() + self._seconds
        if len(self._ends) > self._most:
            del self._ends[next(iter(self._ends))]

    def discard(self, thing: K) -> None:
        """Forget a thing, if it is remembered."""
        self._ends.pop(thing, None)
