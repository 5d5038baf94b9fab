"""Whether the bot was asked: it counts what it sends into a chat against what reached it from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .chats import Chat
    from .messages import Message
    from .violations import Violations

MOST_OWED_IN_GROUP = 1


@dataclass
class Manners:
    """Counts prompts and answers by chat; `allowed` unprompted messages in a row are let pass, the next is a violation.

    In a private chat each update earns the bot one message. In a group, where most of what the bot hears is not meant
    for it, the latest update earns one, and so does each reply to a message that has no answer yet.
    """

    violations: Violations
    allowed: int = 1
    _owed: dict[int, int] = field(default_factory=dict)
    _unprompted: dict[int, int] = field(default_factory=dict)
    _answered: set[tuple[int, int]] = field(default_factory=set)

    def prompted(self, chat: Chat) -> None:
        """Take a chat from which an update has reached the bot."""
        owed = self._owed.get(chat.id, 0) + 1
        self._owed[chat.id] = owed if chat.kind == "private" else min(owed, MOST_OWED_IN_GROUP)

    def sent(self, message: Message, method: str) -> None:
        """Take a message that the bot sent; record a violation if it is one too many that nobody asked for."""
        chat = message.chat
        asked = message.reply_to
        fresh_reply = asked is not None and not asked.by_bot and (chat.id, asked.id) not in self._answered
        if asked is not None:
            self._answered.add((chat.id, asked.id))
        if self._owed.get(chat.id, 0) or fresh_reply:
            self._owed[chat.id] = max(0, self._owed.get(chat.id, 0) - 1)
            self._unprompted[chat.id] = 0
            return
        self._unprompted[chat.id] = self._unprompted.get(chat.id, 0) + 1
        if self._unprompted[chat.id] > self.allowed:
            says = f"{self._unprompted[chat.id]} messages in a row without a prompt, the last: {message.text[:60]!r}"
            self.violations.add("unprompted", says, method)
