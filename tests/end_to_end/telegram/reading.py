"""Reading what the bot says in one chat, in order, each message once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .messages import PATIENCE

if TYPE_CHECKING:
    from .chats import Chat
    from .messages import Message
    from .world import World

QUIET = 0.6


class NoReply(AssertionError):  # noqa: N818 - it reads as what happened
    """The bot did not say what was waited for, or said something where it should not."""


class Reader:
    """A chat from the side of people. Persons read their private chat, groups and channels themselves."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def unread(self) -> list[Message]:
        """Give what the bot has said here that no test has taken yet."""
        return list(self.chat.unread)

    @property
    def history(self) -> list[Message]:
        """Give every message of this chat that is not deleted, oldest first."""
        return [message for message in self.chat.messages.values() if not message.deleted]

    async def reply(self, to: Message | None = None, within: float = PATIENCE) -> Message:
        """Wait for the bot's next message here, or its next reply to `to`; take it and give it, or raise NoReply."""

        def look() -> Message | None:
            return next((m for m in self.chat.unread if to is None or m.reply_to is to), None)

        found = await self.world.bell.until(look, within)
        if found is None:
            wanted = f"reply to {to!r}" if to else "message"
            raise NoReply(f"no {wanted} within {within} s. {self._state()}")
        self.chat.unread.remove(found)
        return found

    async def replies(self, count: int, within: float = PATIENCE) -> list[Message]:
        """Wait for so many messages of the bot here; take and give them."""
        return [await self.reply(within=within) for _ in range(count)]

    async def silence(self, seconds: float = QUIET) -> None:
        """Wait until the bot has taken all updates and so many seconds more; raise NoReply if it says anything here."""
        await self.world.bell.until(lambda: not self.world.updates.waiting or bool(self.chat.unread), PATIENCE)
        await asyncio.sleep(0)
        await self.world.bell.until(lambda: bool(self.chat.unread), seconds)
        if self.chat.unread:
            raise NoReply(f"silence was expected, not {self.chat.unread[0]!r}. {self._state()}")

    async def sees_action(self, action: str = "typing", within: float = PATIENCE) -> None:
        """Wait until the bot shows an action here; raise NoReply if it does not."""
        if not await self.world.bell.until(lambda: action in self.chat.actions, within):
            raise NoReply(f"the bot did not show {action!r} within {within} s. {self._state()}")

    def forget(self) -> None:
        """Take everything that is unread, without looking at it."""
        self.chat.unread.clear()

    def _state(self) -> str:
        waiting = len(self.world.updates.waiting)
        return (
            f"{waiting} updates wait to be taken; violations: {self.world.violations}; the last calls:\n"
            f"{self.world.latest_calls()}"
        )
