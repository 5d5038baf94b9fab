"""/privacy and /forget: what is held about somebody, and its deletion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import MessageLimit

from answers import Library
from answers.library import INTERNATIONAL
from answers.wording import Wording
from bot.buttons import Act, button
from bot.chat_state import States
from bot.people import NOT_LISTED, People, Person
from bot.presses import Handler, Pressed
from bot.storage import Storage
from bot.store import Held, StoreError
from bot.store.retention import kept
from bot.store.tables import handled, questions, users


class HeldData:
    """Shows and deletes what is held about a person."""

    def __init__(self, library: Library, storage: Storage, people: People, states: States) -> None:
        self._library = library
        self._storage = storage
        self._people = people
        self._states = states

    @property
    def handlers(self) -> Mapping[Act, Handler]:
        """The handlers of its acts."""
        return {"forget": self._forget, "stay": self._stay}

    async def privacy(self, message: Message, person: Person) -> None:
        """/privacy: exactly what is held, then what never is."""
        say = person.wording.telegram.privacy
        try:
            held = await self._storage.do(lambda store: store.held(person.id))
            said = list(self._said(held, person.wording)) or [say.nothing]
        except StoreError:
            said = [say.unknown]
        said.append(say.never.format(days=kept(handled) // timedelta(days=1)))
        for text in _messages(said):
            await message.reply_text(text)

    def _said(self, held: Held, wording: Wording) -> Iterator[str]:
        say, user = wording.telegram.privacy, held.user
        if held.changed or held.questions:
            yield say.held
        if user.country:
            code = INTERNATIONAL if user.country == NOT_LISTED else user.country
            yield say.country.format(country=wording.countries.get(code, code))
        if user.language:
            spoken = self._library.wording.get(user.language)
            name = spoken.telegram.choices.language_name if spoken else user.language
            yield say.language.format(language=name)
        if held.changed:
            yield say.until.format(date=wording.day((held.changed + kept(users)).date()))
        for one in held.questions:
            asked, until = (wording.day(time.date()) for time in (one.asked, one.asked + kept(questions)))
            yield say.question.format(asked=asked, until=until, text=one.text)

    async def command(self, message: Message, person: Person) -> None:
        """/forget: asks first."""
        say = person.wording.telegram
        buttons = InlineKeyboardMarkup([[button(say.buttons.delete, "forget"), button(say.buttons.keep, "stay")]])
        await message.reply_text(say.forgetting.ask, reply_markup=buttons)

    async def _forget(self, pressed: Pressed) -> None:
        say, person = pressed.person.wording.telegram, pressed.person
        try:
            deleted = await self._storage.do(lambda store: store.forget(person.id, update_id=pressed.update_id))
        except StoreError:
            await pressed.answer(say.not_saved, alert=True)
            return
        self._people.forget(person.id)
        self._states.forget(pressed.message.chat_id)
        what = [say.forgetting.settings] if deleted.settings else []
        what += [say.forgetting.questions.format(count=deleted.questions)] if deleted.questions else []
        done = say.forgetting.done.format(what=", ".join(what)) if what else say.forgetting.nothing
        await pressed.say(done)

    async def _stay(self, pressed: Pressed) -> None:
        await pressed.say(pressed.person.wording.telegram.forgetting.kept)


def _messages(paragraphs: list[str]) -> Iterator[str]:
    """The paragraphs in as few messages as they fit in."""
    message = ""
    for paragraph in paragraphs:
        longer = f"{message}\n\n{paragraph}" if message else paragraph
        if len(longer.encode("utf-16-le")) // 2 > MessageLimit.MAX_TEXT_LENGTH:
            yield message
            longer = paragraph
        message = longer
    yield message
