"""Pressed buttons: who pressed what, and to whom it goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.buttons import Act, Press
from bot.people import People, Person
from bot.sending import Place, edit


@dataclass
class Pressed:
    """One press of a button under `message`. `update_id` marks what the store is told to do because of it."""

    query: CallbackQuery
    about: tuple[str, ...]
    message: Message
    person: Person
    update_id: int
    _answered: bool = field(default=False, repr=False)

    @property
    def place(self) -> Place:
        """Where the pressed message stands."""
        return Place.of(self.message)

    async def answer(self, text: str | None = None, *, alert: bool = False) -> None:
        """Tell Telegram that the press was heard, once; `text` is shown for a moment, as an `alert` until it is closed.

        One pressed while the bot was down is too old for that, which is no error.
        """
        if self._answered:
            return
        self._answered = True
        try:
            await self.query.answer(text, show_alert=alert)
        except BadRequest as error:
            if "query is too old" not in error.message.casefold():
                raise

    async def gone(self) -> None:
        """Say that the button leads nowhere any more."""
        await self.answer(self.person.wording.telegram.gone)

    async def say(self, text: str, buttons: InlineKeyboardMarkup | None = None, **options: Any) -> None:
        """Have the pressed message say a text; where it can no longer be changed, say it anew.

        Takes what `send_message` and `edit_message_text` both take.
        """
        await self.answer()
        if not await edit(self.place, text, reply_markup=buttons, **options):
            await self.message.get_bot().send_message(self.message.chat_id, text, reply_markup=buttons, **options)


Handler = Callable[[Pressed], Awaitable[None]]


class Presses:
    """Gives each press in a private chat to the handler of its act."""

    def __init__(self, people: People, handlers: Mapping[Act, Handler]) -> None:
        self._people = people
        self._handlers = dict(handlers)

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A pressed button. One of another version of the bot, or in a group, says that it leads nowhere."""
        query = update.callback_query
        if query is None:
            return
        message, press = query.message, Press.read(query.data)
        person = await self._people.person(query.from_user)
        if not isinstance(message, Message):
            await query.answer(person.wording.telegram.gone)
            return
        pressed = Pressed(query, press.about if press else (), message, person, update.update_id)
        handler = self._handlers.get(press.act) if press and message.chat.type == ChatType.PRIVATE else None
        try:
            await (handler(pressed) if handler else pressed.gone())
        finally:
            await pressed.answer()
