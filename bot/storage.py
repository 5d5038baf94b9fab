"""The store as the running bot uses it: answers never depend on it, and never wait long for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import TypeVar

import structlog

from bot.store import Handled, Store, StoreError

log = structlog.get_logger(__name__)

PATIENCE = 0.5
"""Seconds that an answer waits for the store."""
PAUSE = 10.0
"""Seconds for which a store that failed is not asked for settings again, so that only one answer in them is held up."""
AT_ONCE = 5
"""Ordinary questions to it at the same time; it has connections for more."""
START = 3.0
"""Seconds that the bot's start waits for it."""
DAY = 24 * 60 * 60.0
"""Seconds between two purges."""
AGAIN = 5.0
"""Seconds between two tries to open it."""
QUIET = 60.0
"""Seconds between two log lines that say the same."""

T = TypeVar("T")


class Storage:
    """Opens a store, again and again if need be, and asks it things. `url` is the setting `storage.url`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Store | None = None
        self._handled: Handled | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asleep_until = self._silent_until = float("-inf")

    async def open(self) -> None:
        """Open the store. One that is slow or fails is opened in the background, while the bot answers without it."""
        self._keeping = asyncio.create_task(self._keep())
        opened = asyncio.create_task(self._opened.wait())
        await asyncio.wait({opened}, timeout=START)
        opened.cancel()

    async def close(self) -> None:
        """Write what is not written yet, and close."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._handled:
            await self._handled.close()
        if self._store:
            await self._store.close()

    async def ask(self, work: Callable[[Store], Awaitable[T]], otherwise: T, *, first: bool = False) -> T:
        """What the store says, or `otherwise` where it cannot be asked or takes long: for what an answer waits for.

        What is asked `first`, for an emergency, waits for nothing else that is asked.
        """
        clock = asyncio.get_running_loop().time
        async with nullcontext() if first else self._places:
            if clock() < self._asleep_until:
                return otherwise
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self.do(work)
            except TimeoutError:
                self._log(StoreError("The database does not answer in time."))
            except StoreError:
                pass  # logged already
            self._asleep_until = clock() + PAUSE
            return otherwise

    async def do(self, work: Callable[[Store], Awaitable[T]]) -> T:
        """What the store does. Raises `StoreError`, which is logged, if it cannot: for what a person asked to do."""
        try:
            if self._store is None:
                raise StoreError("The database is not open.")
            return await work(self._store)
        except StoreError as error:
            self._log(error)
            raise

    def was_handled(self, update_id: int) -> bool:
        """Whether an update was handled before, as far as is known."""
        return self._handled is not None and update_id in self._handled

    def handled(self, update_id: int) -> None:
        """Remember that an update was handled."""
        if self._handled is not None:
            self._handled.add(update_id)

    async def _keep(self) -> None:
        while not await self._open():  # noqa: ASYNC110  nothing tells when a database can be reached again
            await asyncio.sleep(AGAIN)
        if self._silent_until > float("-inf"):
            log.info("The database can be used now.")
        self._opened.set()
        while True:
            with suppress(StoreError):
                await self.do(lambda store: store.purge(datetime.now(UTC)))
            await asyncio.sleep(DAY)

    async def _open(self) -> bool:
        try:
            store = await Store.open(self._url)
        except StoreError as error:
            self._log(error)
            return False
        try:
            self._handled = await Handled.load(store)
        except StoreError as error:
            self._log(error)
            await store.close()
            return False
        self._store = store
        return True

    def _log(self, error: StoreError) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._silent_until:
            self._silent_until = now + QUIET
            log.warning("The bot answers without its database.", error=str(error))
