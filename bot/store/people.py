"""What is held about a person: their settings, and the questions they gave to the curators."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.records import Forgotten, Held, Question, User
from bot.store.sql import upsert
from bot.store.tables import questions, users

_QUESTION = (questions.c.id, questions.c.text, questions.c.language, questions.c.asked)


async def user(connection: AsyncConnection, user_id: int) -> User:
    """Somebody's settings."""
    found = await connection.execute(select(users.c.country, users.c.language).where(users.c.id == user_id))
    row = found.one_or_none()
    return User(*row) if row else User()


async def set_one(
    connection: AsyncConnection, user_id: int, name: Literal["country", "language"], value: str | None, now: datetime
) -> None:
    """Set one of somebody's settings, or take it away; the row goes with the last of them."""
    await upsert(connection, users, {"id": user_id}, {name: value, "changed": now})
    nothing_set = users.c.country.is_(None) & users.c.language.is_(None)
    await connection.execute(delete(users).where(users.c.id == user_id, nothing_set))


async def held(connection: AsyncConnection, user_id: int) -> Held:
    """Everything about one person."""
    changed = await connection.scalar(select(users.c.changed).where(users.c.id == user_id))
    asked = await connection.execute(select(*_QUESTION).where(questions.c.user_id == user_id).order_by(questions.c.id))
    return Held(await user(connection, user_id), changed, tuple(Question(*row) for row in asked))


async def forget(connection: AsyncConnection, user_id: int) -> Forgotten:
    """Delete everything about one person."""
    settings = await connection.execute(delete(users).where(users.c.id == user_id))
    asked = await connection.execute(delete(questions).where(questions.c.user_id == user_id))
    return Forgotten(done=True, settings=settings.rowcount, questions=asked.rowcount)


async def keep_question(connection: AsyncConnection, user_id: int, text: str, language: str, now: datetime) -> None:
    """Keep a question for the curators."""
    # Half an emoji and the character NUL come in JSON, but no database takes them.
    text = text.encode("utf-8", "replace").decode().replace("\0", "")
    await connection.execute(questions.insert().values(user_id=user_id, text=text, language=language, asked=now))


async def all_questions(connection: AsyncConnection) -> tuple[Question, ...]:
    """The questions for the curators, oldest first."""
    return tuple(Question(*row) for row in await connection.execute(select(*_QUESTION).order_by(questions.c.id)))
