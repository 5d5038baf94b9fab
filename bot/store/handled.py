"""Which updates were handled lately, kept in memory and written in batches: a commit for each would be too many."""

from __future__ import annotations

import asyncio
from typing import Self

import structlog

from bot.store.errors import StoreError
from bot.store.store import Store

log = structlog.get_logger(__name__)

EVERY = 0.2
"""Seconds between two writes, at least."""
AGAIN = 5.0
"""Seconds until the next try after a failed one."""
KEPT = 100_000
"""Ids kept in memory, and waiting for a database that cannot be reached, at most. Telegram delivers far fewer anew."""


class Handled:
    """The updates handled lately. It answers at once and never fails; a database that fails is tried again.

    An id added less than `EVERY` seconds before the program is killed may be lost. What must not be done twice takes
    its `update_id` to the `Store` itself.
    """

    def __init__(self, store: Store, ids: tuple[int, ...] = ()) -> None:
        self._store = store
        self._ids = dict.fromkeys(ids)  # in the order in which they came
        self._unwritten: dict[int, None] = {}
        self._writing: asyncio.Task[None] | None = None
        self._failing = False

    @classmethod
    async def load(cls, store: Store) -> Self:
        """Begin with the latest of those in the database. Raises `StoreError` if they cannot be read."""
        return cls(store, await store.latest_handled(KEPT))

    def __contains__(self, update_id: int) -> bool:
        return update_id in self._ids

    def add(self, update_id: int) -> None:
        """Remember an update; it is written soon."""
        _put(self._ids, update_id)
        _put(self._unwritten, update_id)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_soon())

    async def close(self) -> None:
        """Write what is not written yet. Nothing is raised if that fails; it is logged."""
        if self._writing:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
            self._writing = None
        if self._unwritten:
            await self._write()

    async def _write_soon(self) -> None:
        while self._unwritten:
            await asyncio.sleep(AGAIN if self._failing else EVERY)
            await self._write()
        self._writing = None

    async def _write(self) -> None:
        batch = tuple(self._unwritten)
        try:
            await self._store.handled(batch)
        except StoreError as error:
            if not self._failing:
                log.warning("Handled updates cannot be written; trying again.", error=str(error))
            self._failing = True
            return
        self._failing = False
        for update_id in batch:
            self._unwritten.pop(update_id, None)


def _put(ids: dict[int, None], update_id: int) -> None:
    ids[update_id] = None
    if len(ids) > KEPT:
        del ids[next(iter(ids))]
