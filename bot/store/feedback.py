"""What people said of answers: counts by month, never who."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.records import FeedbackCount, Verdict
from bot.store.sql import insert
from bot.store.tables import feedback


async def count(connection: AsyncConnection, entry: str, verdict: Verdict, now: datetime) -> None:
    """Count one verdict on an entry."""
    month = now.date().replace(day=1)
    one = insert(connection, feedback).values(entry=entry, verdict=verdict, month=month, count=1)
    await connection.execute(
        one.on_conflict_do_update(
            index_elements=["entry", "verdict", "month"], set_={"count": feedback.c.count + one.excluded["count"]}
        )
    )


async def counts(connection: AsyncConnection) -> tuple[FeedbackCount, ...]:
    """All counts, by entry, month and verdict."""
    c = feedback.c
    rows = await connection.execute(
        select(c.entry, c.verdict, c.month, c["count"]).order_by(c.entry, c.month, c.verdict)
    )
    return tuple(FeedbackCount(*row) for row in rows)
