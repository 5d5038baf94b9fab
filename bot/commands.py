"""The commands of private chats. An emergency after one comes first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import CommandHandler, ContextTypes, filters

from answers import Answerer
from bot.answer_buttons import opening
from bot.buttons import button
from bot.countries import Countries
from bot.deep_links import card_of
from bot.held import HeldData
from bot.languages import Languages
from bot.people import People, Person
from bot.replies import Replies
from bot.sending import message_of
from bot.topics import Topics

ABOUT = "about-this-bot"
"""The entry that /about opens."""

Says = Callable[[Message, Person], Awaitable[None]]


class Commands:
    """Hears the commands, and says what is nobody else's to say."""

    def __init__(self, answerer: Answerer, people: People, replies: Replies) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._people = people
        self._replies = replies

    def handlers(
        self, topics: Topics, countries: Countries, languages: Languages, held: HeldData, which: filters.BaseFilter
    ) -> list[CommandHandler[Any, Any]]:
        """The handlers of every command, of messages that `which` lets through."""
        says: dict[str, Says] = {
            "help": self._help,
            "topics": topics.command,
            "crisis": countries.crisis,
            "country": countries.command,
            "language": languages.command,
            "sources": self._sources,
            "privacy": held.privacy,
            "forget": held.command,
            "about": self._about,
        }
        commands = [CommandHandler(name, self._after_emergencies(say), which) for name, say in says.items()]
        return [CommandHandler("start", self._start, which), *commands]

    def _after_emergencies(self, say: Says) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            message = message_of(update)
            person = await self._person(update)
            if not await self._says_if_urgent(message, person, " ".join(context.args or ())):
                await say(message, person)
                self._replies.states[message.chat_id].latest = None

        return handle

    async def _start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start, or /start with what a deep link opens: an entry, or `crisis-` and a card."""
        message, person = message_of(update), await self._person(update)
        given = " ".join(context.args or ())
        if given in self._library.entries:
            await self._open(message, person, given)
        elif card := card_of(given, self._library):
            reply = self._answerer.open_card(card, language=person.speaks, country=person.country)
            await self._replies.say(message, reply)
        elif not await self._says_if_urgent(message, person, given):
            say = person.wording.telegram
            examples = [[opening(id_, person.speaks, self._library)] for id_ in say.examples]
            await message.reply_text(say.start, reply_markup=InlineKeyboardMarkup(examples))
            self._replies.states[message.chat_id].latest = None

    async def _help(self, message: Message, person: Person) -> None:
        await message.reply_text(person.wording.telegram.help)

    async def _about(self, message: Message, person: Person) -> None:
        await self._open(message, person, ABOUT)

    async def _sources(self, message: Message, person: Person) -> None:
        """/sources, with a button to those of the last answer, if there is one."""
        say, latest = person.wording.telegram, self._replies.states[message.chat_id].latest
        text = say.sources.format(entries=len(self._library.entries), sources=len(self._library.sources))
        button_ = None
        if latest and latest.shown and latest.shown.entry:
            shown = replace(latest.shown, pane="sources", page=0)
            button_ = InlineKeyboardMarkup.from_button(button(say.buttons.last_sources, "view", *shown.packed()))
        await message.reply_text(text, reply_markup=button_)

    async def _open(self, message: Message, person: Person, entry_id: str) -> None:
        reply = self._answerer.open(entry_id, language=person.speaks, country=person.country)
        await self._replies.say(message, reply)

    async def _person(self, update: Update) -> Person:
        user = update.effective_user
        if user is None:
            raise TypeError("This update is from nobody.")
        return await self._people.person(user)

    async def _says_if_urgent(self, message: Message, person: Person, text: str) -> bool:
        if not text:
            return False
        reply = self._answerer.reply(text, country=person.country, language=person.language)
        if reply.urgency:
            await self._replies.say(message, reply)
        return reply.urgency is not None
