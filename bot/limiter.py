"""Keeps what the bot sends within Telegram's limits: emergencies first, and what Telegram puts off is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

import structlog
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.gates import Gate, Lane, Limit

log = structlog.get_logger(__name__)

CRISIS = Lane.CRISIS
"""Marks a send of an emergency: `rate_limit_args=CRISIS`."""

OVERALL = Limit(30, seconds=1, kept=5)
CHAT = Limit(5, seconds=5, kept=1)
GROUP = Limit(20, seconds=60, kept=5)
"""What Telegram lets through: in all; in each chat, one a second with a small burst; in each group besides."""
UNLIMITED = Limit(1_000_000, seconds=0, kept=0)

MOST_TRIES = 5
"""How often a message is tried that Telegram puts off."""
LEEWAY = 0.1
"""Seconds waited beyond the time that Telegram asks for."""
LONGEST_WAIT = 600.0
"""Seconds beyond which a message that Telegram puts off is given up: its answer would come out of the blue."""

_SENDS = ("send", "copy", "forward", "edit")

Json: TypeAlias = dict[str, Any]
Result: TypeAlias = bool | Json | list[Json]


class Limiter(BaseRateLimiter[Lane]):
    """Has each call wait until it may go. The limits are what Telegram enforces unless others are given.

    A message passes the gates of its chat and then the one for all. An emergency does not wait at those of its chat,
    and goes before every ordinary message at the one for all, where places are kept for it. Other calls pass only the
    gate for all; answers to presses and queries, which must come at once, pass none. A message that Telegram puts off
    holds the ordinary ones of its chat for the time told, and is then tried again before them.

    For each lane, `waited` counts the times something had to wait and `waited_seconds` how long, `given_up` the calls
    that Telegram put off too often or for too long; those raise `RetryAfter`.
    """

    def __init__(self, overall: Limit = OVERALL, chat: Limit = CHAT, group: Limit = GROUP) -> None:
        self._overall = Gate(overall)
        self._chat, self._group = chat, group
        self._chats: dict[int | str, tuple[Gate, ...]] = {}
        self.waited = dict.fromkeys(Lane, 0)
        self.waited_seconds = dict.fromkeys(Lane, 0.0)
        self.given_up = dict.fromkeys(Lane, 0)

    @property
    def chats(self) -> int:
        """How many chats are remembered: those in which something waits or was sent of late."""
        return len(self._chats)

    def free(self, chat: int) -> bool:
        """Whether an ordinary message to a chat would not wait."""
        return self._overall.free and all(gate.free for gate in self._chats.get(chat, ()))

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(  # noqa: PLR0917  the library calls it so
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Result:
        """Make the call when it may go; give its result. Raises what the call raises, `RetryAfter` only in the end."""
        if endpoint.startswith("answer"):
            return await callback(*args, **kwargs)
        lane = rate_limit_args or Lane.ORDINARY
        chat = _chat(endpoint, data)
        for tries in range(1, MOST_TRIES + 1):
            gates = self._gates(chat)
            try:
                async with self._through((*gates, self._overall), lane, again=tries > 1):
                    return await callback(*args, **kwargs)
            except RetryAfter as refused:
                wait = _seconds(refused.retry_after) + LEEWAY
                if chat is not None:
                    self._gates(chat)[0].hold(wait)
                if chat is None or tries == MOST_TRIES or wait > LONGEST_WAIT:
                    self.given_up[lane] += 1
                    log.warning("Telegram puts a call off; it is given up.", method=endpoint, tries=tries, seconds=wait)
                    raise
            if lane is CRISIS:  # which no gate of its chat holds
                self._count(lane, wait)
                await asyncio.sleep(wait)
        raise AssertionError("The last try returns or raises.")

    def _gates(self, chat: int | str | None) -> tuple[Gate, ...]:
        if chat is None:
            return ()
        if chat not in self._chats:
            limits = (self._chat,) if isinstance(chat, int) and chat > 0 else (self._chat, self._group)
            let_go = partial(self._let_go, chat)
            self._chats[chat] = tuple(Gate(limit, overdraws=True, on_idle=let_go) for limit in limits)
        return self._chats[chat]

    def _let_go(self, chat: int | str) -> None:
        if all(gate.idle for gate in self._chats.get(chat, ())):
            self._chats.pop(chat, None)

    @asynccontextmanager
    async def _through(self, gates: Sequence[Gate], lane: Lane, *, again: bool) -> AsyncIterator[None]:
        clock = asyncio.get_running_loop().time
        started, waited, entered = clock(), False, []
        try:
            for gate in gates:
                waited |= await gate.enter(lane, first=again)
                entered.append(gate)
            if waited:
                self._count(lane, clock() - started)
            yield
        finally:
            for gate in entered:
                gate.leave()

    def _count(self, lane: Lane, seconds: float) -> None:
        self.waited[lane] += 1
        self.waited_seconds[lane] += seconds


def _chat(endpoint: str, data: dict[str, Any]) -> int | str | None:
    """The chat that a call sends something to, by its number or its @name; None for any other call."""
    chat = data.get("chat_id")
    if chat is None or not endpoint.startswith(_SENDS) or endpoint == "sendChatAction":
        return None
    try:
        return int(chat)
    except ValueError:
        return str(chat).casefold()


def _seconds(time: timedelta | int) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else time
