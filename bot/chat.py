"""What the bot does with each kind of Telegram update."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatType, MessageEntityType, MessageLimit, ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from answers import Answerer, Reply
from answers.models import Entry
from answers.rendering import to_telegram, to_text
from answers.wording import Wording

log = structlog.get_logger(__name__)

OPEN = "open:"
"""Callback data of a button that opens an entry: this and the entry's id."""


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
        entry_id = context.args[0] if context.args else ""
        if entry_id in self._library.entries:
            await self._say(message, self._answerer.open(entry_id))
        else:
            examples = [self._library.entries[id_] for id_ in self._wording.telegram.examples]
            await message.reply_text(self._wording.telegram.start, reply_markup=_buttons(examples))

    async def help(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """/help."""
        await _message(update).reply_text(self._wording.telegram.help)

    async def question(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A message, or the caption of a picture, in a private chat."""
        message = _message(update)
        await self._say(message, self._answerer.reply(_text(message)))

    async def heard_in_group(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message in a group: answered when it speaks to the bot; an emergency is answered always."""
        message = _message(update)
        text = _text(message)
        addressed = _addresses(message, context.bot.username, context.bot.id)
        reply = self._answerer.reply(text.replace(f"@{context.bot.username}", "") if addressed else text)
        if addressed or reply.kind == "crisis":
            await self._say(message, reply)

    async def edited(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited message: an emergency that it now tells of is answered."""
        message = _message(update)
        reply = self._answerer.reply(_text(message))
        if reply.kind == "crisis":
            await self._say(message, reply)

    async def unreadable(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A voice message, a sticker and the like, in a private chat."""
        await _message(update).reply_text(self._wording.telegram.unsupported)

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button that opens an entry. One from an old message whose entry is gone says so."""
        query = update.callback_query
        if query is None:
            return
        entry_id = (query.data or "").removeprefix(OPEN)
        if entry_id not in self._library.entries or not isinstance(query.message, Message):
            await query.answer(self._wording.telegram.gone)
            return
        await query.answer()
        await self._say(query.message, self._answerer.open(entry_id))

    async def sorry(self, message: Message) -> None:
        """What is said in a private chat when an update could not be handled."""
        await message.reply_text(self._wording.telegram.error)

    async def _say(self, message: Message, reply: Reply) -> None:
        quoted = None
        if message.chat.type != ChatType.PRIVATE:
            quoted = ReplyParameters(message.message_id, allow_sending_without_reply=True)
        buttons = _buttons(reply.offered) if reply.offered else None
        parts = to_telegram(reply, self._library)
        for part in parts:
            last = part is parts[-1]
            try:
                await message.reply_text(
                    part,
                    parse_mode=ParseMode.HTML,
                    reply_parameters=quoted,
                    reply_markup=buttons if last else None,
                )
            except BadRequest as error:
                if "parse entities" not in error.message:
                    raise
                entry = reply.entry.id if reply.entry else None
                log.exception("Telegram refused a reply's HTML; it goes as plain text.", entry=entry)
                await self._say_plainly(message, reply)
                return

    async def _say_plainly(self, message: Message, reply: Reply) -> None:
        text, most = to_text(reply, self._library), MessageLimit.MAX_TEXT_LENGTH // 2
        for at in range(0, len(text), most):
            await message.reply_text(text[at : at + most])


def _message(update: Update) -> Message:
    message = update.effective_message
    if message is None:  # the handlers' filters let only messages through
        raise TypeError("This update has no message.")
    return message


def _text(message: Message) -> str:
    return message.text or message.caption or ""


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
