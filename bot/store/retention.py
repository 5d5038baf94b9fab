"""How long anything is kept: the one table that `purge` and what the bot says about privacy read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import handled, questions, users


@dataclass(frozen=True)
class Rule:
    """Rows of `table` are kept for `kept` after the time in their column `since`."""

    table: Table
    since: str
    kept: timedelta


RULES = (
    Rule(users, "changed", timedelta(days=365)),
    Rule(questions, "asked", timedelta(days=180)),
    Rule(handled, "at", timedelta(days=2)),
)
"""Group settings are kept until the bot leaves the group; counts of feedback, which name nobody, for good."""


def kept(table: Table) -> timedelta:
    """How long rows of a table are kept."""
    return next(rule.kept for rule in RULES if rule.table is table)


async def purge(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """Delete what has been kept long enough. Gives the number of deleted rows by table."""
    deleted = {}
    for rule in RULES:
        result = await connection.execute(delete(rule.table).where(rule.table.c[rule.since] < now - rule.kept))
        deleted[rule.table.name] = result.rowcount
    return deleted
