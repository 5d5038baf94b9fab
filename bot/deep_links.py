"""Buttons that lead from a group or any other chat into the private one, where there is room and nobody reads along."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.helpers import create_deep_linked_url

from answers import Library, Reply

CARD = "crisis-"
"""Begins the payload of a deep link that opens a crisis card, whose id follows. That of an entry is its id alone."""


def card_of(payload: str, library: Library) -> str | None:
    """The id of the crisis card that a deep link's payload opens; None where it opens none."""
    id_ = payload.removeprefix(CARD)
    return id_ if id_ != payload and id_ in library.cards else None


def into_private(text: str, username: str, opens: str | None = None) -> InlineKeyboardButton:
    """A button into the private chat with the bot of that name, which opens there what the payload says."""
    return InlineKeyboardButton(text, url=create_deep_linked_url(username, opens))


def under(reply: Reply, library: Library, username: str) -> InlineKeyboardMarkup | None:
    """The buttons under a reply that others read, too: to the whole of it, or to ask again. A greeting has none."""
    say = library.wording.get(reply.language, library.wording["en"]).telegram.groups
    found = []
    if reply.urgency:
        found.append(into_private(say.all_steps, username, f"{CARD}{reply.urgency.card}"))
    if reply.entry:
        found.append(into_private(say.more, username, reply.entry.id))
    if not (found or reply.social):
        found.append(into_private(say.in_private, username))
    return InlineKeyboardMarkup.from_column(found) if found else None
