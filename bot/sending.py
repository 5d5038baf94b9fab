"""Sends replies to a chat. The one place that turns a reply into messages of Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import structlog
from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatType, MessageLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, TimedOut

from answers import Library, Reply
from answers.rendering import to_telegram, to_text
from answers.rendering.blocks import View
from bot.gates import Lane
from bot.limiter import CRISIS

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """Where a message of the bot stands."""

    bot: Bot
    chat_id: int
    message_id: int

    @classmethod
    def of(cls, message: Message) -> Self:
        """The place of a message."""
        return cls(message.get_bot(), message.chat_id, message.message_id)


class Sender:
    """Sends what a library's replies say."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._rendered: dict[tuple[object, ...], list[str]] = {}

    def _parts(self, reply: Reply, view: View, opening: str | None, closing: str | None) -> list[str]:
        """The messages of a reply. Those of an entry, which are the same for everyone of a day, are kept."""
        today = date.today()  # noqa: DTZ011  the reader's day, not an instant
        of_one_message = reply.card or reply.urgency or reply.state or reply.lines or opening or closing
        if not reply.entry or of_one_message:
            return to_telegram(reply, self._library, view=view, today=today, opening=opening, closing=closing)
        key = (reply.entry.id, reply.entry.language, reply.language, reply.country, view, today)
        if key not in self._rendered:
            if any(kept[-1] != today for kept in self._rendered):
                self._rendered.clear()
            self._rendered[key] = to_telegram(reply, self._library, view=view, today=today)
        return self._rendered[key]

    async def say(
        self,
        message: Message,
        reply: Reply,
        *,
        view: View = "whole",
        buttons: InlineKeyboardMarkup | None = None,
        quoting: Message | None = None,
        opening: str | None = None,
        closing: str | None = None,
    ) -> list[Message]:
        """Send a reply to the chat and topic of a message; give what was sent. The last part carries the buttons.

        It is sent as an answer to the message it is `quoting`, in a group at least to that message. `opening` and
        `closing` are said before and after it. One whose HTML Telegram refuses goes as plain text. An emergency goes
        before everything else.
        """
        lane = CRISIS if reply.urgency else None
        try:
            parts = self._parts(reply, view, opening, closing)
            return await _send(message, parts, ParseMode.HTML, buttons, lane=lane, quoting=quoting)
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            entry = reply.entry.id if reply.entry else None
            log.exception("Telegram refused a reply's HTML; it goes as plain text.", entry=entry)
            said = filter(None, (opening, to_text(reply, self._library, view=view), closing))
            text, most = "\n\n".join(said), MessageLimit.MAX_TEXT_LENGTH // 2
            plain = [text[at : at + most] for at in range(0, len(text), most)]
            return await _send(message, plain, None, buttons, lane=lane, quoting=quoting)

    async def change(
        self,
        place: Place,
        reply: Reply,
        *,
        view: View = "whole",
        page: int = 0,
        buttons: InlineKeyboardMarkup | None = None,
        closing: str | None = None,
    ) -> bool:
        """Have a message of the bot show one page of a reply. False where Telegram no longer lets it be changed.

        That it shows just this already is no error.
        """
        parts = self._parts(reply, view, None, closing)
        html = parts[min(page, len(parts) - 1)]
        try:
            return await edit(place, html, ParseMode.HTML, reply_markup=buttons)
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            log.exception("Telegram refused a reply's HTML; it goes as plain text.")
            text = "\n\n".join(filter(None, (to_text(reply, self._library, view=view), closing)))
            return await edit(place, text[: MessageLimit.MAX_TEXT_LENGTH // 2], reply_markup=buttons)

    async def tell(
        self,
        message: Message,
        *parts: str,
        parse_mode: ParseMode | None = None,
        buttons: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Send texts, plain unless said, to the chat and topic of a message; in a group as answers to it."""
        await _send(message, parts, parse_mode, buttons, lane=None)


async def edit(place: Place, text: str, parse_mode: ParseMode | None = None, **options: Any) -> bool:
    """Have a message of the bot say another text. False where Telegram no longer lets it be changed.

    That it says just this already is no error. Takes what `edit_message_text` takes.
    """
    try:
        await place.bot.edit_message_text(text, place.chat_id, place.message_id, parse_mode=parse_mode, **options)
    except BadRequest as error:
        if cannot_change(error):
            return False
        if not is_unchanged(error):
            raise
    return True


def cannot_change(error: BadRequest) -> bool:
    """Whether Telegram says that a message is gone or can no longer be changed."""
    said = error.message.casefold()
    return "message to edit not found" in said or "can't be edited" in said


def is_unchanged(error: BadRequest) -> bool:
    """Whether Telegram says that a message is as it is wanted already."""
    return "not modified" in error.message.casefold()


async def send(bot: Bot, chat_id: int, text: str, **options: Any) -> Message:
    """Send one message, after a group has become a supergroup to where it is now. Takes what `send_message` takes.

    One that Telegram did not confirm in time may be there or not. Only an emergency is sent again: better twice.
    """
    try:
        return await bot.send_message(chat_id, text, **options)
    except TimedOut:
        if options.get("rate_limit_args") is not CRISIS:
            raise
        log.warning("Telegram did not confirm the answer to an emergency; it is sent again.")
        return await bot.send_message(chat_id, text, **options)
    except ChatMigrated as moved:
        return await bot.send_message(moved.new_chat_id, text, **options)


async def _send(
    message: Message,
    parts: Sequence[str],
    parse_mode: ParseMode | None,
    buttons: InlineKeyboardMarkup | None,
    *,
    lane: Lane | None,
    quoting: Message | None = None,
) -> list[Message]:
    quoted = None
    if quoting or message.chat.type != ChatType.PRIVATE:
        quoted = ReplyParameters((quoting or message).message_id, allow_sending_without_reply=True)
    return [
        await send(
            message.get_bot(),
            message.chat_id,
            part,
            parse_mode=parse_mode,
            message_thread_id=message.message_thread_id if message.is_topic_message else None,
            reply_parameters=quoted,
            reply_markup=buttons if number == len(parts) else None,
            rate_limit_args=lane,
        )
        for number, part in enumerate(parts, start=1)
    ]


def message_of(update: Update) -> Message:
    """The message of an update that a handler's filters let through."""
    message = update.effective_message
    if message is None:
        raise TypeError("This update has no message.")
    return message


def text_of(message: Message) -> str:
    """What a person wrote in a message, be it a text or a caption."""
    return message.text or message.caption or ""
