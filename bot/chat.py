"""What the bot does with each kind of Telegram update."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatType, MessageEntityType, MessageLimit, ParseMode
from telegram.error import BadRequest, RetryAfter
from telegram.ext import ContextTypes

from answers import Answerer, Reply
from answers.models import Entry
from answers.rendering import to_telegram, to_text
from answers.wording import Wording

log = structlog.get_logger(__name__)

OPEN = "open:"
"""Callback data of a button that opens an entry: this and the entry's id."""
MOST_TRIES = 5
"""How often a reply is tried that Telegram puts off."""
LEEWAY = 0.1
"""Seconds waited beyond the time that Telegram asks for."""
ALBUM = "album"
"""In a chat's data: the album of which something came last. Each picture of an album comes as a message."""


class Chat:
    """Answers people in private, and in groups when it is addressed or when a message is an emergency."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._library = answerer.library

    @property
    def _wording(self) -> Wording:
        return self._library.wording["en"]

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start, or /start with the id of an entry (a deep link), which opens it."""
        message = _message(update)
        given = " ".join(context.args or ())
        if given in self._library.entries:
            await self._say(message, self._answerer.open(given))
        elif not await self._says_if_crisis(message, given):
            examples = [self._library.entries[id_] for id_ in self._wording.telegram.examples]
            await message.reply_text(self._wording.telegram.start, reply_markup=_buttons(examples))

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/help."""
        message = _message(update)
        if not await self._says_if_crisis(message, " ".join(context.args or ())):
            await message.reply_text(self._wording.telegram.help)

    async def question(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message, or the caption of a picture, in a private chat."""
        message = _message(update)
        _continues_album(message, context)
        await self._say(message, self._answerer.reply(_text(message)))

    async def heard_in_group(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message in a group: answered when it speaks to the bot; an emergency is answered always."""
        message = _message(update)
        text = _text(message)
        addressed = _addresses(message, context.bot.username, context.bot.id)
        if addressed:
            text = re.sub(f"@{context.bot.username}", "", text, flags=re.IGNORECASE)
        reply = self._answerer.reply(text)
        if addressed or reply.kind == "crisis":
            await self._say(message, reply)

    async def edited(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited message: an emergency that it now tells of is answered."""
        message = _message(update)
        await self._says_if_crisis(message, _text(message))

    async def unreadable(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A voice message, a sticker and the like, in a private chat."""
        message = _message(update)
        if not _continues_album(message, context):
            await message.reply_text(self._wording.telegram.unsupported)

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button that opens an entry. One from an old message whose entry is gone says so."""
        query = update.callback_query
        if query is None:
            return
        entry_id = (query.data or "").removeprefix(OPEN)
        found = query.message if entry_id in self._library.entries and isinstance(query.message, Message) else None
        try:
            await query.answer(None if found else self._wording.telegram.gone)
        except BadRequest as error:  # pressed while the bot was down: the entry is still wanted
            if "query is too old" not in error.message.casefold():
                raise
        if found:
            await self._say(found, self._answerer.open(entry_id))

    async def sorry(self, message: Message) -> None:
        """What is said in a private chat when an update could not be handled."""
        await message.reply_text(self._wording.telegram.error)

    async def _says_if_crisis(self, message: Message, text: str) -> bool:
        reply = self._answerer.reply(text)
        if reply.kind == "crisis":
            await self._say(message, reply)
        return reply.kind == "crisis"

    async def _say(self, message: Message, reply: Reply) -> None:
        quoted = None
        if message.chat.type != ChatType.PRIVATE:
            quoted = ReplyParameters(message.message_id, allow_sending_without_reply=True)
        buttons = _buttons(reply.offered) if reply.offered else None
        try:
            await _send(message, to_telegram(reply, self._library), ParseMode.HTML, quoted, buttons)
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            entry = reply.entry.id if reply.entry else None
            log.exception("Telegram refused a reply's HTML; it goes as plain text.", entry=entry)
            text, most = to_text(reply, self._library), MessageLimit.MAX_TEXT_LENGTH // 2
            plain = [text[at : at + most] for at in range(0, len(text), most)]
            await _send(message, plain, None, quoted, buttons)


async def _send(
    message: Message,
    parts: Sequence[str],
    parse_mode: ParseMode | None,
    quoted: ReplyParameters | None,
    buttons: InlineKeyboardMarkup | None,
) -> None:
    """Send the parts of a reply, the last one with the buttons."""
    for number, part in enumerate(parts, start=1):
        markup = buttons if number == len(parts) else None
        for tries in reversed(range(MOST_TRIES)):
            try:
                await message.reply_text(part, parse_mode=parse_mode, reply_parameters=quoted, reply_markup=markup)
                break
            except RetryAfter as refused:  # only this chat waits; the others go on
                if not tries:
                    raise
                await asyncio.sleep(_seconds(refused.retry_after) + LEEWAY)


def _seconds(time: timedelta | int) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else time


def _message(update: Update) -> Message:
    message = update.effective_message
    if message is None:  # the handlers' filters let only messages through
        raise TypeError("This update has no message.")
    return message


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def _continues_album(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether something of this message's album came just before."""
    album, chat = message.media_group_id, context.chat_data
    if album is None or chat is None:
        return False
    continues = chat.get(ALBUM) == album
    chat[ALBUM] = album
    return bool(continues)


def _addresses(message: Message, username: str, bot_id: int) -> bool:
    """Whether a group message names the bot or answers one of its messages."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == bot_id:
        return True
    named = {
        **message.parse_entities([MessageEntityType.MENTION]),
        **message.parse_caption_entities([MessageEntityType.MENTION]),
    }
    return any(name.casefold() == f"@{username}".casefold() for name in named.values())


def _buttons(entries: Sequence[Entry]) -> InlineKeyboardMarkup:
    """A button a row for each entry."""
    rows = [[InlineKeyboardButton(entry.question, callback_data=f"{OPEN}{entry.id}")] for entry in entries]
    return InlineKeyboardMarkup(rows)
