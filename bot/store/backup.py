"""A database → a portable backup, and back: every table, whatever its revision, from SQLite or PostgreSQL to either."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import portable, schema
from bot.store.errors import StoreError
from bot.store.tables import metadata

_AT_ONCE = 1000
"""Rows written with one command."""


async def dump(connection: AsyncConnection, file: Path) -> None:
    """Write all tables into a new file. Raises `StoreError` if it exists, or the database holds nothing of ours."""
    revision = await connection.run_sync(schema.revision)
    if revision is None:
        raise StoreError("There is no data of kratom-answers in this database. Check storage.url.")
    tables = await connection.run_sync(_reflected)
    with portable.new_file(file) as out:
        writer = portable.Writer(out, revision)
        for table in tables:
            writer.table(table.name, tuple(table.columns.keys()))
            async with connection.stream(select(table).order_by(*table.primary_key)) as rows:
                async for row in rows:
                    writer.row(tuple(map(_to_json, row)))
        writer.end()


def load(connection: Connection, file: Path, *, replace: bool = False) -> int:
    """Read a backup into a database that holds no row, or in place of all it holds with `replace`.

    Gives the number of rows. All within the connection's transaction, so that whoever calls this undoes it all by
    rolling that back. A backup of an earlier revision is brought forward. Raises `StoreError` if the backup is damaged
    or of a newer program, or the database is not empty.
    """
    revision = portable.revision(file)
    if revision not in schema.revisions():
        raise StoreError(
            f"{file} was made by a newer program (its tables are of revision {revision}). Install that one."
        )
    _clear(connection, replace=replace)
    schema.upgrade(connection, revision)
    tables = {table.name: table for table in _reflected(connection)}
    total = 0
    for (name, columns), rows in groupby(portable.rows(file), key=lambda row: (row.table, row.columns)):
        table = tables.get(name)
        if table is None or not set(columns) <= set(table.columns.keys()):
            raise StoreError(f"{file} does not fit revision {revision}: table {name}. Take another backup.")
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append({c: _from_json(table.columns[c], v) for c, v in zip(columns, row.values, strict=True)})
            if len(batch) == _AT_ONCE:
                total += _write(connection, table, batch)
        total += _write(connection, table, batch)
    if connection.dialect.name == "postgresql":
        for table in tables.values():
            _count_on(connection, table)
    schema.upgrade(connection)
    return total


def _write(connection: Connection, table: Table, batch: list[dict[str, Any]]) -> int:
    written = len(batch)
    if batch:
        connection.execute(table.insert(), batch)
        batch.clear()
    return written


def _clear(connection: Connection, *, replace: bool) -> None:
    there = _reflected(connection)
    foreign = {table.name for table in there} - set(metadata.tables)
    if foreign:
        raise StoreError(
            f"The database holds tables that this program does not know ({', '.join(sorted(foreign))}); they are not "
            "touched. Restore into a database of its own."
        )
    revision = schema.revision(connection)
    if revision is not None and revision not in schema.revisions():
        raise StoreError("The database belongs to a newer program. Restore with that one, or into an empty database.")
    full = [table.name for table in there if connection.scalar(select(func.count()).select_from(table))]
    if full and not replace:
        raise StoreError(
            f"The database is not empty ({', '.join(full)}). Name an empty one in storage.url, or use --replace to "
            "delete what it holds."
        )
    old = MetaData()
    old.reflect(connection, only=lambda name, _: name in metadata.tables or name == schema.VERSION_TABLE)
    old.drop_all(connection)


def _reflected(connection: Connection) -> list[Table]:
    """The tables as they are in the database, whatever its revision, those referred to first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != schema.VERSION_TABLE)
    return found.sorted_tables


def _count_on(connection: Connection, table: Table) -> None:
    """Make PostgreSQL number new rows from the highest number on."""
    for column in table.primary_key:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        if sequence:
            following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, following, literal(value=False))))


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _from_json(column: Column[Any], value: Any) -> Any:
    due = column.type.python_type
    if value is None:
        return None
    try:
        if due is datetime:
            return datetime.fromisoformat(value)
        if due is date:
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    else:
        if type(value) is due:
            return value
    raise StoreError(f"The backup does not fit: {column} cannot be {value!r:.20}. Use another backup.")
