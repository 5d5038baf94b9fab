"""The storage of the bot, as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Self, TypeVar, Unpack

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import feedback, groups, people, retention, updates
from bot.store.database import PATIENCE, Database
from bot.store.preparing import prepare
from bot.store.records import FeedbackCount, Forgotten, Group, GroupChange, Held, Question, User, Verdict

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Store:
    """One open database. Every method raises `StoreError`, within a few seconds, if it cannot be used.

    A method that takes an `update_id` stands in one transaction with the mark that this update was handled: whatever
    happens, both are there or neither. Where the update was marked before, it does nothing and says False. So one
    update can do one such thing. `user_id` and `chat_id` are Telegram's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, url: str, *, create: bool = True) -> Self:
        """Open the database at `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

        An empty one gets its tables if `create`; an older one is copied, then upgraded. Raises `StoreError` if it is
        newer than the program, not there with `create` false, or cannot be used.
        """
        prepared = await prepare(url, create=create)
        if prepared.copy:
            log.info("The database was upgraded; the one before is kept.", copy=str(prepared.copy))
        return cls(Database(url, patience=PATIENCE))

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def user(self, user_id: int) -> User:
        """What somebody chose; a `User` with nothing set where they chose nothing."""
        return await self._database.read(lambda connection: people.user(connection, user_id))

    async def set_country(self, user_id: int, code: str | None, *, update_id: int) -> bool:
        """Set somebody's country (two letters), or take it away."""
        return await self._do(
            update_id, lambda connection: people.set_one(connection, user_id, "country", code, _now())
        )

    async def set_language(self, user_id: int, code: str | None, *, update_id: int) -> bool:
        """Set somebody's language, or take it away: then each answer is in its message's."""
        return await self._do(
            update_id, lambda connection: people.set_one(connection, user_id, "language", code, _now())
        )

    async def held(self, user_id: int) -> Held:
        """Everything held about somebody."""
        return await self._database.read(lambda connection: people.held(connection, user_id), snapshot=True)

    async def forget(self, user_id: int, *, update_id: int) -> Forgotten:
        """Delete everything held about somebody."""
        forgotten = await self._once(update_id, lambda connection: people.forget(connection, user_id))
        return forgotten or Forgotten(done=False)

    async def count_feedback(self, entry: str, verdict: Verdict, *, update_id: int) -> bool:
        """Count what somebody said of an entry's answer, in this month. Who is not kept."""
        return await self._do(update_id, lambda connection: feedback.count(connection, entry, verdict, _now()))

    async def feedback(self) -> tuple[FeedbackCount, ...]:
        """Every count of feedback."""
        return await self._database.read(feedback.counts)

    async def keep_question(self, user_id: int, text: str, language: str, *, update_id: int) -> bool:
        """Keep a question that its sender gave to the curators. The caller has taken contact details out of `text`."""
        return await self._do(
            update_id, lambda connection: people.keep_question(connection, user_id, text, language, _now())
        )

    async def questions(self) -> tuple[Question, ...]:
        """The questions for the curators, oldest first, without who asked."""
        return await self._database.read(people.all_questions)

    async def group(self, chat_id: int) -> Group:
        """A group's settings; the defaults where none were changed."""
        return await self._database.read(lambda connection: groups.group(connection, chat_id))

    async def change_group(self, chat_id: int, *, update_id: int, **changes: Unpack[GroupChange]) -> bool:
        """Change those of a group's settings that are named."""
        return await self._do(update_id, lambda connection: groups.change(connection, chat_id, changes, _now()))

    async def migrate_group(self, old: int, new: int) -> None:
        """Move everything about a group to its new chat id. Doing it again does nothing."""
        await self._database.write(lambda connection: groups.migrate(connection, old, new))

    async def forget_group(self, chat_id: int) -> None:
        """Delete everything about a group: the bot was removed from it. Doing it again does nothing."""
        await self._database.write(lambda connection: groups.forget(connection, chat_id))

    async def was_handled(self, update_id: int) -> bool:
        """Whether an update was handled, by this program or another on the same database."""
        return await self._database.read(lambda connection: updates.was_handled(connection, update_id))

    async def handled(self, update_ids: Iterable[int]) -> None:
        """Mark updates as handled, those that are marked already too."""
        await self._database.write(lambda connection: updates.mark_all(connection, update_ids, _now()))

    async def latest_handled(self, most: int) -> tuple[int, ...]:
        """The updates handled last, at most so many, oldest first."""
        return await self._database.read(lambda connection: updates.latest(connection, most))

    async def purge(self, now: datetime) -> dict[str, int]:
        """Delete what was kept long enough by `now`, by `bot.store.retention`. Gives the rows deleted by table."""
        deleted = await self._database.write(lambda connection: retention.purge(connection, now))
        await self._database.empty_log()
        return deleted

    async def _once(self, update_id: int, work: Callable[[AsyncConnection], Awaitable[T]]) -> T | None:
        """Mark the update and give what `work` gives, in one transaction; nothing where the update was marked."""

        async def marked(connection: AsyncConnection) -> T | None:
            return await work(connection) if await updates.mark(connection, update_id, _now()) else None

        return await self._database.write(marked)

    async def _do(self, update_id: int, work: Callable[[AsyncConnection], Awaitable[None]]) -> bool:
        """Whether `work` was done now."""

        async def done(connection: AsyncConnection) -> bool:
            await work(connection)
            return True

        return await self._once(update_id, done) is not None


def _now() -> datetime:
    return datetime.now(UTC)
