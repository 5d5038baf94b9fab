"""How an empty, an older, a newer and another program's database are met."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.store import Store, StoreError, User, schema
from bot.store.database import Database
from bot.store.preparing import Prepared, prepare
from bot.store.tables import metadata

from .probes import execute, rows

LATER = '''
"""A step that only these tests know."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", "0001", None, None


def upgrade() -> None:
    op.add_column("users", sa.Column("nickname", sa.Text))
    op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE users SET nickname = 'none'")
'''
FAILS = '    op.execute("SELECT * FROM nowhere")\n'


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Give a function that makes this program a later one, and one that makes it as it is again."""

    def become(step: str = LATER) -> Callable[[], None]:
        folder = tmp_path / "later 100%"
        folder.mkdir(exist_ok=True)
        (folder / "later.py").write_text(step, "utf-8")
        monkeypatch.setattr(schema, "VERSIONS", [*schema.VERSIONS, folder])
        return monkeypatch.undo

    monkeypatch.chdir(tmp_path)
    return become


def files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


async def test_the_steps_make_what_the_tables_say(store: Store, url: str) -> None:
    await store.close()
    database = Database(url)
    options = {"compare_type": True, "compare_server_default": True}
    differences = await database.read(
        lambda connection: connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts=options), metadata)
        )
    )
    await database.close()
    assert differences == []


async def test_the_steps_form_one_line() -> None:
    assert schema.revisions() == ["0001"]


async def test_opening_again_changes_nothing(url: str) -> None:
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
    assert await prepare(url) == Prepared("0001", "0001")
    async with await Store.open(url) as store:
        assert await store.user(1) == User("DE")


async def test_programs_that_start_at_once_on_an_empty_database_all_start(url: str) -> None:
    stores = await asyncio.gather(*(Store.open(url) for _ in range(6)))
    await asyncio.gather(*(one.set_country(n, "DE", update_id=n) for n, one in enumerate(stores)))
    for one in stores:
        await one.close()
    assert len(await rows(url, "users")) == 6


async def test_an_older_database_is_copied_then_upgraded(url: str, kind: str, later: Any, tmp_path: Path) -> None:
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
    later()
    prepared = await prepare(url)
    assert (prepared.before, prepared.after) == ("0001", "later")
    assert await rows(url, "alembic_version") == [("later",)]
    assert [row[-1] for row in await rows(url, "users")] == ["none"]
    copy = prepared.copy
    assert copy
    assert copy.parent == tmp_path
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    if kind == "sqlite":
        assert copy.name == f"{Path(url).stem}.before-0001.db"
        with closing(sqlite3.connect(copy)) as before:
            assert before.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
            assert before.execute("SELECT id, country FROM users").fetchall() == [(1, "DE")]
    else:
        assert copy.name == "kratom-answers.before-0001.jsonl.gz"
    async with await Store.open(url) as store:
        assert await store.user(1) == User("DE")


async def test_an_upgrade_that_fails_leaves_all_as_it_was(url: str, later: Any, tmp_path: Path) -> None:
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
    before = await rows(url, "users")
    undo = later(LATER + FAILS)
    for number in (1, 2):
        with pytest.raises(StoreError, match="nowhere"):
            await Store.open(url)
        assert len([file for file in files(tmp_path) if ".before-0001" in file.name]) == number  # none is overwritten
    undo()
    async with await Store.open(url) as store:
        assert await store.user(1) == User("DE")
    assert await rows(url, "users") == before
    with pytest.raises(StoreError):
        await rows(url, "more")


async def test_a_first_start_that_fails_leaves_an_empty_database(url: str, later: Any) -> None:
    undo = later(LATER + FAILS)
    with pytest.raises(StoreError, match="nowhere"):
        await Store.open(url)
    undo()
    async with await Store.open(url) as store:
        assert await store.user(1) == User()


async def test_a_newer_database_is_refused_and_left_alone(url: str, later: Any) -> None:
    undo = later()
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
    before = await rows(url, "users")
    undo()
    with pytest.raises(StoreError, match=r"newer kratom-answers .*revision later.*0001.*Install the newer one"):
        await Store.open(url)
    assert await rows(url, "users") == before


async def test_another_programs_database_is_refused_and_left_alone(url: str) -> None:
    database = Database(url)
    database.find_file(create=True)
    await database.close()
    await execute(url, "CREATE TABLE users (id INTEGER, name TEXT)", "INSERT INTO users VALUES (1, 'x')")
    with pytest.raises(StoreError, match="another program's tables"):
        await Store.open(url)
    assert await rows(url, "users") == [(1, "x")]


async def test_none_is_made_where_none_is_wanted(url: str, kind: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no database|holds nothing of kratom-answers"):
        await Store.open(url, create=False)
    assert kind == "postgresql" or not files(tmp_path)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
async def test_only_the_owner_can_read_the_file(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        async with await Store.open(f"sqlite:///{tmp_path}/a.db") as store:
            await store.set_country(1, "DE", update_id=1)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)}
    finally:
        os.umask(before)
    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}


async def test_what_is_deleted_is_gone_from_the_file_too(tmp_path: Path) -> None:
    secret = "a-question-nobody-else-may-read"
    async with await Store.open(f"sqlite:///{tmp_path}/a.db") as store:
        await store.keep_question(1, secret, "en", update_id=1)
        await store.forget(1, update_id=2)
        await store.purge(datetime.now(UTC))
        assert not any(secret.encode() in path.read_bytes() for path in files(tmp_path))
