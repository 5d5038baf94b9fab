"""Waiting for something to happen in the stand-in, without polling it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Bell:
    """Rung on every change, so that whoever waits for a condition looks again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everyone who waits."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, look: Callable[[], T | None], within: float) -> T | None:
        """Take a function and a number of seconds; give its first true answer, or its last one when time is up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not (answer := look()) and loop.time() < end:
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            await asyncio.wait([future], timeout=max(0.0, end - loop.time()))
            self._waiting.discard(future)
        return answer
