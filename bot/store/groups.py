"""Groups' settings, which go with a group when Telegram gives it another id, and go away with it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.records import Group, GroupChange
from bot.store.sql import upsert
from bot.store.tables import groups

_SETTINGS = (groups.c.answers_unasked, groups.c.unasked_every, groups.c.moderators_chat, groups.c.moderators_thread)


async def group(connection: AsyncConnection, chat_id: int) -> Group:
    """A group's settings; the defaults where it has none of its own."""
    row = (await connection.execute(select(*_SETTINGS).where(groups.c.chat_id == chat_id))).one_or_none()
    return Group(*row) if row else Group()


async def change(connection: AsyncConnection, chat_id: int, changes: GroupChange, now: datetime) -> None:
    """Change the settings that are named."""
    await upsert(connection, groups, {"chat_id": chat_id}, {**changes, "changed": now}, **asdict(Group()))


async def migrate(connection: AsyncConnection, old: int, new: int) -> None:
    """Move everything from one chat id to another.

    Where both have settings, those changed last stay. Telegram says a migration twice; the second time nothing happens.
    """
    if old == new:
        return
    both = (
        select(groups.c.chat_id)
        .where(groups.c.chat_id.in_([old, new]))
        .order_by(groups.c.changed, groups.c.chat_id == new)
    )
    found = list(await connection.scalars(both.with_for_update()))
    await connection.execute(delete(groups).where(groups.c.chat_id.in_(found[:-1])))
    await connection.execute(update(groups).where(groups.c.chat_id == old).values(chat_id=new))
    await connection.execute(update(groups).where(groups.c.moderators_chat == old).values(moderators_chat=new))


async def forget(connection: AsyncConnection, chat_id: int) -> None:
    """Delete everything about a group, also where other groups name it as their moderators' chat."""
    await connection.execute(delete(groups).where(groups.c.chat_id == chat_id))
    nowhere = {"moderators_chat": None, "moderators_thread": None}
    await connection.execute(update(groups).where(groups.c.moderators_chat == chat_id).values(nowhere))
