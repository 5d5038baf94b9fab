"""The one thing that SQLite and PostgreSQL say alike but SQLAlchemy's common part does not: INSERT … ON CONFLICT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of the connection's dialect."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def upsert(
    connection: AsyncConnection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], **when_new: Any
) -> None:
    """Write `values` to the row with this key; make the row, with `when_new` too, where there is none."""
    statement = insert(connection, table).values(**when_new | {**key, **values})
    await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
