"""Who the bot talks to: the country and the language that a person set, and what follows where they set none."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from telegram import User as TelegramUser

from answers import Library
from answers.library import INTERNATIONAL
from answers.wording import Wording
from bot.storage import Storage
from bot.store import User

NOT_LISTED = "ZZ"
"""What the store holds for a country that has no lines here: it takes two letters."""


MOST_LATELY = 10_000


@dataclass(frozen=True)
class Person:
    """One person. `country` and `language` are what they set, `speaks` the language for what is said unasked."""

    id: int
    country: str | None
    language: str | None
    speaks: str
    wording: Wording


class People:
    """Knows people by what the store holds about them.

    What was read lately stays in memory, within bounds, for when the store cannot be asked.
    """

    def __init__(self, library: Library, storage: Storage) -> None:
        self._library = library
        self._storage = storage
        self._lately: OrderedDict[int, User] = OrderedDict()

    async def person(self, user: TelegramUser, *, first: bool = False) -> Person:
        """Somebody with what they set, as far as it can be known. For an emergency it is looked up `first`."""
        before = self._lately.pop(user.id, User())
        chosen = await self._storage.ask(lambda store: store.user(user.id), before, first=first)
        if chosen != User():
            self._lately[user.id] = chosen
        if len(self._lately) > MOST_LATELY:
            self._lately.popitem(last=False)
        country = INTERNATIONAL if chosen.country == NOT_LISTED else chosen.country
        if country not in self._library.lines:
            country = None
        language = chosen.language if chosen.language in self._library.spoken else None
        app = (user.language_code or "")[:2]
        speaks = language or (app if app in self._library.spoken else "en")
        return Person(user.id, country, language, speaks, self._library.wording[speaks])

    def forget(self, user_id: int) -> None:
        """Forget what was read about somebody."""
        self._lately.pop(user_id, None)
