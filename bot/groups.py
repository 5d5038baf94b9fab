"""What the bot does in groups: it answers when spoken to, and whenever a message is an emergency."""

from __future__ import annotations

import re

from telegram import Message, Update
from telegram.constants import MessageEntityType
from telegram.ext import ContextTypes

from answers import Answerer
from bot import buttons
from bot.sending import Sender, message_of, text_of


class Groups:
    """Answers people in groups."""

    def __init__(self, answerer: Answerer, sender: Sender) -> None:
        self._answerer = answerer
        self._sender = sender

    async def heard(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message in a group: answered when it speaks to the bot; an emergency is answered always."""
        message = message_of(update)
        text = text_of(message)
        addressed = _addresses(message, context.bot.username, context.bot.id)
        if addressed:
            text = re.sub(f"@{context.bot.username}", "", text, flags=re.IGNORECASE)
        reply = self._answerer.reply(text)
        if addressed or reply.kind == "crisis":
            await self._sender.say(message, reply, buttons=buttons.entries(reply.offered))


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
