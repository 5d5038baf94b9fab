"""Inline mode: `@bot liver` in any chat lists entries, and the one picked is sent there with its short answer."""

from __future__ import annotations

from telegram import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from answers import Answerer, Library, Reply
from answers.rendering import to_telegram
from answers.rendering.blocks import blocks
from bot.deep_links import CARD, into_private
from bot.lookup import Lookup
from bot.people import People

PAGE = 20
"""Results given at a time; people scroll on to the next ones. Telegram takes 50."""
CACHED = 300
"""Seconds for which Telegram may give the same person the same results again."""
LONGEST_OFFSET = 64
"""Bytes of an offset that Telegram takes."""
OPENS = "ask"
"""The payload of the button above the results, which must have one. It opens nothing in particular."""


class InlineMode:
    """Answers inline queries.

    Results are never shared between people: they are in the language that somebody set or whose app they use, and hold
    the emergency number of their country. An emergency is not even kept for the one who wrote it.
    """

    def __init__(self, answerer: Answerer, people: People) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._people = people
        self._lookup = Lookup(answerer.library)

    async def asked(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A query, whole or still being typed. An empty one gets what is most useful."""
        query = update.inline_query
        if query is None:
            return
        typed = query.query.strip()
        person = await self._people.person(query.from_user)
        country = person.country
        reply = self._answerer.reply(typed, country=country, language=person.language)
        language = reply.language if typed else person.speaks
        ids = self._matching(reply, typed) if typed else self._most_useful()
        start = _read(query.offset)
        page = [self._answerer.open(id_, language=language, country=country) for id_ in ids[start : start + PAGE]]
        if reply.urgency and not start:
            page.insert(0, self._answerer.open_card(reply.urgency.card, language=language, country=country))
        say = self._library.wording.get(language, self._library.wording["en"]).telegram.inline
        try:
            await query.answer(
                [result(one, self._library, context.bot.username) for one in page],
                cache_time=0 if reply.urgency else CACHED,
                is_personal=True,
                next_offset=str(start + PAGE) if start + PAGE < len(ids) else None,  # the library sends "" as "[]"
                button=InlineQueryResultsButton(say.in_private, start_parameter=OPENS),
            )
        except BadRequest as error:  # they typed on, or the bot was down
            if "query is too old" not in error.message.casefold():
                raise

    def _matching(self, reply: Reply, typed: str) -> tuple[str, ...]:
        """The ids of entries for what was typed: a sure answer, those with words that begin so, then likely ones."""
        sure = [reply.entry.id] if reply.entry else []
        return tuple(dict.fromkeys([*sure, *self._lookup.find(typed), *(entry.id for entry in reply.offered)]))

    def _most_useful(self) -> tuple[str, ...]:
        urgent = (entry.id for entry in self._library.entries.values() if entry.urgent)
        return tuple(dict.fromkeys([*urgent, *self._library.wording["en"].telegram.examples]))


def result(reply: Reply, library: Library, username: str) -> InlineQueryResultArticle:
    """A reply that is an entry or a whole crisis card, as what a list shows of it and the message that it sends."""
    if reply.card:
        id_, title = f"{CARD}{reply.card.id}", reply.card.title
    elif reply.entry:
        id_, title = reply.entry.id, reply.entry.question
    else:
        raise ValueError("This reply has nothing to show in a list.")
    shown = to_telegram(reply, library, view="whole" if reply.card else "short")[0]
    more = library.wording.get(reply.language, library.wording["en"]).telegram.inline.more
    return InlineQueryResultArticle(
        id_,
        title,
        InputTextMessageContent(shown, ParseMode.HTML),
        reply_markup=InlineKeyboardMarkup.from_button(into_private(more, username, id_)),
        description=next((block.lines[0].text for block in blocks(reply, library) if block.lines[0].cites), None),
    )


def _read(offset: str) -> int:
    """Where a page begins; at the start where the offset is none that was given out."""
    return int(offset) if offset.isascii() and offset.isdecimal() and len(offset) <= LONGEST_OFFSET else 0
