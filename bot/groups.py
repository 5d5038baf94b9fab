"""What the bot does in groups and channels: emergencies always, answers when spoken to or where admins let it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from time import monotonic

import structlog
from telegram import InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from answers import Answerer, Reply
from answers.rendering import lines_to_telegram
from answers.text import normal, words
from answers.wording import InGroups
from bot import group_settings
from bot.alarms import Alarms
from bot.deep_links import into_private, under
from bot.people import People
from bot.sending import Sender, message_of
from bot.storage import Storage
from bot.written import (
    Command,
    Passage,
    addresses,
    answers_somebody,
    command_of,
    is_of_another_bot,
    is_own,
    names,
    passages,
)

log = structlog.get_logger(__name__)

ASKS = ("ask", "answer")
SURE = 0.8
"""The probability from which a question is answered that nobody asked the bot."""
ABOUT = "about"
"""The section of entries about the bot."""
_MAY_NOT_WRITE = ("not enough rights", "need administrator rights", "no rights to send", "forbidden", "topic_closed")


class Groups:
    """Answers people in groups."""

    def __init__(self, answerer: Answerer, sender: Sender, people: People, storage: Storage) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._sender = sender
        self._people = people
        self._storage = storage
        self._alarms = Alarms(answerer.library, sender, storage)
        self._next_unasked: dict[int, float] = {}
        self._asking = {
            tuple(words(normal(opening)))
            for wording in self._library.wording.values()
            for opening in wording.telegram.groups.asks
        }

    async def heard(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A new or edited message in a group, or a channel's post. Where the bot may not write it lets it be."""
        try:
            await self._hear(update, context.bot.bot)
        except BadRequest as error:
            if not any(reason in error.message.casefold() for reason in _MAY_NOT_WRITE):
                raise
            log.info("The bot may not write where it would answer.", reason=error.message)

    def left(self, chat_id: int) -> None:
        """Forget a group that the bot is no longer in."""
        self._next_unasked.pop(chat_id, None)

    def moved(self, old: int, new: int) -> None:
        """Take along what is remembered of a group that has become a supergroup with another id."""
        if old in self._next_unasked:
            self._next_unasked[new] = self._next_unasked.pop(old)

    async def _hear(self, update: Update, bot: User) -> None:
        message = message_of(update)
        if is_of_another_bot(message) or is_own(message, bot):
            return
        in_channel = message.chat.type == ChatType.CHANNEL
        command = None if in_channel else command_of(message, bot)
        asked = not in_channel and (addresses(message, bot) or bool(command and command.name in ASKS))
        own = list(passages(message, bot))
        others = list(passages(message.reply_to_message, bot)) if asked and message.reply_to_message else []
        if await self._answers_emergency(message, [*own, *others], asked=asked) or in_channel or update.edited_message:
            return
        if command:
            await self._obeys(update, command, own, others)
        elif asked:
            await self._answers(message, own, others)
        elif own and own[0].message is message:
            await self._answers_unasked(message, own[0])

    async def _answers_emergency(self, message: Message, said: Sequence[Passage], *, asked: bool) -> bool:
        """Answer the most urgent of these passages, if any is; say whether there is nothing more to say.

        To whoever did not ask, only what leaves little doubt is answered: of what people chat about in a group, hardly
        any that merely worries is an emergency.
        """
        judged = [(one, self._answerer.urgency(one.text)) for one in said]
        found = [(urgency.level, one) for one, urgency in judged if urgency and (asked or urgency.level == "now")]
        for _, passage in sorted(found, key=itemgetter(0)):  # "now" before "worrying"
            if self._alarms.answered(passage.message):
                if passage.message is message:
                    return True
                continue
            whole = await self._reply(message, passage.text)
            if not (asked and passage.message is message) or whole.kind in ("choose", "no_answer", "social"):
                whole = whole.model_copy(update={"kind": "crisis", "entry": None, "state": None, "offered": ()})
            await self._alarms.answer(message, whole, quoting=passage.message, asked=asked)
            return True
        return False

    async def _obeys(self, update: Update, command: Command, own: Sequence[Passage], others: Sequence[Passage]) -> None:
        message = message_of(update)
        say = self._words_of(message)
        if command.name in ASKS:
            await self._answers(message, own, others)
        elif command.name == "answers":
            text = await group_settings.change(update, message, command.rest, self._storage, say)
            await self._sender.tell(message, text)
        elif command.name == "crisis":
            person = await self._people.person(message.from_user) if message.from_user else None
            country = (person and person.country) or self._answerer.country
            lines = lines_to_telegram(country, self._library, language=person.speaks if person else "en")
            await self._sender.tell(message, *lines, parse_mode=ParseMode.HTML, buttons=self._private(message, say))
        elif command.name in ("start", "help"):
            await self._sender.tell(message, say.hello, buttons=self._private(message, say))
        elif command.named:
            await self._sender.tell(message, say.private_only, buttons=self._private(message, say))

    async def _answers(self, message: Message, own: Sequence[Passage], others: Sequence[Passage]) -> None:
        """Answer what a message asks; where it does not ask anything itself, what the one asks that it replies to."""
        replies = [(one, await self._reply(message, one.text)) for one in (*own[:1], *others[:1])]
        if not replies:
            if message.text or message.caption:
                say = self._words_of(message)
                await self._sender.tell(message, say.how, buttons=self._private(message, say))
            return
        passage, reply = min(replies, key=_fit)
        if reply.urgency or (reply.social == "acknowledged" and not names(message, message.get_bot().bot)):
            return  # an emergency that was answered before, or an "ok" to an answer
        await self._say(message, passage, reply)

    async def _answers_unasked(self, message: Message, passage: Passage) -> None:
        """Answer a clear question that nobody asked the bot, where admins let it and none was answered of late."""
        if message.is_automatic_forward or message.forward_origin or answers_somebody(message):
            return
        reply = self._answerer.reply(passage.text)
        if not (reply.entry and reply.candidates[0].confidence >= SURE and self._is_question(passage.text)):
            return
        group = await group_settings.settings(self._storage, message.chat_id)
        if not group.answers_unasked or monotonic() < self._next_unasked.get(message.chat_id, 0):
            return
        self._next_unasked[message.chat_id] = monotonic() + 60 * group.unasked_every
        await self._say(message, passage, reply)

    def _is_question(self, text: str) -> bool:
        heard = tuple(words(normal(text)))
        return "?" in text or any(heard[: len(opening)] == opening for opening in self._asking)

    async def _say(self, message: Message, passage: Passage, reply: Reply) -> None:
        buttons = under(reply, self._library, message.get_bot().username)
        await self._sender.say(message, reply, view="brief", buttons=buttons, quoting=passage.message)

    async def _reply(self, message: Message, text: str) -> Reply:
        """What to say, in the language and with the lines that whoever wrote the message has chosen."""
        sender = None if message.sender_chat else message.from_user
        if sender is None:
            return self._answerer.reply(text)
        person = await self._people.person(sender)
        return self._answerer.reply(text, country=person.country, language=person.language)

    def _private(self, message: Message, say: InGroups) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup.from_button(into_private(say.in_private, message.get_bot().username))

    def _words_of(self, message: Message) -> InGroups:
        language = ((message.from_user and message.from_user.language_code) or "en")[:2]
        return self._library.wording.get(language, self._library.wording["en"]).telegram.groups


def _fit(said: tuple[Passage, Reply]) -> int:
    """How well a reply fits what was asked, the less the better: "can you answer this?" sounds like about the bot."""
    reply = said[1]
    if reply.urgency or not reply.entry:
        return 2
    return int(reply.entry.section == ABOUT)
