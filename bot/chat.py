"""What the bot does in private chats with what people write."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram import Message, Update, User
from telegram.ext import ContextTypes

from answers import Answerer, Reply
from bot.answer_buttons import shown_of
from bot.arrivals import age
from bot.chat_state import Previous, State
from bot.people import People, Person
from bot.replies import Replies
from bot.sending import Place, message_of, text_of
from bot.typing_sign import typing_sign
from bot.unreadable import sort_of
from bot.written import is_own, passages, texts

TOGETHER = 20.0
"""Seconds for which a message that was not understood is read with the next one."""
LATE = timedelta(minutes=2)
"""The age of a message from which its answer begins with a word of apology."""

CONFIDENT, UNSURE = ("answer", "declined", "crisis"), ("choose", "no_answer")
"""The kinds of replies to what was understood, and to what was not."""


class Chat:
    """Answers people in private."""

    def __init__(self, answerer: Answerer, people: People, replies: Replies) -> None:
        self._answerer = answerer
        self._people = people
        self._replies = replies

    async def question(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message, or the caption of a picture, in a private chat."""
        message, state = message_of(update), self._state(update)
        bot = context.bot.bot
        if message.via_bot and message.via_bot.id == bot.id:  # an answer that somebody chose by the bot's name
            return
        _continues_album(message, state)
        async with typing_sign(message):
            person = await self._person(message)
            reply = self._read(message, person, state, bot)
            self._count(reply, state)
            late = age(message) > LATE and not reply.urgency
            wording = self._answerer.library.wording.get(reply.language, person.wording)
            opening = wording.telegram.late if late else None
            self._keep_for_a_moment(text_of(message), reply, state)
            await self._replies.say(message, reply, opening=opening, asked=True)

    async def edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited message: what is an emergency now is answered; else its answer follows it if it is the latest."""
        message, state = message_of(update), self._state(update)
        person = await self._person(message)
        reply = self._read(message, person, State(), context.bot.bot)
        latest = state.latest if state.latest and state.latest.question == message.message_id else None
        if reply.kind == "crisis":
            if not (latest and reply.card and latest.card == reply.card.id):
                await self._replies.say(message, reply, asked=True)
        elif latest and not latest.card:
            shown = shown_of(reply)
            if await self._replies.change(Place(context.bot, message.chat_id, latest.answer), reply, shown):
                latest.shown = shown
        elif reply.urgency:
            await self._replies.say(message, reply, asked=True)

    async def unreadable(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A voice message, a sticker and the like, in a private chat; an emergency in a poll or a quote is answered."""
        message, state = message_of(update), self._state(update)
        if _continues_album(message, state):
            return
        person = await self._person(message)
        for passage in passages(message, context.bot.bot):
            reply = self._reply(passage.text, person)
            if reply.urgency:
                await self._replies.say(message, reply)
                return
        state.latest = None
        said = person.wording.telegram.unreadable
        await message.reply_text(getattr(said, sort_of(message)))

    async def sorry(self, message: Message) -> None:
        """What is said in a private chat when an update could not be handled."""
        person = await self._person(message)
        await message.reply_text(person.wording.telegram.error)

    def _read(self, message: Message, person: Person, state: State, bot: User) -> Reply:
        """What to say to a message; where that is unsure, to it with what is quoted and with the one just before it."""
        text = text_of(message)
        reply = self._reply(text, person)
        quote, source = message.quote, message.reply_to_message
        quoted = quote.text if quote and not (source and is_own(source, bot)) else None
        if quoted and reply.kind != "crisis":
            alone = self._reply(quoted, person)
            if alone.kind == "crisis":
                return alone
        if reply.kind not in UNSURE:
            return reply
        before = state.previous if state.previous and (reply.kind == "choose" or not state.previous.entry) else None
        parts = [part for part in (before and before.text, quoted, text) if part]
        together = self._reply(" ".join(parts), person) if len(parts) > 1 else reply
        told_already = before and together.entry and together.entry.id == before.entry
        return together if together.kind in CONFIDENT and not told_already else reply

    def _reply(self, text: str, person: Person) -> Reply:
        return self._answerer.reply(text, country=person.country, language=person.language)

    def _count(self, reply: Reply, state: State) -> None:
        state.misses.asked()
        if reply.kind in CONFIDENT:
            state.misses.found()
        elif reply.kind == "no_answer":
            state.misses.missed()

    def _keep_for_a_moment(self, text: str, reply: Reply, state: State) -> None:
        keeps = reply.kind in ("answer", "declined", *UNSURE)
        previous = state.previous = Previous(text, reply.entry.id if reply.entry else None) if keeps else None

        def drop() -> None:
            if state.previous is previous:
                state.previous = None

        asyncio.get_running_loop().call_later(TOGETHER, drop)

    async def _person(self, message: Message) -> Person:
        if message.from_user is None:
            raise TypeError("This message is from nobody.")
        urgent = any(self._answerer.urgency(text) for text in texts(message))
        return await self._people.person(message.from_user, first=urgent)

    def _state(self, update: Update) -> State:
        return self._replies.states[message_of(update).chat_id]


def _continues_album(message: Message, state: State) -> bool:
    """Whether something of this message's album came just before."""
    album = message.media_group_id
    if album is None:
        return False
    continues, state.album = state.album == album, album
    return continues
