"""What a person waits for besides messages: the answer to a pressed button, to an inline query, to a guest's call."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .messages import PATIENCE

if TYPE_CHECKING:
    from .messages import Message
    from .people import User
    from .waiting import Bell

CALLBACK_LIFETIME = 60.0
INLINE_LIFETIME = 30.0


@dataclass(eq=False)
class Question:
    """Something the bot must answer by its id while it lives; `lifetime` may be shortened by a test."""

    id: str
    user: User
    bell: Bell
    lifetime: float
    asked: float = field(default_factory=time.monotonic)
    answered: bool = False
    delivered: bool = True

    @property
    def open(self) -> bool:
        """Say whether it can still be answered."""
        return not self.answered and time.monotonic() - self.asked <= self.lifetime

    async def _wait(self, what: str, within: float) -> None:
        if not await self.bell.until(lambda: self.answered, within):
            raise AssertionError(f"{what} was not answered within {within} s")


@dataclass(eq=False)
class Press(Question):
    """A pressed button. After `await press.answer()` it holds the notice's text, whether it is an alert, and a link."""

    message: Message | None = None
    data: str = ""
    text: str = ""
    alert: bool = False
    url: str = ""

    async def answer(self, within: float = PATIENCE) -> Press:
        """Wait for answerCallbackQuery; give this press, or raise AssertionError."""
        await self._wait(f"the button {self.data!r}", within)
        return self


@dataclass(frozen=True)
class InlineResult:
    """One result of an inline query, as the person sees it and as it would be sent."""

    id: str
    title: str
    description: str
    text: str
    fields: dict[str, Any]


@dataclass(eq=False)
class InlineQuestion(Question):
    """An inline query. After `await question.results()` it also holds the caching and the button above the results."""

    query: str = ""
    found: list[InlineResult] = field(default_factory=list)
    next_offset: str = ""
    cache_time: int = 300
    is_personal: bool = False
    button: dict[str, Any] | None = None

    async def results(self, within: float = PATIENCE) -> list[InlineResult]:
        """Wait for answerInlineQuery; give the results, or raise AssertionError."""
        await self._wait(f"the inline query {self.query!r}", within)
        return self.found


@dataclass(eq=False)
class GuestCall(Question):
    """A call of the bot as a guest, in a chat that it is not a member of."""

    text: str = ""
    result: InlineResult | None = None

    async def answer(self, within: float = PATIENCE) -> InlineResult:
        """Wait for answerGuestQuery; give what the bot would post."""
        await self._wait(f"the guest call {self.text!r}", within)
        if self.result is None:
            raise AssertionError("the guest call was answered with nothing")
        return self.result
