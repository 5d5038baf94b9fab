"""Which updates were handled: known at once, written in few batches, and never in an answer's way."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Handled, Store
from bot.store import handled as module


class Watched(Store):
    """A store that says what it is given, and what of that it has written."""

    def watch(self) -> None:
        self.batches: list[set[int]] = []
        self.written: set[int] = set()
        self._changed = asyncio.Condition()

    async def handled(self, update_ids: Iterable[int]) -> None:
        given = set(update_ids)
        self.batches.append(given)
        try:
            await super().handled(given)
            self.written |= given
        finally:
            async with self._changed:
                self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds after a write, or after one that failed."""
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(condition)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Watched]:
    async with await Watched.open(url) as opened:
        opened.watch()
        yield opened


async def test_what_is_added_is_known_at_once_and_written_soon(store: Watched) -> None:
    handled = await Handled.load(store)
    assert 7 not in handled
    handled.add(7)
    assert 7 in handled
    assert not store.batches
    await store.until(lambda: 7 in store.written)
    handled.add(8)
    await store.until(lambda: 8 in store.written)
    await handled.close()
    assert store.batches == [{7}, {8}]


async def test_a_thousand_updates_are_one_write(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY", 3600)
    handled = await Handled.load(store)
    for update_id in range(1000):
        handled.add(update_id)
        if update_id % 50 == 0:
            await store.user(1)  # time enough to write, were it not for the pause
    assert not store.batches
    await handled.close()
    assert store.batches == [set(range(1000))]
    assert set(await store.latest_handled(2000)) == set(range(1000))


async def test_a_stop_writes_what_is_not_written_and_a_start_reads_it(url: str) -> None:
    async with await Store.open(url) as store:
        handled = await Handled.load(store)
        for update_id in (3, 1, 2):
            handled.add(update_id)
        await handled.close()
        await handled.close()
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=4)
        handled = await Handled.load(store)
        assert [update_id in handled for update_id in range(6)] == [False, True, True, True, True, False]
        await handled.close()


async def test_a_stop_in_the_middle_of_a_write_loses_nothing(store: Watched) -> None:
    handled = await Handled.load(store)
    handled.add(1)
    await store.until(lambda: 1 in store.written)
    for update_id in range(2, 2000):
        handled.add(update_id)
    await asyncio.sleep(module.EVERY)  # about when it writes
    handled.add(2000)
    await handled.close()
    assert set(await store.latest_handled(5000)) == set(range(1, 2001))


async def test_only_the_latest_are_kept_in_memory(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    await store.handled([1])
    await store.handled([2, 3, 4])
    handled = await Handled.load(store)
    assert [update_id in handled for update_id in range(1, 5)] == [False, True, True, True]
    handled.add(5)
    handled.add(4)
    assert [update_id in handled for update_id in range(1, 6)] == [False, False, True, True, True]
    await handled.close()


async def test_a_database_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.05)
    file = tmp_path / "a.db"
    async with await Watched.open(f"sqlite:///{file}") as store:
        store.watch()
        handled = await Handled.load(store)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            handled.add(1)
            await store.until(lambda: len(store.batches) > 0)
            assert not store.written
            handled.add(2)
            assert 1 in handled
            assert 2 in handled
            other.execute("ROLLBACK")
        await store.until(lambda: 1 in store.written)
        await store.until(lambda: 2 in store.written)
        await handled.close()


async def test_a_stop_with_a_database_that_fails_ends_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    async with await Store.open(f"sqlite:///{file}") as store:
        handled = await Handled.load(store)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            handled.add(1)
            await handled.close()
            other.execute("ROLLBACK")
