"""Fixtures of the end-to-end tests: a Telegram of one's own, and the bot running against it.

`telegram` and `bot` are made anew for each test. `shared_telegram` and `shared_bot` live as long as a module, for tests
that each use people and groups of their own; a module that uses them says
`pytestmark = pytest.mark.asyncio(loop_scope="module")`. A module changes the bot's configuration by a fixture
`bot_settings` (`shared_bot_settings`) of its own, which gives a dictionary, and the stand-in by `telegram_options`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from .bot_process import BotProcess
from .talking import VAGUE
from .telegram import Telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator
    from pathlib import Path

    from answers import Answerer

    from .telegram import Person


@pytest.fixture
def telegram_options() -> dict[str, Any]:
    """Give the arguments of Telegram(…)."""
    return {}


@pytest.fixture
def bot_settings() -> dict[str, Any]:
    """Give what is added to the bot's configuration file."""
    return {}


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    """Give what is added to the configuration file of a module's bot."""
    return {}


@pytest_asyncio.fixture
async def telegram(telegram_options: dict[str, Any]) -> AsyncIterator[Telegram]:
    """Give a Telegram that serves."""
    async with Telegram(**telegram_options) as served:
        yield served


@pytest_asyncio.fixture
async def bot(telegram: Telegram, tmp_path: Path, bot_settings: dict[str, Any]) -> AsyncIterator[BotProcess]:
    """Give the bot, started and polling; when the test ends it must stop with status 0 and have done nothing wrong."""
    process = BotProcess(telegram, tmp_path, bot_settings)
    await process.start()
    yield process
    await process.finish()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_telegram() -> AsyncIterator[Telegram]:
    """Give a Telegram that serves as long as the module's tests run."""
    async with Telegram() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_bot(
    shared_telegram: Telegram, tmp_path_factory: pytest.TempPathFactory, shared_bot_settings: dict[str, Any]
) -> AsyncIterator[BotProcess]:
    """Give a bot that runs as long as the module's tests run."""
    process = BotProcess(shared_telegram, tmp_path_factory.mktemp("bot"), shared_bot_settings)
    await process.start()
    yield process
    await process.finish()


@pytest.fixture
def alice(telegram: Telegram) -> Person:
    """Give a person of whom the bot knows nothing yet."""
    return telegram.person("Alice")


@pytest.fixture(scope="session")
def vague(answerer: Answerer) -> str:
    """Give a message that several entries may answer."""
    return next(text for text in VAGUE if answerer.reply(text).kind == "choose")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the bot wrote where a test that used it has failed."""
    report = yield
    if report.failed:
        for used in getattr(item, "funcargs", {}).values():
            if isinstance(used, BotProcess):
                report.sections.append(("the bot's standard error", used.log))
    return report
