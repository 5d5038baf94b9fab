"""Emergencies in groups and channels: who is answered, how often, and how moderators learn of it."""

from __future__ import annotations

import asyncio

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from answers import Library, Reply
from answers.models import Urgency
from bot.deep_links import under
from bot.group_settings import settings
from bot.limiter import CRISIS
from bot.recent import Recent
from bot.sending import Sender, send
from bot.storage import Storage
from bot.written import author, identity

log = structlog.get_logger(__name__)

AGAIN = 600.0
"""Seconds in which one person gets one kind of card once in a group, unless they speak to the bot."""
MOST = 10_000
"""How many messages, and how many people, are remembered."""


class Alarms:
    """Answers emergencies where others read along: one gentle reply to each, and none twice."""

    def __init__(self, library: Library, sender: Sender, storage: Storage) -> None:
        self._library = library
        self._sender = sender
        self._storage = storage
        self._answered = Recent[tuple[int, int]](MOST)
        self._helped = Recent[tuple[int, int | None, str]](MOST, AGAIN)

    def answered(self, message: Message) -> bool:
        """Whether the emergency that a message tells of was answered."""
        return identity(message) in self._answered

    async def answer(self, message: Message, reply: Reply, *, quoting: Message, asked: bool) -> None:
        """Reply to the message that tells of an emergency, `quoting` it, and tell the group's moderators.

        `message` is the one that came: it, or one that quotes it. Whoever `asked` the bot is answered however often.
        """
        urgency = reply.urgency
        if urgency is None:
            raise ValueError("This reply is to no emergency.")
        who = (message.chat_id, author(quoting), urgency.card)
        if self.answered(quoting) or (who in self._helped and not asked):
            return
        self._answered.add(identity(quoting))
        self._helped.add(who)
        told = self._tell_moderators(quoting, urgency, reply.language)
        await asyncio.gather(self._help(message, reply, quoting, who), told)

    async def _help(self, message: Message, reply: Reply, quoting: Message, who: tuple[int, int | None, str]) -> None:
        buttons = under(reply, self._library, message.get_bot().username)
        try:
            sent = await self._sender.say(message, reply, view="brief", buttons=buttons, quoting=quoting)
        except TelegramError:
            self._answered.discard(identity(quoting))
            self._helped.discard(who)
            raise
        for one in sent:
            self._answered.add(identity(one))  # its copy in a discussion group reads like an emergency, too

    async def _tell_moderators(self, message: Message, urgency: Urgency, language: str) -> None:
        """Say what may have happened and where, without a word of the message."""
        group = await settings(self._storage, message.chat_id)
        if group.moderators_chat is None:
            return
        words = self._library.wording.get(language, self._library.wording["en"]).telegram.groups
        link = InlineKeyboardButton(words.alarm_link, url=message.link) if message.link else None
        try:
            await send(
                message.get_bot(),
                group.moderators_chat,
                words.alarm[urgency.kind].format(group=message.chat.effective_name),
                message_thread_id=group.moderators_thread,
                reply_markup=InlineKeyboardMarkup.from_button(link) if link else None,
                rate_limit_args=CRISIS,
            )
        except TelegramError as error:
            log.warning("A group's moderators could not be told of an emergency.", error=type(error).__name__)
