"""`kratom-answers db …`, as an operator meets it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config import PREFIX
from bot.store import Store

from .conftest import DATABASES
from .probes import everything, execute

SECRET = "s3cret-password"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, and an environment that sets nothing."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def db(folder: Path) -> Callable[..., Result]:
    """Give a function that runs a command on the database of a URL, which a configuration file names."""

    def run(url: str, *arguments: str) -> Result:
        config = folder / "other.yaml"
        config.write_text(f"storage:\n  url: '{url}'\n")
        result = CliRunner().invoke(app, ["db", *arguments, "--config", str(config)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return run


def refused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert not result.stdout
    return result.stderr


def fill(url: str) -> None:
    async def filling() -> None:
        async with await Store.open(url) as store:
            await store.set_country(42, "DE", update_id=1)
            await store.keep_question(42, "does it mix\nwith \x1b[31mtea", "en", update_id=2)
            await store.keep_question(7, "another", "es", update_id=3)

    asyncio.run(filling())


@pytest.mark.parametrize("target", DATABASES)
def test_a_backup_moves_to_another_database(
    url: str, target: str, db: Callable[..., Result], new_database: Callable[[str], str], folder: Path
) -> None:
    fill(url)
    done = db(url, "backup", "--to", "kept.jsonl.gz")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "Wrote kept.jsonl.gz.\n")
    assert "exists already" in refused(db(url, "backup", "--to", "kept.jsonl.gz"))
    other = new_database(target)
    done = db(other, "restore", "kept.jsonl.gz")
    assert (done.exit_code, done.stderr) == (0, "Restored 6 rows from kept.jsonl.gz.\n")
    assert asyncio.run(everything(other)) == asyncio.run(everything(url))
    assert "--replace" in refused(db(other, "restore", "kept.jsonl.gz"))
    assert db(other, "restore", "kept.jsonl.gz", "--replace").exit_code == 0
    assert asyncio.run(everything(other)) == asyncio.run(everything(url))
    (folder / "kept.jsonl.gz").write_bytes(b"nonsense")
    assert "cannot be read as a backup" in refused(db(other, "restore", "kept.jsonl.gz", "--replace"))
    assert asyncio.run(everything(other)) == asyncio.run(everything(url))


def test_a_backup_without_a_name_is_named_by_the_time(url: str, db: Callable[..., Result], folder: Path) -> None:
    fill(url)
    before = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}"
    assert db(url, "backup").exit_code == 0
    (file,) = folder.glob("*.gz")
    after = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}"
    assert f"kratom-answers-{before}.jsonl.gz" <= file.name <= f"kratom-answers-{after}.jsonl.gz"


def test_what_is_held_about_somebody_is_shown(url: str, db: Callable[..., Result]) -> None:
    fill(url)
    shown = db(url, "show-user", "42")
    today = f"{datetime.now(UTC):%Y-%m-}"
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[:2] == ["country: DE", "language: -"]
    assert lines[2].startswith(f"changed: {today}")
    assert lines[3].startswith("question 1 (en, ")
    assert lines[3].endswith(r'UTC): "does it mix\nwith \u001b[31mtea"')
    assert "another" not in shown.stdout
    assert db(url, "show-user", "43").stdout == "Nothing is held about 43.\n"
    assert db(url, "show-user", "someone").exit_code == 2


def test_a_purge_says_what_it_deleted(url: str, db: Callable[..., Result]) -> None:
    fill(url)
    assert db(url, "purge").stdout == "users: 0\nquestions: 0\nhandled: 0\n"
    asyncio.run(
        execute(url, "UPDATE handled SET at = '2020-01-01 00:00:00'", "UPDATE users SET changed = '2020-01-01'")
    )
    assert db(url, "purge").stdout == "users: 1\nquestions: 0\nhandled: 3\n"


def test_an_upgrade_of_what_is_current_does_nothing(url: str, db: Callable[..., Result]) -> None:
    fill(url)
    done = db(url, "upgrade")
    assert (done.exit_code, done.stderr) == (0, "Nothing to do: the database is of revision 0001.\n")


def test_a_newer_database_is_refused_by_every_command(url: str, db: Callable[..., Result], folder: Path) -> None:
    fill(url)
    db(url, "backup", "--to", "kept.jsonl.gz")
    asyncio.run(execute(url, "UPDATE alembic_version SET version_num = '0099'"))
    for command in (["upgrade"], ["purge"], ["show-user", "42"]):
        assert "newer kratom-answers" in refused(db(url, *command))
    assert "newer program" in refused(db(url, "restore", "kept.jsonl.gz", "--replace"))
    assert db(url, "backup", "--to", "newer.jsonl.gz").exit_code == 0  # what is there can always be kept
    asyncio.run(execute(url, "UPDATE alembic_version SET version_num = '0001'"))
    assert "made by a newer program" in refused(db(url, "restore", "newer.jsonl.gz", "--replace"))
    assert len(asyncio.run(everything(url))["users"]) == 1
    assert folder.exists()


@pytest.mark.parametrize("command", [["backup"], ["upgrade"], ["purge"], ["show-user", "42"]])
def test_where_there_is_no_database_none_is_made(url: str, db: Callable[..., Result], command: list[str]) -> None:
    said = refused(db(url, *command))
    assert "There is no d" in said or "holds nothing of kratom-answers" in said
    assert "storage.url" in said
    assert not url.startswith("sqlite") or not Path(url.removeprefix("sqlite:///")).exists()


def test_a_password_is_never_shown(db: Callable[..., Result]) -> None:
    for command in (["upgrade"], ["backup"], ["show-user", "1"]):
        said = refused(db(f"postgresql://bot:{SECRET}@127.0.0.1:1/bot", *command))
        assert "cannot be used" in said
        assert SECRET not in said
    said = refused(db(f"mysql://bot:{SECRET}@127.0.0.1:1/bot", "upgrade"))
    assert "storage.url" in said
    assert SECRET not in said


def test_the_default_is_a_file_here(folder: Path) -> None:
    fill("sqlite:///kratom-answers.db")
    assert (folder / "kratom-answers.db").exists()
    assert CliRunner().invoke(app, ["db", "show-user", "7"]).stdout.startswith("question 2 (es, ")


def test_other_commands_do_not_wait_for_the_databases_libraries() -> None:
    probe = "import sys, bot.cli; print(any(name in sys.modules for name in ('sqlalchemy', 'alembic')))"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout == "False\n"
