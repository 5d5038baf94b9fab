"""What happens when an update could not be handled."""

from __future__ import annotations

import logging
from contextlib import suppress

import structlog
from telegram import Update
from telegram.constants import ChatType
from telegram.error import Conflict, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ContextTypes

from bot.arrivals import Arrivals
from bot.private import PrivateChat

log = structlog.get_logger(__name__)

CONFLICT = "conflict"
"""Set in the application's data when another program polls with the same token."""


class Failures:
    """Decides what is said, logged or forgotten. Nothing is sent twice."""

    def __init__(self, arrivals: Arrivals, private: PrivateChat) -> None:
        self._arrivals = arrivals
        self._private = private

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An update, or the fetching of updates, went wrong."""
        error = context.error
        if isinstance(update, Update):
            self._arrivals.failed(update)
        if isinstance(error, Conflict):
            context.bot_data[CONFLICT] = True
            logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)  # its last fetch is refused likewise
            context.application.stop_running()
        elif isinstance(error, NetworkError) and update is None:
            unreachable(error)
        elif isinstance(error, Forbidden):
            log.info("A reply was not wanted: the bot is blocked or was removed.")
            if isinstance(update, Update) and update.effective_chat:
                self._private.states.forget(update.effective_chat.id)
        elif isinstance(error, TimedOut):
            log.warning("Telegram did not confirm a reply in time; it may be there or not.")
        else:
            log.error("An update could not be handled.", exc_info=error)
            await self._own_up(update, error)

    async def _own_up(self, update: object, error: Exception | None) -> None:
        message = update.effective_message if isinstance(update, Update) else None
        if message and message.chat.type == ChatType.PRIVATE and not isinstance(error, RetryAfter):
            with suppress(TelegramError):
                await self._private.chat.sorry(message)


def unreachable(error: NetworkError) -> None:
    """Say that Telegram cannot be reached."""
    log.warning("Telegram cannot be reached; trying again.", error=type(error).__name__)
