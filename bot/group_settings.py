"""/answers, by which a group's admins say whether the bot may answer questions that nobody asked it."""

from __future__ import annotations

import structlog
from telegram import Message, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from answers.wording import InGroups
from bot.storage import Storage
from bot.store import Group, GroupChange, StoreError

log = structlog.get_logger(__name__)

LONGEST = 24 * 60
"""Minutes between two unasked answers, at most."""
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def change(update: Update, message: Message, argument: str, storage: Storage, words: InGroups) -> str:
    """Do what /answers with an argument asks for; give what to say to it. Without an argument it says how it is."""
    changes = read(argument)
    if argument and changes is None:
        return words.settings_how
    if changes and not await is_admin(message):
        return words.settings_admins
    chat, wanted = message.chat_id, changes or {}
    try:
        if wanted:
            await storage.do(lambda store: store.change_group(chat, update_id=update.update_id, **wanted))
        group = await storage.do(lambda store: store.group(chat))
    except StoreError:
        return words.settings_failed
    said = words.settings_on.format(minutes=group.unasked_every) if group.answers_unasked else words.settings_off
    hears = not group.answers_unasked or await hears_all(message)
    return said if hears else f"{said}\n\n{words.sees_some}"


def read(argument: str) -> GroupChange | None:
    """What /answers with this argument changes; None where it is none of on, off, and a number of minutes."""
    word = argument.casefold()
    if word in ("on", "off"):
        return {"answers_unasked": word == "on"}
    if word.isascii() and word.isdecimal() and 1 <= int(word) <= LONGEST:
        return {"answers_unasked": True, "unasked_every": int(word)}
    return None


async def settings(storage: Storage, chat_id: int) -> Group:
    """What a group has set; the defaults where the storage cannot be asked."""
    return await storage.ask(lambda store: store.group(chat_id), Group())


async def is_admin(message: Message) -> bool:
    """Whether an admin of a group wrote a message there, as Telegram says now. One who hides speaks as the group."""
    if message.sender_chat:
        return message.sender_chat.id == message.chat_id
    return message.from_user is not None and await _is_admin(message, message.from_user.id)


async def hears_all(message: Message) -> bool:
    """Whether the bot sees every message of this group: no privacy mode, or an admin."""
    bot = message.get_bot()
    return bool(bot.bot.can_read_all_group_messages) or await _is_admin(message, bot.id)


async def _is_admin(message: Message, user_id: int) -> bool:
    try:
        member = await message.chat.get_member(user_id)
    except TelegramError as error:
        log.info("Telegram does not say who is an admin.", error=type(error).__name__)
        return False
    return member.status in _ADMINS
