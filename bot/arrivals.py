"""What becomes of updates that come late or come again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from telegram import Message, Update

from bot.storage import Storage
from bot.written import texts

log = structlog.get_logger(__name__)

TOO_OLD = timedelta(hours=1)
"""The age from which an ordinary message is not answered: its sender will have gone on."""


def age(message: Message) -> timedelta:
    """How long ago a message was written."""
    return datetime.now(UTC) - (message.edit_date or message.date)


class Arrivals:
    """Lets updates in that are due to be handled. `is_urgent` says whether a text tells of an emergency."""

    def __init__(self, storage: Storage, is_urgent: Callable[[str], bool]) -> None:
        self._storage = storage
        self._is_urgent = is_urgent
        self._failed: set[int] = set()

    def lets_in(self, update: Update) -> bool:
        """Whether an update is to be handled: it was not handled before, and is young or an emergency."""
        if self._storage.was_handled(update.update_id):
            log.info("Telegram delivered an update again; it was handled.", update=update.update_id)
            return False
        message = update.message or update.edited_message
        if message and age(message) > TOO_OLD and not self._urgent(update):
            minutes = round(age(message).total_seconds() / 60)
            log.info("A message is too old to be answered.", update=update.update_id, minutes=minutes)
            return False
        return True

    def failed(self, update: Update) -> None:
        """An update could not be handled."""
        self._failed.add(update.update_id)

    def done(self, update: Update) -> None:
        """An update was handled. An emergency that failed is not: delivered again, it is tried again."""
        failed = update.update_id in self._failed
        self._failed.discard(update.update_id)
        if not (failed and self._urgent(update)):
            self._storage.handled(update.update_id)

    def _urgent(self, update: Update) -> bool:
        message = update.message or update.edited_message or update.channel_post or update.edited_channel_post
        return any(self._is_urgent(text) for text in texts(message)) if message else False
