"""Guest mode: the bot is called by its name in a chat that it is not in, and may answer that one message."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from answers import Answerer, Reply
from answers.rendering import to_telegram
from bot.deep_links import under
from bot.people import People
from bot.sending import message_of
from bot.written import passages


class Guests:
    """Answers calls as a guest."""

    def __init__(self, answerer: Answerer, people: People) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._people = people

    async def called(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message that calls the bot: an emergency in it, or in the one it replies to, comes first."""
        message, bot = message_of(update), context.bot
        if message.guest_query_id is None:
            return
        replied = message.reply_to_message
        said = [*passages(message, bot.bot), *(passages(replied, bot.bot) if replied else ())]
        person = await self._people.person(message.from_user) if message.from_user else None
        country, language = (person.country, person.language) if person else (None, None)
        replies = [self._answerer.reply(one.text, country=country, language=language) for one in said]
        reply = max(replies, key=_weight, default=None)
        say = self._library.wording[person.speaks if person else "en"].telegram.groups
        result = InlineQueryResultArticle(
            "answer",
            say.more,  # a title is due, which nobody sees
            InputTextMessageContent(
                to_telegram(reply, self._library, view="brief")[0] if reply else say.hello,
                ParseMode.HTML if reply else None,
            ),
            reply_markup=under(reply, self._library, bot.username) if reply else None,
        )
        try:
            await bot.answer_guest_query(message.guest_query_id, result)
        except BadRequest as error:
            if "query is too old" not in error.message.casefold():
                raise


def _weight(reply: Reply) -> int:
    """How much a reply matters beside the others: an emergency most, then an answer."""
    return 2 * (reply.kind == "crisis") + 2 * bool(reply.urgency) + bool(reply.entry)
