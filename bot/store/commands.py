"""`kratom-answers db …`: backup and restore, upgrade, purge, and what is held about somebody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.config import Config, ConfigError
from bot.store.errors import StoreError

app = typer.Typer(name="db", help="Look after the bot's database.", no_args_is_help=True)
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="The settings (YAML). Default: config.yaml here, if there is one.")
]
T = TypeVar("T")


@app.command()
def backup(
    config: ConfigFile = None,
    to: Annotated[Path | None, typer.Option("--to", help="The new file. Default: one named by the time, here.")] = None,
) -> None:
    """Write everything into one new file, while the bot runs or not. It fits SQLite and PostgreSQL."""
    file = to or Path(f"kratom-answers-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.jsonl.gz")

    async def write(url: str) -> None:
        from bot.store.backup import dump
        from bot.store.database import Database
        from bot.store.preparing import PATIENCE

        database = Database(url, patience=PATIENCE)
        database.find_file(create=False)
        try:
            await database.read(lambda connection: dump(connection, file), snapshot=True)
        finally:
            await database.close()

    _run(config, write)
    typer.echo(f"Wrote {file}.", err=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'db backup' wrote.", metavar="FILE")],
    config: ConfigFile = None,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Delete what the database holds first.")] = False,
) -> None:
    """Read a backup into an empty database, whole or not at all. Stop the bot first."""

    async def read(url: str) -> int:
        from bot.store.backup import load
        from bot.store.database import Database
        from bot.store.preparing import PATIENCE

        database = Database(url, patience=PATIENCE)
        database.find_file(create=True)
        try:
            return await database.write(lambda connection: connection.run_sync(load, file, replace=replace))
        finally:
            await database.close()

    rows = _run(config, read)
    typer.echo(f"Restored {rows} row{'' if rows == 1 else 's'} from {file}.", err=True)


@app.command()
def upgrade(config: ConfigFile = None) -> None:
    """Bring the database to this program's revision. A copy of the earlier one is kept."""

    async def bring(url: str) -> Any:
        from bot.store.preparing import prepare

        return await prepare(url, create=False)

    done = _run(config, bring)
    if done.before == done.after:
        typer.echo(f"Nothing to do: the database is of revision {done.after}.", err=True)
    else:
        typer.echo(f"Upgraded from revision {done.before} to {done.after}. The earlier one: {done.copy}", err=True)


@app.command()
def purge(config: ConfigFile = None) -> None:
    """Delete now what has been kept long enough. The bot does so by itself once a day."""

    async def delete(url: str) -> dict[str, int]:
        from bot.store import Store

        async with await Store.open(url, create=False) as store:
            return await store.purge(datetime.now(UTC))

    for table, rows in _run(config, delete).items():
        typer.echo(f"{table}: {rows}")


@app.command("show-user")
def show_user(
    user_id: Annotated[int, typer.Argument(help="Telegram's number of the person.", metavar="ID")],
    config: ConfigFile = None,
) -> None:
    """Show everything that is held about one person."""

    async def look(url: str) -> Any:
        from bot.store import Store

        async with await Store.open(url, create=False) as store:
            return await store.held(user_id)

    held = _run(config, look)
    if held.changed:
        typer.echo(f"country: {held.user.country or '-'}")
        typer.echo(f"language: {held.user.language or '-'}")
        typer.echo(f"changed: {held.changed:%Y-%m-%d %H:%M} UTC")
    for question in held.questions:
        said = json.dumps(question.text, ensure_ascii=False)  # what steers a terminal comes out as harmless text
        typer.echo(f"question {question.id} ({question.language}, {question.asked:%Y-%m-%d %H:%M} UTC): {said}")
    if not held.changed and not held.questions:
        typer.echo(f"Nothing is held about {user_id}.")


def _run(config: Path | None, command: Callable[[str], Coroutine[Any, Any, T]]) -> T:
    """Do what a command does on the configured database. What somebody can mend is said without a traceback."""
    try:
        url = Config.load(config).storage.url.get_secret_value()
        return asyncio.run(command(url))
    except (ConfigError, StoreError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
