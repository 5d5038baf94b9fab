"""Which updates were handled, so that one that Telegram delivers anew is not handled again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.sql import insert
from bot.store.tables import handled


async def mark(connection: AsyncConnection, update_id: int, now: datetime) -> bool:
    """Mark an update as handled. False where it was before."""
    row = insert(connection, handled).values(update_id=update_id, at=now)
    return (await connection.execute(row.on_conflict_do_nothing())).rowcount > 0


async def mark_all(connection: AsyncConnection, update_ids: Iterable[int], now: datetime) -> None:
    """Mark many at once."""
    # In order, so that two programs that write the same ones wait for one another in turn, never both at once.
    rows = [{"update_id": update_id, "at": now} for update_id in sorted(set(update_ids))]
    if rows:
        await connection.execute(insert(connection, handled).on_conflict_do_nothing(), rows)


async def was_handled(connection: AsyncConnection, update_id: int) -> bool:
    """Whether an update is marked."""
    return await connection.scalar(select(handled.c.update_id).where(handled.c.update_id == update_id)) is not None


async def latest(connection: AsyncConnection, most: int) -> tuple[int, ...]:
    """The ids handled last, at most so many, oldest first."""
    newest = select(handled.c.update_id).order_by(handled.c.at.desc(), handled.c.update_id.desc()).limit(most)
    return tuple(reversed((await connection.scalars(newest)).all()))
