"""/language: in which language somebody is answered."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import InlineKeyboardMarkup, Message

from answers import Library
from bot.buttons import Act, button
from bot.people import Person
from bot.presses import Handler, Pressed
from bot.storage import Storage
from bot.store import StoreError


class Languages:
    """Lets a person set their language."""

    def __init__(self, library: Library, storage: Storage) -> None:
        self._library = library
        self._storage = storage

    @property
    def handlers(self) -> Mapping[Act, Handler]:
        """The handlers of its acts."""
        return {"language": self._set}

    async def command(self, message: Message, person: Person) -> None:
        """/language."""
        say = person.wording.telegram
        names = {code: self._library.wording[code].telegram.choices.language_name for code in self._library.spoken}
        rows = [[button(name, "language", code)] for code, name in names.items()]
        rows.append([button(say.buttons.as_written, "language")])
        await message.reply_text(say.choices.language, reply_markup=InlineKeyboardMarkup(rows))

    async def _set(self, pressed: Pressed) -> None:
        chosen, person = next(iter(pressed.about), ""), pressed.person
        if chosen and chosen not in self._library.spoken:
            await pressed.gone()
            return
        try:
            await self._storage.do(
                lambda store: store.set_language(person.id, chosen or None, update_id=pressed.update_id)
            )
        except StoreError:
            await pressed.answer(person.wording.telegram.not_saved, alert=True)
            return
        choices = self._library.wording[chosen].telegram.choices if chosen else person.wording.telegram.choices
        await pressed.say(choices.language_set if chosen else choices.language_forgotten)
