"""Which kind of thing a message without words is."""

from __future__ import annotations

from typing import Literal

from telegram import Message

Sort = Literal["listen", "look", "fun", "place", "contact", "poll", "other"]
"""The fields of `answers.wording.Unreadable`."""

_SORTS: dict[str, Sort] = {
    "voice": "listen",
    "audio": "listen",
    "video_note": "listen",
    "photo": "look",
    "video": "look",
    "animation": "look",
    "document": "look",
    "sticker": "fun",
    "dice": "fun",
    "game": "fun",
    "venue": "place",
    "location": "place",
    "contact": "contact",
    "poll": "poll",
    "checklist": "poll",
}


def sort_of(message: Message) -> Sort:
    """What to say something fitting to. Paid media, stories, invoices and whatever else there is are `other`."""
    return next((sort for field, sort in _SORTS.items() if getattr(message, field, None)), "other")
