"""An empty or older database → one of this program's revision, whole or not at all; a newer one is refused."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import backup, schema
from bot.store.database import Database
from bot.store.errors import StoreError

PATIENCE = 600.0
"""Seconds for what may take long: an upgrade, a backup, a restore."""
_LOCK = 0x6B7261746F6D
"""PostgreSQL's advisory lock of whoever migrates, so that programs that start together do it one after the other."""


@dataclass(frozen=True)
class Prepared:
    """Which revision a database had (`None`: it was empty) and has, and where the copy from before lies, if any."""

    before: str | None
    after: str
    copy: Path | None = None


async def prepare(url: str, *, create: bool = True) -> Prepared:
    """Bring a database to this program's revision, after a copy if it holds an earlier one; make it if `create`.

    SQLite's copy is made beside its file as `NAME.before-REVISION.db`, PostgreSQL's in the working folder as a portable
    backup, `NAME.before-REVISION.jsonl.gz`. Raises `StoreError` if there is no database and none is to be made, if it
    is newer than the program or another program's, or if it cannot be reached or copied.
    """
    database = Database(url, patience=PATIENCE)
    database.find_file(create=create)
    try:
        return await database.write(lambda connection: _prepare(database, connection, create=create))
    finally:
        await database.close()


async def _prepare(database: Database, connection: AsyncConnection, *, create: bool) -> Prepared:
    if database.file is None:
        await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    before = await connection.run_sync(schema.revision)
    known = schema.revisions()
    copy = None
    if before == known[0]:
        return Prepared(before, before)
    if before is None:
        if not create:
            raise StoreError(f"{database.shown} holds nothing of kratom-answers. Check storage.url.")
        if await connection.run_sync(schema.tables):
            raise StoreError(f"{database.shown} holds another program's tables. Name one of its own in storage.url.")
    elif before not in known:
        raise StoreError(
            f"{database.shown} belongs to a newer kratom-answers (its tables are of revision {before}, this program's "
            f"of {known[0]}). Install the newer one again, or restore a backup made before the upgrade."
        )
    else:
        copy = await _copy(database, before)
    await connection.run_sync(schema.upgrade)
    return Prepared(before, known[0], copy)


async def _copy(database: Database, before: str) -> Path:
    if database.file:
        copy = _free(database.file.with_suffix(""), before, ".db")
        await asyncio.to_thread(_copy_sqlite, database.file, copy)
    else:
        copy = _free(Path.cwd() / "kratom-answers", before, ".jsonl.gz")
        await database.read(lambda connection: backup.dump(connection, copy), snapshot=True)
    return copy


def _free(stem: Path, before: str, ending: str) -> Path:
    """A name that is not taken: an upgrade that failed may have left its copy."""
    names = (f"{stem.name}.before-{before}{again}{ending}" for again in ("", *(f"-{n}" for n in range(2, 10_000))))
    return next(file for name in names if not (file := stem.with_name(name)).exists())


def _copy_sqlite(file: Path, copy: Path) -> None:
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The copy before the upgrade, {copy}, cannot be written: {error}. Make room for it."
        ) from None
