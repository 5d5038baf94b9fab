"""Each test runs on a SQLite file and on a real PostgreSQL, each time on a new, empty database."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from bot.store import Store

from .postgres import execute, served

GIVEN = os.environ.get("KRATOM_ANSWERS_TEST_POSTGRES")
"""A PostgreSQL server to use, as a URL of a role that may make databases. Without it, the tests start one.

Read at once: tests of settings clear the environment.
"""
DATABASES = ("sqlite", "postgresql")
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the URL of a PostgreSQL server's database."""
    if GIVEN:
        yield GIVEN
    else:
        with served() as url:
            yield url


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Give a function that makes an empty database of a kind and gives its URL."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{next(_NUMBERS)}.db"
        server: str = request.getfixturevalue("postgres")
        name = f"kratom_test_{os.getpid()}_{next(_NUMBERS)}"
        execute(server, f"CREATE DATABASE {name}")
        made.append(name)
        return urlunsplit(urlsplit(server)._replace(path=f"/{name}")).replace("postgresql:/?", "postgresql:///?")

    yield make
    if made:
        execute(request.getfixturevalue("postgres"), *(f"DROP DATABASE {name} WITH (FORCE)" for name in made))


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, new_database: Callable[[str], str]) -> str:
    """Give the URL of an empty database."""
    return new_database(kind)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """Give an open store on an empty database."""
    async with await Store.open(url) as opened:
        yield opened
