"""Shows "typing …" while an answer takes long enough to be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.gates import Lane
from bot.limiter import Limiter

AFTER = 0.5
"""Seconds after which an answer would feel slow."""
AGAIN = 4.5
"""Seconds for which Telegram shows it, about."""


@asynccontextmanager
async def typing_sign(message: Message) -> AsyncIterator[None]:
    """Show in a message's chat that an answer is under way, from half a second on until the block ends.

    Not while answers wait for Telegram's limits: the sign itself would take their places.
    """
    showing = asyncio.create_task(_show(message))
    try:
        yield
    finally:
        showing.cancel()


async def _show(message: Message) -> None:
    bot = cast("ExtBot[Lane]", message.get_bot())
    await asyncio.sleep(AFTER)
    with suppress(TelegramError):
        while True:
            limiter = bot.rate_limiter
            if not isinstance(limiter, Limiter) or limiter.free(message.chat_id):
                await bot.send_chat_action(message.chat_id, ChatAction.TYPING)
            await asyncio.sleep(AGAIN)
