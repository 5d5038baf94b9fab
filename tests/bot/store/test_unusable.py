"""A database that cannot be reached, does not answer or is none: a plain `StoreError`, soon, without a secret."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from time import monotonic
from traceback import format_exception
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.store import Store, StoreError, User

from .relay import Relay

SOON = 20
"""Seconds in which even a busy machine says it; the store itself waits for 2."""
SECRET = "s3cret-password"


@pytest.fixture
async def relayed(new_database: Callable[[str], str]) -> AsyncIterator[tuple[Relay, str]]:
    """Give a way to a PostgreSQL database, and the database's URL by this way."""
    there = urlsplit(new_database("postgresql"))
    query = parse_qs(there.query)
    host, port = query.get("host", [there.hostname])[0], there.port or 5432
    async with Relay(str(host), port) as relay:
        user = there.username or "postgres"
        password = f":{there.password}" if there.password else f":{SECRET}"
        yield relay, f"postgresql://{user}{password}@127.0.0.1:{relay.port}{there.path}"


async def refused(store: Store) -> str:
    began = monotonic()
    with pytest.raises(StoreError) as caught:
        await store.user(1)
    assert monotonic() - began < SOON
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return str(caught.value)


async def test_a_cut_connection_is_made_anew(relayed: tuple[Relay, str]) -> None:
    relay, url = relayed
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
        await relay.close()
        said = await refused(store)
        assert "cannot be used" in said
        assert SECRET not in said
        with pytest.raises(StoreError):
            await store.set_country(1, "FR", update_id=2)
        await relay.open()
        assert await store.user(1) == User("DE")
        assert await store.set_country(1, "FR", update_id=2)


async def test_a_connection_that_was_cut_between_two_uses_is_not_noticed(relayed: tuple[Relay, str]) -> None:
    relay, url = relayed
    async with await Store.open(url) as store:
        await asyncio.gather(*(store.user(number) for number in range(5)))  # as many connections as the pool keeps
        await relay.close()
        await relay.open()
        for update_id in range(5):
            assert await store.set_country(1, "DE", update_id=update_id)


async def test_a_frozen_server_is_given_up_soon_and_used_again_later(relayed: tuple[Relay, str]) -> None:
    relay, url = relayed
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
        relay.freeze()
        assert "does not answer in time" in await refused(store)
        await asyncio.gather(*(refused(store) for _ in range(30)))  # more than the pool has
        relay.thaw()
        assert await store.user(1) == User("DE")


async def test_a_server_that_is_not_there_is_said_at_the_start(relayed: tuple[Relay, str]) -> None:
    relay, url = relayed
    await relay.close()
    with pytest.raises(StoreError, match=r"cannot be used: .*storage\.url") as caught:
        await Store.open(url)
    assert SECRET not in str(caught.value)
    await relay.open()
    missing = url.rpartition("/")[0] + "/not_there"
    with pytest.raises(StoreError, match=r'"not_there" does not exist'):
        await Store.open(missing)


async def test_a_locked_file_is_given_up_soon_and_read_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    async with await Store.open(f"sqlite:///{file}") as store:
        await store.set_country(1, "DE", update_id=1)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = monotonic()
            with pytest.raises(StoreError, match="locked"):
                await store.set_country(1, "FR", update_id=2)
            assert monotonic() - began < SOON
            done = await asyncio.gather(
                *(store.set_country(n, "FR", update_id=n) for n in range(3, 9)), return_exceptions=True
            )
            assert all(isinstance(one, StoreError) for one in done)
            assert await store.user(1) == User("DE")
            other.execute("ROLLBACK")
        assert await store.set_country(1, "FR", update_id=2)
        assert await store.user(1) == User("FR")


async def test_no_text_stands_in_an_error(tmp_path: Path) -> None:
    file, question = tmp_path / "a.db", "only-for-curators"
    async with await Store.open(f"sqlite:///{file}") as store:
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TRIGGER no BEFORE INSERT ON questions BEGIN SELECT RAISE(ABORT, 'not now'); END")
        with pytest.raises(StoreError, match="not now") as caught:
            await store.keep_question(1, question, "en", update_id=1)
    assert question not in "".join(format_exception(caught.value))


async def test_a_call_that_is_given_up_does_no_harm(store: Store) -> None:
    for update_id in range(30):
        task = asyncio.create_task(store.count_feedback("dose", "yes", update_id=update_id))
        for _ in range(update_id):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    for update_id in range(30):
        await store.count_feedback("dose", "yes", update_id=update_id)
    assert [one.count for one in await store.feedback()] == [30]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: file.write_text("this is no database, it is a letter" * 100), "not a database"),
        (lambda file: file.mkdir(), "cannot be used"),
    ],
)
async def test_a_file_that_is_no_database(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    file = tmp_path / "a.db"
    make(file)
    with pytest.raises(StoreError, match=said) as caught:
        await Store.open(f"sqlite:///{file}")
    assert str(file) in str(caught.value)


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be used: No such file or directory.*storage\.url"):
        await Store.open(f"sqlite:///{tmp_path}/not/there.db")


async def test_a_file_deleted_while_running_is_not_made_anew_for_everybody_to_read(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    store = await Store.open(f"sqlite:///{file}")
    await store.close()
    file.unlink()
    with pytest.raises(StoreError, match="the file is gone"):
        await store.user(1)
    assert not file.exists()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://a:s3cret@b/c", "sqlite://", "postgresql://", f"postgresql://a:{SECRET}@h:port/x"]
)
async def test_an_address_that_is_none_is_not_repeated(url: str) -> None:
    with pytest.raises(StoreError, match=r"storage\.url") as caught:
        await Store.open(url)
    assert "s3cret" not in str(caught.value)


async def test_unknown_options_of_an_address_are_named() -> None:
    with pytest.raises(StoreError, match="not target_session_attrs"):
        await Store.open("postgresql://a@h/x?target_session_attrs=any")
