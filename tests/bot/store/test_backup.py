"""Backups: from either database to either, whole or not at all, and damage is seen."""

from __future__ import annotations

import gzip
import random
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store, StoreError
from bot.store.backup import dump, load
from bot.store.database import Database
from bot.store.portable import Writer, new_file

from .conftest import DATABASES
from .probes import everything, execute, rows

TEXTS = ("plain", "two\nlines", '"quoted" \\ and, comma', "¿español? ไทย 🙂", "", "' ; DROP TABLE users; --")
BIG = 2**52 - 1


async def fill(url: str) -> None:
    """Put something of everything into an empty database."""
    async with await Store.open(url) as store:
        await store.set_country(BIG, "DE", update_id=BIG)
        await store.set_language(1, "es", update_id=1)
        for number, text in enumerate(TEXTS, start=10):
            await store.keep_question(number, text, "en", update_id=number)
        await store.forget(10, update_id=20)  # the numbers of questions have a gap
        await store.count_feedback("dose", "not-in-source", update_id=21)
        await store.change_group(-BIG, answers_unasked=True, moderators_chat=-5, update_id=22)
        await store.handled(range(100, 2500))


async def backup(url: str, file: Path) -> None:
    database = Database(url, patience=100)
    try:
        await database.read(lambda connection: dump(connection, file), snapshot=True)
    finally:
        await database.close()


async def restore(url: str, file: Path, *, replace: bool = False) -> int:
    database = Database(url, patience=100)
    database.find_file(create=True)
    try:
        return await database.write(lambda connection: connection.run_sync(load, file, replace=replace))
    finally:
        await database.close()


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    file.write_bytes(change(file.read_bytes()))


def lines_of(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.jsonl.gz"


@pytest.mark.parametrize("target", DATABASES)
async def test_a_restored_database_equals_the_first(
    url: str, target: str, new_database: Callable[[str], str], file: Path
) -> None:
    await fill(url)
    await backup(url, file)
    other = new_database(target)
    assert await restore(other, file) == 1 + 1 + 5 + 1 + 1 + 1 + 2400 + 10
    assert await everything(other) == await everything(url)
    again = file.with_name("again.jsonl.gz")
    await backup(other, again)
    assert lines_of(again)[1:-1] == lines_of(file)[1:-1]  # all but when it was made, and the sum over that


async def test_new_questions_get_new_numbers_after_a_restore(
    url: str, kind: str, new_database: Callable[[str], str], file: Path
) -> None:
    await fill(url)
    await backup(url, file)
    other = new_database(kind)
    await restore(other, file)
    async with await Store.open(other) as store:
        before = {question.id for question in await store.questions()}
        await store.keep_question(1, "a new one", "en", update_id=99_999)
        (new,) = [question.id for question in await store.questions() if question.text == "a new one"]
    assert new > max(before)


async def test_an_empty_database_can_be_kept_and_restored(
    url: str, kind: str, new_database: Callable[[str], str], file: Path
) -> None:
    await (await Store.open(url)).close()
    await backup(url, file)
    other = new_database(kind)
    assert await restore(other, file) == 0
    assert await restore(other, file) == 0  # it is still empty
    async with await Store.open(other) as store:
        assert await store.set_country(1, "DE", update_id=1)


async def test_a_backup_is_its_owners_alone_and_overwrites_nothing(url: str, file: Path) -> None:
    await fill(url)
    await backup(url, file)
    assert mode(file) == 0o600
    before = lines_of(file)
    with pytest.raises(StoreError, match=r"exists already and is not overwritten\. Name another file"):
        await backup(url, file)
    assert lines_of(file) == before
    with pytest.raises(StoreError, match=r"cannot be written: No such file or directory\. Name another"):
        await backup(url, file.parent / "not/there")


async def test_a_backup_is_of_one_moment(url: str, file: Path) -> None:
    async with await Store.open(url) as store:
        await store.set_country(1, "DE", update_id=1)
        database = Database(url, patience=100)

        async def meanwhile(connection: Any) -> None:
            await rows(url, "users")
            await connection.run_sync(lambda sync: sync.exec_driver_sql("SELECT * FROM users").fetchall())
            await store.set_country(2, "FR", update_id=2)
            await dump(connection, file)

        await database.read(meanwhile, snapshot=True)
        await database.close()
    assert not any(b'"FR"' in line for line in lines_of(file))


async def test_a_database_in_use_is_replaced_only_when_asked(
    url: str, file: Path, new_database: Any, kind: str
) -> None:
    await fill(url)
    await backup(url, file)
    other = new_database(kind)
    async with await Store.open(other) as store:
        await store.set_country(777, "FR", update_id=1)
    with pytest.raises(StoreError, match=r"not empty \(.*users.*\).*--replace"):
        await restore(other, file)
    assert [row[0] for row in await rows(other, "users")] == [777]
    await restore(other, file, replace=True)
    assert sorted(row[0] for row in await rows(other, "users")) == [1, BIG]


async def test_tables_of_another_program_are_never_touched(url: str, file: Path, new_database: Any, kind: str) -> None:
    await fill(url)
    await backup(url, file)
    other = new_database(kind)
    database = Database(other)
    database.find_file(create=True)
    await database.close()
    await execute(other, "CREATE TABLE theirs (id INTEGER)", "INSERT INTO theirs VALUES (1)")
    for replace in (False, True):
        with pytest.raises(StoreError, match=r"does not know \(theirs\); they are not touched"):
            await restore(other, file, replace=replace)
    assert await rows(other, "theirs") == [(1,)]


def change(position: float) -> Callable[[bytes], bytes]:
    def changed(raw: bytes) -> bytes:
        at = int(len(raw) * position)
        return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]

    return changed


def on_lines(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    """Damage the lines, in a gzip file that is sound."""
    return lambda raw: gzip.compress(b"".join(edit(gzip.decompress(raw).splitlines(keepends=True))))


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no gzip": lambda _: b"some letter\n",
    "gzip of something": lambda _: gzip.compress(b"some letter\n"),
    "JSON of something": lambda _: gzip.compress(b"[1]\n"),
    "cut": lambda raw: raw[: len(raw) // 2],
    "cut at its end": lambda raw: raw[:-1],
    "a bit in the middle": change(0.5),
    "a bit at the start": change(0.1),
    "a bit at the end": change(0.999),
    "no last line": on_lines(lambda lines: lines[:-1]),
    "no first line": on_lines(lambda lines: lines[1:]),
    "a row less": on_lines(lambda lines: [line for line in lines if b'"es"' not in line]),
    "a row twice": on_lines(lambda lines: [line for line in lines for _ in range(1 + (b'"es"' in line))]),
    "a row changed": on_lines(lambda lines: [line.replace(b'"es"', b'"fr"') for line in lines]),
    "a table less": on_lines(lambda lines: lines[:1] + lines[4:]),
    "something after it": on_lines(lambda lines: [*lines, b"[1]\n"]),
    "two in one": on_lines(lambda lines: lines * 2),
    "a later format": on_lines(lambda lines: [lines[0].replace(b'"format":1', b'"format":2'), *lines[1:]]),
    "a later revision": on_lines(lambda lines: [lines[0].replace(b'"0001"', b'"0099"'), *lines[1:]]),
    "deep": on_lines(lambda lines: [lines[0], b"[" * 100_000 + b"\n", *lines[1:]]),
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_seen_and_nothing_is_restored(url: str, file: Path, tmp_path: Path, damage: str) -> None:
    source = f"sqlite:///{tmp_path}/source.db"
    await fill(source)
    await backup(source, file)
    rewrite(file, DAMAGE[damage])
    async with await Store.open(url) as store:
        await store.set_country(777, "FR", update_id=1)
    with pytest.raises(StoreError, match=r"damaged|cannot be read as a backup|newer program") as caught:
        await restore(url, file, replace=True)
    assert str(file) in str(caught.value)
    assert [row[0] for row in await rows(url, "users")] == [777]


async def test_any_changed_bit_is_seen(file: Path, tmp_path: Path) -> None:
    source, chance = f"sqlite:///{tmp_path}/source.db", random.Random(5)  # noqa: S311  no secret
    async with await Store.open(source) as store:
        await store.set_country(1, "DE", update_id=1)
    await backup(source, file)
    whole = b"".join(lines_of(file))
    target = f"sqlite:///{tmp_path}/target.db"
    for _ in range(60):
        at, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        damaged = gzip.compress(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
        rewrite(file, lambda _, damaged=damaged: damaged)  # type: ignore[misc]  # mypy cannot infer it
        with pytest.raises(StoreError):
            await restore(target, file)
    rewrite(file, lambda _: gzip.compress(whole))
    assert await restore(target, file) == 2


async def test_a_row_that_does_not_fit_the_tables_restores_nothing(url: str, file: Path) -> None:
    for number, (columns, row) in enumerate(
        [
            (("id", "country", "language", "changed"), (1, "DE", None, "yesterday")),
            (("id", "country", "language", "changed"), ("one", "DE", None, "2026-01-01T00:00:00+00:00")),
            (("id", "shoe_size"), (1, 42)),
            (("id", "country"), (1, "DE")),
        ]
    ):
        broken = file.with_name(f"{number}.gz")
        with new_file(broken) as out:
            writer = Writer(out, "0001")
            writer.table("users", ("id", "country", "language", "changed"))
            writer.row((5, "FR", None, "2026-01-01T00:00:00+00:00"))
            writer.table("users", columns)
            writer.row(row)
            writer.end()
        with pytest.raises(StoreError):
            await restore(url, broken)
    async with await Store.open(url) as store:
        assert (await store.user(5)).country is None
    assert await rows(url, "users") == []
