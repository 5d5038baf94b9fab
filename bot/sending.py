"""Sends replies to a chat. The one place that turns a reply into messages of Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import structlog
from telegram import InlineKeyboardMarkup, Message, ReplyParameters, Update
from telegram.constants import ChatType, MessageLimit, ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from answers import Library, Reply
from answers.rendering import to_telegram, to_text
from answers.rendering.blocks import View
from bot.gates import Lane
from bot.limiter import CRISIS

log = structlog.get_logger(__name__)


class Sender:
    """Sends what a library's replies say."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def say(
        self, message: Message, reply: Reply, *, view: View = "whole", buttons: InlineKeyboardMarkup | None = None
    ) -> list[Message]:
        """Send a reply to the chat and topic of a message; give what was sent. The last part carries the buttons.

        In a group it is sent as an answer to that message. One whose HTML Telegram refuses goes as plain text.
        An emergency goes before everything else.
        """
        lane = CRISIS if reply.urgency else None
        try:
            parts = to_telegram(reply, self._library, view=view)
            return await _send(message, parts, ParseMode.HTML, buttons, lane=lane)
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            entry = reply.entry.id if reply.entry else None
            log.exception("Telegram refused a reply's HTML; it goes as plain text.", entry=entry)
            text, most = to_text(reply, self._library), MessageLimit.MAX_TEXT_LENGTH // 2
            plain = [text[at : at + most] for at in range(0, len(text), most)]
            return await _send(message, plain, None, buttons, lane=lane)


async def _send(
    message: Message,
    parts: Sequence[str],
    parse_mode: ParseMode | None,
    buttons: InlineKeyboardMarkup | None,
    *,
    lane: Lane | None,
) -> list[Message]:
    bot = cast("ExtBot[Lane]", message.get_bot())
    quoted = None
    if message.chat.type != ChatType.PRIVATE:
        quoted = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    return [
        await bot.send_message(
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
