"""The queue of updates, and the rules of getUpdates over it."""

from __future__ import annotations

import asyncio
import copy
from collections import deque
from typing import TYPE_CHECKING, Any

from .refusals import Refusal, conflict

if TYPE_CHECKING:
    from .waiting import Bell

KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
    "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
    "purchased_paid_media", "managed_bot", "guest_message",
)  # fmt: skip
ONLY_ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")
DEFAULT = frozenset(KINDS) - set(ONLY_ON_REQUEST)
_OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """Updates that the bot has not confirmed yet, oldest first."""

    def __init__(self, bell: Bell) -> None:
        self.waiting: deque[dict[str, Any]] = deque()
        self.allowed = DEFAULT
        self.polls = 0
        self.last: dict[str, Any] | None = None
        self._bell = bell
        self._next = 500_000_001
        self._poll: asyncio.Future[Refusal | None] | None = None

    @property
    def polling(self) -> bool:
        """Say whether a long poll is waiting right now."""
        return self._poll is not None

    def add(self, kind: str, payload: dict[str, Any]) -> int:
        """Take a kind of update and its object; queue it and give its number, or 0 where the bot did not ask for it."""
        if kind not in self.allowed:
            return 0
        number = self._next
        self._next += 1
        self.waiting.append({"update_id": number, kind: copy.deepcopy(payload)})
        self._wake()
        return number

    def repeat_last(self) -> None:
        """Put the last confirmed update at the head of the queue again, as after an answer lost on its way."""
        if self.last is not None:
            self.waiting.appendleft(copy.deepcopy(self.last))
            self._wake()

    def allow(self, kinds: list[str] | None) -> None:
        """Take the kinds that the bot asks for; none means all but those given only on request."""
        if kinds is not None:
            self.allowed = frozenset(kind for kind in kinds if kind in KINDS) or DEFAULT

    def drop(self) -> None:
        """Forget what waits."""
        self.waiting.clear()

    def confirm(self, offset: int) -> None:
        """Take an offset; forget the updates below it, or for a negative one all but so many of the last."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while offset > 0 and self.waiting and self.waiting[0]["update_id"] < offset:
            self.last = self.waiting.popleft()
            self._bell.ring()

    async def take(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """Take getUpdates' arguments; give the updates, waiting for the first one at most `timeout` seconds.

        A poll that already waits is refused in favour of this one.
        """
        self.confirm(offset)
        if not self.waiting and timeout > 0:
            await self._wait(timeout)
        return [update for update in self.waiting if update["update_id"] >= offset or offset <= 0][:limit]

    async def _wait(self, seconds: float) -> None:
        self.end_poll(conflict(_OTHER_POLLER))
        mine: asyncio.Future[Refusal | None] = asyncio.get_running_loop().create_future()
        self._poll = mine
        self.polls += 1
        self._bell.ring()
        try:
            await asyncio.wait([mine], timeout=seconds)
        finally:
            if self._poll is mine:
                self._poll = None
                self._bell.ring()
        if mine.done() and (refusal := mine.result()):
            raise refusal

    def _wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self._bell.ring()

    def end_poll(self, refusal: Refusal) -> None:
        """Take a refusal; give it to the poll that waits, if one does."""
        if self._poll and not self._poll.done():
            self._poll.set_result(refusal)
            self._poll = None

    def other_poller(self) -> None:
        """Do what a second instance of the bot does to the first: end its poll with a conflict."""
        self.end_poll(conflict(_OTHER_POLLER))
