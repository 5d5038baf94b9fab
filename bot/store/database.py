"""A database's address → connections that are durable, bounded in time, and fail with a `StoreError` in plain words."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.errors import StoreError

PATIENCE = 2.0
"""Seconds until a database that does not answer is given up: answers wait for it no longer than that."""
CONNECTING = 5.0
"""Seconds in which PostgreSQL must take a connection, however patient one is otherwise."""
_LOCKED = 8.0
"""Seconds, at most, for which a locked SQLite file is waited for."""
_PRAGMAS = (
    # Readers and the one writer do not wait for each other.
    "PRAGMA journal_mode = WAL",
    # Each commit is on the disk before it counts. NORMAL would survive a killed program just as well, but not a power
    # cut, and then what somebody had deleted would be back. It costs one fsync for each choice somebody makes, and one
    # for each batch of handled updates: a few a second at most.
    "PRAGMA synchronous = FULL",
    # What is deleted is overwritten, too: /forget means it.
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
)

T = TypeVar("T")


class Database:
    """Connections to one database. Nothing is opened before it is used.

    `url` is `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`; `patience` bounds each use of it, in seconds.
    `shown` says which database it is without its password; `file` is SQLite's. Raises `StoreError` if the URL or the
    driver for it will not do.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.patience = patience
        self.file: Path | None = None
        try:
            parsed = make_url(url)
            if parsed.drivername == "sqlite" and parsed.database:
                self.file = Path(parsed.database).absolute()
                self.shown = f"The database {self.file}"
                self._engine = _sqlite(self.file, patience)
            elif parsed.drivername == "postgresql" and parsed.database:
                host = parsed.host or parsed.query.get("host", "this machine")
                self.shown = f"The database {parsed.database} on {host}"
                self._engine = _postgresql(parsed, patience)
            else:
                raise StoreError("storage.url is due to be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.")
        except (ArgumentError, NoSuchModuleError, ValueError):
            raise StoreError("storage.url is no database's address. See config.example.yaml.") from None
        except ModuleNotFoundError as error:
            raise StoreError(
                f"PostgreSQL needs the package {error.name}. Install it: pip install 'kratom-answers[postgres]'"
            ) from None
        self._failures = _failures()
        # SQLite has one writer at a time; waiting here is fairer than asking the locked file again and again.
        self._turn = asyncio.Lock() if self.file else None
        self._working: set[asyncio.Task[Any]] = set()

    def find_file(self, *, create: bool) -> None:
        """See whether SQLite's file is there and is one; with `create`, make one that only its owner can read.

        Raises `StoreError`. Whether PostgreSQL's database is there, using it tells.
        """
        if self.file is None:
            return
        try:
            if create:
                with suppress(FileExistsError):
                    os.close(os.open(self.file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            elif not self.file.exists():
                raise StoreError(f"There is no database {self.file}. Check storage.url, and in which folder you are.")
            # Not by the engine: its threads would still speak of a file that is none when the program has ended.
            with closing(sqlite3.connect(f"{self.file.as_uri()}?mode=rw", uri=True, timeout=_LOCKED)) as connection:
                connection.execute(_PRAGMAS[0])
        except (OSError, sqlite3.Error) as error:
            problem = error.strerror if isinstance(error, OSError) else error
            raise StoreError(f"{self.shown} cannot be used: {problem}. Name another in storage.url.") from None

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]], *, snapshot: bool = False) -> T:
        """Give what `work` reads; with `snapshot`, all that it reads is of one moment. Raises `StoreError`."""
        options: dict[str, str | None] = {}
        if not snapshot:
            options["begins"] = None  # one read is a transaction of its own in SQLite; to begin one takes as long again
        elif self.file is None:
            options["isolation_level"] = "REPEATABLE READ"

        async def reading() -> T:
            async with self._engine.execution_options(**options).connect() as connection:
                return await work(connection)

        return await self._soon(reading)

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Give what `work` gives, in a transaction that is committed if it raises nothing. Raises `StoreError`.

        After a `StoreError` that says that there was no answer, it may be committed or not.
        """

        async def writing() -> T:
            async with self._engine.execution_options(begins="BEGIN IMMEDIATE").begin() as connection:
                return await work(connection)

        return await self._soon(writing, self._turn)

    async def empty_log(self) -> None:
        """Take what was deleted out of SQLite's log, too, unless somebody is reading. Raises `StoreError`."""

        async def emptying(connection: AsyncConnection) -> None:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

        if self.file:
            await self.read(emptying)

    async def close(self) -> None:
        """Finish what is under way, then close every connection."""
        await asyncio.gather(*self._working, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                await self._engine.dispose()

    async def _soon(self, work: Callable[[], Awaitable[T]], turn: asyncio.Lock | None = None) -> T:
        """Do some work, and say plainly what goes wrong. No longer than `patience` is waited for it."""

        async def in_turn() -> T:
            if turn is None:
                return await work()
            async with asyncio.timeout(self.patience):
                await turn.acquire()
            try:
                return await work()
            finally:
                turn.release()

        task = asyncio.create_task(in_turn())
        self._working.add(task)
        task.add_done_callback(self._ended)
        try:
            async with asyncio.timeout(self.patience):
                return await asyncio.shield(task)
        except TimeoutError:
            problem = "it does not answer in time"
        except self._failures as error:
            problem = _plainly(error)
        finally:
            # A thread at work on a file cannot be stopped. It ends by itself: SQLite waits for locks only so long.
            if self.file is None:
                task.cancel()
        # Outside, so that the driver's error is not its context: that may quote what was to be written.
        raise StoreError(f"{self.shown} cannot be used: {problem}. Check it and storage.url.")

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._working.discard(task)
        if not task.cancelled():
            task.exception()  # was raised to whoever waited, if anybody still did


def _sqlite(file: Path, patience: float) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=file.as_uri(), query={"mode": "rw", "uri": "true"})  # never makes one
    waits = min(patience * 0.8, _LOCKED)  # less than `patience`, so that SQLite can say what it waited for
    engine = create_async_engine(
        url,
        pool_timeout=patience,
        hide_parameters=True,
        # Python's own way begins no transaction before a CREATE TABLE; `begin` below does.
        connect_args={"isolation_level": None, "timeout": waits},
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def before_connect(*_: object) -> None:
        if not file.is_file():
            raise FileNotFoundError(errno.ENOENT, "the file is gone")

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, record: object) -> None:  # noqa: ARG001  SQLAlchemy calls it so
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer says so at once: a reader that wants to write later may be refused without waiting.
        begins = connection.get_execution_options().get("begins", "BEGIN")
        if begins:
            connection.exec_driver_sql(begins)

    return engine


def _postgresql(url: URL, patience: float) -> AsyncEngine:
    unknown = set(url.query) - {"host", "port", "ssl", "sslmode"}
    if unknown:
        raise StoreError(
            f"storage.url: after '?', only host, port and sslmode are known, not {', '.join(sorted(unknown))}."
        )
    query = {
        "ssl" if name == "sslmode" else name: value for name, value in url.query.items()
    }  # the driver's name for it
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query=query),
        pool_pre_ping=True,
        pool_timeout=patience,
        hide_parameters=True,
        connect_args={"timeout": CONNECTING, "command_timeout": patience},
    )


def _failures() -> tuple[type[Exception], ...]:
    """What the drivers raise; what they do while they connect is not wrapped by SQLAlchemy."""
    usual = (SQLAlchemyError, OSError, sqlite3.Error)
    try:
        import asyncpg
    except ModuleNotFoundError:  # the optional extra `postgres`
        return usual
    return (*usual, asyncpg.PostgresError, asyncpg.InterfaceError)


def _plainly(error: Exception) -> str:
    """The first line of what a driver said: further ones may quote what was to be written."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
    return said.rpartition(">: ")[2].strip(" .") or type(error).__name__
