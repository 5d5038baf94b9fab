"""Gates that let a number of calls through in a stretch of time, those of the crisis lane first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum


class Lane(Enum):
    """How urgent a call is. One of the crisis lane never waits behind an ordinary one."""

    ORDINARY = "ordinary"
    CRISIS = "crisis"


@dataclass(frozen=True)
class Limit:
    """At most `most` calls in any `seconds`, of which `kept` are kept for the crisis lane."""

    most: int
    seconds: float
    kept: int


class Gate:
    """Keeps to one limit.

    A call holds its place until `seconds` after its end, since it may reach the other side at any time until then. So
    the limit holds there too, however long calls are under way. Where `overdraws`, the crisis lane never waits, and
    the ordinary one pays for it later. `on_idle` is called whenever the gate is as if it were new again.
    """

    def __init__(self, limit: Limit, *, overdraws: bool = False, on_idle: Callable[[], object] = lambda: None) -> None:
        self._limit = limit
        self._overdraws = overdraws
        self._on_idle = on_idle
        self._free = limit.most
        self._waiting: dict[Lane, deque[asyncio.Future[None]]] = {
            lane: deque() for lane in (Lane.CRISIS, Lane.ORDINARY)
        }
        self._holds = 0

    @property
    def idle(self) -> bool:
        """Whether the gate is as if it were new."""
        return self._free == self._limit.most and not any(self._waiting.values()) and not self._holds

    @property
    def free(self) -> bool:
        """Whether an ordinary call would not wait."""
        return self._lets(Lane.ORDINARY) and not any(self._waiting.values())

    async def enter(self, lane: Lane, *, first: bool = False) -> bool:
        """Wait for a place, `first` of its lane if so wanted; say whether there was a wait. `leave` gives it back."""
        queue = self._waiting[lane]
        if (first or not queue) and self._lets(lane):
            self._free -= 1
            return False
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.insert(0 if first else len(queue), place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._give_back()
            with suppress(ValueError):
                queue.remove(place)
            raise
        return True

    def leave(self) -> None:
        """The call is over: its place is free again after the limit's time."""
        if self._limit.seconds:
            asyncio.get_running_loop().call_later(self._limit.seconds, self._give_back)
        else:
            self._give_back()

    def _give_back(self) -> None:
        self._free += 1
        self._open()

    def hold(self, seconds: float) -> None:
        """Let no ordinary call through for so long."""
        self._holds += 1
        asyncio.get_running_loop().call_later(seconds, self._end_hold)

    def _end_hold(self) -> None:
        self._holds -= 1
        self._open()

    def _lets(self, lane: Lane) -> bool:
        if lane is Lane.CRISIS:
            return self._overdraws or self._free > 0
        return self._free > self._limit.kept and not self._holds

    def _open(self) -> None:
        for lane, queue in self._waiting.items():
            while queue and self._lets(lane):
                place = queue.popleft()
                if not place.done():
                    self._free -= 1
                    place.set_result(None)
        if self.idle:
            self._on_idle()
