"""Says replies in private chats with the buttons that belong to them, and changes them in place."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, Message

from answers import Answerer, Reply
from answers.models import Urgency
from answers.rendering import to_telegram
from answers.rendering.blocks import View
from bot.answer_buttons import shown_of, under
from bot.chat_state import Answered, States
from bot.people import Person
from bot.sending import Place, Sender
from bot.shown import Shown

STUCK = 2
"""Misses in a row after which the bot changes course."""


class Replies:
    """What is said in private chats."""

    def __init__(self, answerer: Answerer, sender: Sender, states: States) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._sender = sender
        self.states = states

    async def say(self, message: Message, reply: Reply, *, opening: str | None = None, asked: bool = False) -> None:
        """Say a reply as a message of its own. `asked` where it answers `message`, which is then quoted.

        An emergency's card is said whole and without a quote.
        """
        shown, state = shown_of(reply), self.states[message.chat_id]
        stuck = reply.kind == "no_answer" and state.misses.count >= STUCK
        sent = await self._sender.say(
            message,
            reply,
            view=_view(reply, shown),
            buttons=under(reply, shown, self._library, stuck=stuck),
            quoting=message if asked and reply.kind not in ("crisis", "social") else None,
            opening=opening,
            closing=self._closing(reply, stuck=stuck),
        )
        card = reply.card.id if reply.card else None
        alone = asked and len(sent) == 1
        state.latest = Answered(message.message_id, sent[0].message_id, shown, card) if alone else None

    async def change(
        self, place: Place, reply: Reply, shown: Shown, *, buttons: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Have a message say a reply as `shown`, over its usual buttons or those given.

        False where Telegram no longer lets it be changed.
        """
        stuck = reply.kind == "no_answer" and self.states[place.chat_id].misses.count >= STUCK
        view = _view(reply, shown)
        pages = len(to_telegram(reply, self._library, view=view)) if view == "sources" else 1
        changed = await self._sender.change(
            place,
            reply,
            view=view,
            page=shown.page,
            buttons=buttons or under(reply, shown, self._library, pages=pages, stuck=stuck),
            closing=self._closing(reply, stuck=stuck),
        )
        latest = self.states[place.chat_id].latest
        if latest and latest.answer == place.message_id:
            latest.shown = shown
        return changed

    def reply_of(self, shown: Shown, person: Person) -> Reply:
        """The reply that a message shows, said anew for a person."""
        language, country = shown.language, person.country
        if shown.entry:
            reply = self._answerer.open(shown.entry, language=language, country=country, state=shown.state)
        else:
            reply = self._answerer.offer(shown.others, language=language, country=country)
        return self.worried(reply, shown)

    def nothing_of(self, shown: Shown, person: Person) -> Reply:
        """The reply that says that there is no answer, in the place of what a message shows."""
        return self.worried(self._answerer.offer((), language=shown.language, country=person.country), shown)

    def worried(self, reply: Reply, shown: Shown) -> Reply:
        """The reply under the lines that stood above what a message shows, if any did."""
        card = self._library.cards.get(shown.card)
        if card is None:
            return reply
        urgency = Urgency(kind=card.kind, card=card.id, because="a button says so", level="worrying")
        return self._answerer.worried(reply, urgency)

    def _closing(self, reply: Reply, *, stuck: bool) -> str | None:
        if reply.kind != "no_answer":
            return None
        misses = self._library.wording.get(reply.language, self._library.wording["en"]).telegram.misses
        return misses.stuck if stuck else misses.again


def _view(reply: Reply, shown: Shown) -> View:
    return shown.pane if reply.entry and not reply.card else "whole"
