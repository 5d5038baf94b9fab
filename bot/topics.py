"""/topics: the sections, and the entries of each, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import InlineKeyboardMarkup, Message

from answers import Library
from bot.answer_buttons import opening, turning
from bot.buttons import Act, button
from bot.people import Person
from bot.presses import Handler, Pressed

ON_A_PAGE = 7
"""Entries on a page."""


class Topics:
    """Shows everything that the bot answers, in the language that a person has set or Telegram is in."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def handlers(self) -> Mapping[Act, Handler]:
        """The handlers of its acts."""
        return {"topics": self._sections, "topic": self._section}

    async def command(self, message: Message, person: Person) -> None:
        """/topics."""
        await message.reply_text(person.wording.telegram.topics, reply_markup=self._all(person))

    async def _sections(self, pressed: Pressed) -> None:
        if pressed.message.reply_to_message:  # under an answer, which stays
            await pressed.answer()
            await self.command(pressed.message, pressed.person)
        else:
            await pressed.say(pressed.person.wording.telegram.topics, self._all(pressed.person))

    async def _section(self, pressed: Pressed) -> None:
        section, number = (*pressed.about, "", "")[:2]
        entries = self._library.sections.get(section)
        if not entries or not number.isdecimal():
            await pressed.gone()
            return
        say, pages = pressed.person.wording.telegram, -(-len(entries) // ON_A_PAGE)
        page = min(int(number), pages - 1)
        rows = [
            [opening(entry.id, pressed.person.speaks, self._library)]
            for entry in entries[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
        ]
        turns = turning("topic", [section], page, pages, say.buttons)
        rows += [*([turns] if turns else []), [button(say.buttons.back, "topics")]]
        name, shown = say.sections.get(section, section), say.buttons.page.format(page=page + 1, pages=pages)
        text = say.section.format(section=name, page=shown) if pages > 1 else name
        await pressed.say(text, InlineKeyboardMarkup(rows))

    def _all(self, person: Person) -> InlineKeyboardMarkup:
        names = person.wording.telegram.sections
        sections = sorted(
            self._library.sections, key=lambda id_: list(names).index(id_) if id_ in names else len(names)
        )
        return InlineKeyboardMarkup([[button(names.get(id_, id_), "topic", id_, "0")] for id_ in sections])
