"""In which order updates are handled."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.written import texts

log = structlog.get_logger(__name__)

AT_ONCE = 256
"""Ordinary updates handled at the same time."""


class InTurn(BaseUpdateProcessor):
    """Handles many updates at once, but those of one chat one after the other. An emergency waits for nothing.

    `is_urgent` takes a text and says whether it tells of an emergency. It is asked only about an update that would have
    to wait, and an error in it counts as yes. `at_once` is how many ordinary updates are handled at the same time.

    Working out an answer keeps the event loop busy for milliseconds. Only one is begun in each round of the loop, so
    that in between answers are sent, the next updates come in, and an emergency among them is handled.
    """

    def __init__(self, is_urgent: Callable[[str], bool], at_once: int = AT_ONCE) -> None:
        super().__init__(max_concurrent_updates=sys.maxsize)  # the library's own queue knows no emergencies
        self._is_urgent = is_urgent
        self._at_once = at_once
        self._places = asyncio.Semaphore(at_once)
        self._beginning = asyncio.Lock()
        self._inside = 0
        self._chats: dict[int, _Turn] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Wait for this chat's turn and a free place, unless it is an emergency; then handle the update."""
        chat = update.effective_chat.id if isinstance(update, Update) and update.effective_chat else None
        if (self._inside >= self._at_once or chat in self._chats) and self._urgent(update):
            await coroutine
            return
        self._inside += 1
        try:
            async with self._turn(chat), self._places:
                async with self._beginning:
                    await asyncio.sleep(0)
                await coroutine
        finally:
            self._inside -= 1

    @asynccontextmanager
    async def _turn(self, chat: int | None) -> AsyncIterator[None]:
        if chat is None:
            yield
            return
        turn = self._chats.setdefault(chat, _Turn())
        turn.takers += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.takers -= 1
            if not turn.takers:
                del self._chats[chat]

    def _urgent(self, update: object) -> bool:
        try:
            return any(self._is_urgent(text) for text in _texts(update))
        except Exception as error:  # noqa: BLE001  an error in deciding urgency counts as urgent
            log.error("An update could not be judged; it goes first.", error=type(error).__name__)  # noqa: TRY400  its words may hold the message's
            return True


@dataclass
class _Turn:
    """A chat's turn, and how many updates have it or wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    takers: int = 0


def _texts(update: object) -> list[str]:
    """What a person wrote in an update. The message of a pressed button is the bot's own and not among it."""
    if not isinstance(update, Update):
        return []
    query = update.inline_query.query if update.inline_query else ""
    message = None if update.callback_query else update.effective_message
    return [*(texts(message) if message else ()), *((query,) if query else ())]
