"""What the buttons under the bot's messages do, as the callback data that Telegram sends back when one is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from answers.models import Entry

Act = Literal[
    "open",
    "view",
    "ask",
    "rate",
    "rated",
    "others",
    "pick",
    "none",
    "send",
    "consent",
    "refuse",
    "topics",
    "topic",
    "countries",
    "country",
    "language",
    "forget",
    "stay",
]
"""`open` an entry, whose id follows (and perhaps a language), as a message of its own.

Of an answer: `view` it so, `ask` whether it helped, `rate` it (and it is `rated`), show the `others` that may be meant,
`pick` one of them in its place, or `none`. `send` a question to those who write the answers: `consent`, or `refuse`.
`topics` shows the sections, `topic` one of them. `countries` shows a page of them; `country` and `language` set one.
`forget` what is held about a person, or let it `stay`.
"""
_BETWEEN = ":"


@dataclass(frozen=True)
class Press:
    """What a pressed button asks for: an act and what it is about.

    Raises `ValueError` where it would not fit the 64 bytes that Telegram keeps, or could not be read back.
    """

    act: Act
    about: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.data.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            raise ValueError(f"A button's data is too long: {self.data}")
        if any(_BETWEEN in part for part in self.about):
            raise ValueError(f"A part of a button's data holds '{_BETWEEN}': {self.data}")

    @property
    def data(self) -> str:
        """The callback data."""
        return _BETWEEN.join((self.act, *self.about))

    @classmethod
    def read(cls, data: str | None) -> Self | None:
        """What callback data asks for; None where no button of this version asks so."""
        act, *about = (data or "").split(_BETWEEN)
        return next((cls(known, tuple(about)) for known in get_args(Act) if known == act), None)


def button(text: str, act: Act, *about: str) -> InlineKeyboardButton:
    """A button that asks for an act."""
    return InlineKeyboardButton(text, callback_data=Press(act, about).data)


def entries(offered: Sequence[Entry]) -> InlineKeyboardMarkup | None:
    """A button a row that opens each entry; None for none."""
    rows = [[button(entry.question, "open", entry.id)] for entry in offered]
    return InlineKeyboardMarkup(rows) if rows else None
