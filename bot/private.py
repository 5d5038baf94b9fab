"""The private chat as a whole: its parts put together, and the handlers by which updates reach them."""

from __future__ import annotations

from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from answers import Answerer
from bot.answer_view import AnswerView
from bot.chat import Chat
from bot.chat_state import States
from bot.commands import Commands
from bot.countries import Countries
from bot.curators import Curators
from bot.held import HeldData
from bot.languages import Languages
from bot.people import People
from bot.presses import Presses
from bot.replies import Replies
from bot.sending import Sender
from bot.storage import Storage
from bot.topics import Topics

_READABLE = filters.TEXT | filters.CAPTION
_NEW = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
_EDITED = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE


class PrivateChat:
    """Everything that the bot does in private chats."""

    def __init__(self, answerer: Answerer, sender: Sender, people: People, storage: Storage) -> None:
        library, self.states = answerer.library, States()
        replies = Replies(answerer, sender, self.states)
        self.chat = Chat(answerer, people, replies)
        topics, languages = Topics(library), Languages(library, storage)
        countries, held = Countries(answerer, storage), HeldData(library, storage, people, self.states)
        parts = (
            AnswerView(answerer, replies, storage),
            Curators(library, storage, self.states),
            topics,
            languages,
            countries,
            held,
        )
        presses = Presses(people, {act: handler for part in parts for act, handler in part.handlers.items()})
        commands = Commands(answerer, people, replies)
        self.handlers: list[BaseHandler[Any, Any, Any]] = [
            *commands.handlers(topics, countries, languages, held, _NEW),
            MessageHandler(_EDITED & _READABLE, self.chat.edited),
            MessageHandler(_NEW & _READABLE, self.chat.question),
            MessageHandler(_NEW & ~filters.StatusUpdate.ALL, self.chat.unreadable),
            CallbackQueryHandler(presses.pressed),
        ]
