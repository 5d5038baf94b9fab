"""What the bot does when it is added to a group, given or denied rights there, removed, or the group moves."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, InlineKeyboardMarkup, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from answers import Library
from bot.deep_links import into_private
from bot.groups import Groups
from bot.recent import Recent
from bot.sending import message_of, send
from bot.storage import Storage
from bot.store import StoreError

log = structlog.get_logger(__name__)

MOVES_WITHIN = 0.5
"""Seconds waited before a greeting: a group that becomes a supergroup looks at first as if the bot were added anew."""
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


class Membership:
    """Greets groups once and forgets those that the bot has left."""

    def __init__(self, library: Library, groups: Groups, storage: Storage) -> None:
        self._library = library
        self._groups = groups
        self._storage = storage
        self._new: set[int] = set()
        self._moved_to = Recent[int](1_000)

    async def changed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What the bot is in a chat has changed. Channels and people are told nothing of it."""
        change = update.my_chat_member
        if change is None or change.chat.type not in _GROUPS:
            return
        chat = change.chat.id
        was, is_ = _inside(change.old_chat_member), _inside(change.new_chat_member)
        if is_ and not was and _may_write(change.new_chat_member):
            self._new.add(chat)
            context.application.create_task(self._greet(change), update)
        elif was and not is_:
            self._new.discard(chat)
            self._groups.left(chat)
            with suppress(StoreError):  # it was logged
                await self._storage.do(lambda store: store.forget_group(chat))

    async def migrated(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A group has become a supergroup with another id. Telegram says so in both."""
        message = message_of(update)
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        self._moved_to.add(new)
        self._groups.moved(old, new)
        with suppress(StoreError):
            await self._storage.do(lambda store: store.migrate_group(old, new))

    async def _greet(self, change: ChatMemberUpdated) -> None:
        await asyncio.sleep(MOVES_WITHIN)
        chat, bot = change.chat, change.get_bot()
        if chat.id not in self._new or chat.id in self._moved_to:
            return
        self._new.discard(chat.id)
        language = (change.from_user.language_code or "en")[:2]
        say = self._library.wording.get(language, self._library.wording["en"]).telegram.groups
        private = InlineKeyboardMarkup.from_button(into_private(say.in_private, bot.username))
        try:
            me = await bot.get_me()  # privacy mode may have changed since the start, and counts from now on
            is_admin = change.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR
            rights = say.sees_all if me.can_read_all_group_messages or is_admin else say.sees_some
            await send(bot, chat.id, f"{say.hello}\n\n{rights}", reply_markup=private)
        except TelegramError as error:  # where nobody but admins may write, say
            log.info("A group could not be greeted.", error=type(error).__name__)


def _inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def _may_write(member: ChatMember) -> bool:
    return not isinstance(member, ChatMemberRestricted) or member.can_send_messages
