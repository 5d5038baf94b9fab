"""What the bot remembers of private chats, in memory alone and within bounds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from bot.shown import Shown

MOST_CHATS = 10_000


@dataclass
class Answered:
    """The latest answer of a chat: the message it answers, the message it is, and the entry or card that it shows."""

    question: int
    answer: int
    shown: Shown | None = None
    card: str | None = None


@dataclass
class Misses:
    """How often in a row what was asked was not found. An answer ends the row, unless it proves not to be one."""

    count: int = 0
    answered: bool = False

    def found(self) -> None:
        """Something confident was said."""
        self.answered = True

    def asked(self) -> None:
        """Something new was asked: so the answer before it, if there was one, will have been right."""
        if self.answered:
            self.count, self.answered = 0, False

    def missed(self) -> None:
        """Nothing was found, or what was found was not what was asked."""
        self.count, self.answered = self.count + 1, False


@dataclass(frozen=True)
class Previous:
    """What was asked just before, and the entry that answered it, if one did."""

    text: str
    entry: str | None


@dataclass
class State:
    """One chat. `previous` is there only for a moment."""

    album: str | None = None
    previous: Previous | None = None
    latest: Answered | None = None
    misses: Misses = field(default_factory=Misses)


class States:
    """The state of each chat by its id; those not used for the longest are dropped."""

    def __init__(self, most: int = MOST_CHATS) -> None:
        self._most = most
        self._chats: OrderedDict[int, State] = OrderedDict()

    def __getitem__(self, chat_id: int) -> State:
        state = self._chats.setdefault(chat_id, State())
        self._chats.move_to_end(chat_id)
        if len(self._chats) > self._most:
            self._chats.popitem(last=False)
        return state

    def forget(self, chat_id: int) -> None:
        """Forget all of a chat."""
        self._chats.pop(chat_id, None)
