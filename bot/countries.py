"""/crisis and /country: whose crisis lines somebody sees."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ParseMode

from answers import Answerer
from answers.library import INTERNATIONAL
from answers.rendering import lines_to_telegram
from bot.answer_buttons import MOST_TO_REACH, reach, turning
from bot.buttons import Act, button
from bot.people import NOT_LISTED, Person
from bot.presses import Handler, Pressed
from bot.storage import Storage
from bot.store import StoreError

ON_A_PAGE, IN_A_ROW = 12, 2
"""Countries on a page and in a row."""


class Countries:
    """Shows crisis lines by country, and lets a person set theirs."""

    def __init__(self, answerer: Answerer, storage: Storage) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._storage = storage

    @property
    def handlers(self) -> Mapping[Act, Handler]:
        """The handlers of its acts."""
        return {"countries": self._page, "country": self._set}

    async def crisis(self, message: Message, person: Person) -> None:
        """/crisis: the lines of the person's country, else of the deployment's."""
        country = person.country or self._answerer.country
        parts = lines_to_telegram(country, self._library, language=person.speaks)
        for number, part in enumerate(parts, start=1):
            buttons = self._reach(country, person) if number == len(parts) else None
            await message.reply_text(part, parse_mode=ParseMode.HTML, reply_markup=buttons)

    async def command(self, message: Message, person: Person) -> None:
        """/country."""
        await message.reply_text(self._asked(person), reply_markup=self._choice(person, 0))

    async def _page(self, pressed: Pressed) -> None:
        number = next(iter(pressed.about), "")
        page = int(number) if number.isdecimal() else 0
        await pressed.say(self._asked(pressed.person), self._choice(pressed.person, page))

    async def _set(self, pressed: Pressed) -> None:
        """Set the country, or forget it, and show the lines that follow from it."""
        chosen, person = next(iter(pressed.about), ""), pressed.person
        if chosen and chosen not in self._library.lines:
            await pressed.gone()
            return
        kept = {INTERNATIONAL: NOT_LISTED, "": None}.get(chosen, chosen)
        say = person.wording.telegram
        try:
            await self._storage.do(lambda store: store.set_country(person.id, kept, update_id=pressed.update_id))
        except StoreError:
            await pressed.answer(say.not_saved, alert=True)
            return
        country = chosen or self._answerer.country
        done = say.choices.country_set.format(country=self._name(country, person)) if chosen else None
        opening = done or say.choices.country_forgotten
        parts = lines_to_telegram(country, self._library, language=person.speaks, opening=opening)
        await pressed.say(parts[0], self._reach(country, person), parse_mode=ParseMode.HTML)

    def _reach(self, country: str, person: Person) -> InlineKeyboardMarkup:
        rows = reach(self._library.lines_of(country), person.wording, MOST_TO_REACH - 1)
        return InlineKeyboardMarkup([*rows, [button(person.wording.telegram.buttons.change_country, "countries", "0")]])

    def _asked(self, person: Person) -> str:
        now = self._name(person.country or self._answerer.country, person)
        return person.wording.telegram.choices.country.format(country=now)

    def _name(self, country: str, person: Person) -> str:
        return person.wording.countries.get(country, country)

    def _choice(self, person: Person, page: int) -> InlineKeyboardMarkup:
        say = person.wording.telegram.buttons
        names = {code: self._name(code, person) for code in self._library.lines if code != INTERNATIONAL}
        codes = list(names)
        pages = -(-len(codes) // ON_A_PAGE)
        page = min(page, pages - 1)
        here = [
            button(f"{names[code][:1].upper()}{names[code][1:]}", "country", code)
            for code in codes[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
        ]
        rows = [here[at : at + IN_A_ROW] for at in range(0, len(here), IN_A_ROW)]
        turns = turning("countries", (), page, pages, say)
        rows += [turns] if turns else []
        rows.append([button(say.another_country, "country", INTERNATIONAL)])
        rows += [[button(say.no_country, "country")]] if person.country else []
        return InlineKeyboardMarkup(rows)
