"""What stands in a database, seen past the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.tables import metadata


async def rows(url: str, table: str) -> list[tuple[Any, ...]]:
    """Every row of a table, in some order that is the same each time."""
    database = Database(url)

    async def read(connection: AsyncConnection) -> list[tuple[Any, ...]]:
        found = await connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  the tests' own words
        return sorted((tuple(row) for row in found), key=repr)

    try:
        return await database.read(read)
    finally:
        await database.close()


async def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, with the values that the tables' types make of them: alike whatever the database."""
    database = Database(url)

    async def read(connection: AsyncConnection) -> dict[str, list[tuple[Any, ...]]]:
        return {
            name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
        }

    try:
        return await database.read(read)
    finally:
        await database.close()


async def execute(url: str, *commands: str) -> None:
    """Do something to a database that the store would not."""
    database = Database(url)

    async def write(connection: AsyncConnection) -> None:
        for command in commands:
            await connection.execute(text(command))

    await database.write(write)
    await database.close()
