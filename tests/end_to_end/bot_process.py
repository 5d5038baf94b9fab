"""The bot under test as a process of its own: the console script, with a configuration file and the token."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from .telegram import Telegram

SCRIPT = "kratom-answers"
START = 30.0
STOP = 20.0


class BotFailedError(AssertionError):
    """The bot did not start or did not stop as it should; the text holds what it wrote to standard error."""


class BotProcess:
    """The console script's `run`, pointed at a stand-in. `settings` are merged into its configuration file."""

    def __init__(self, telegram: Telegram, folder: Path, settings: dict[str, Any] | None = None) -> None:
        self.telegram = telegram
        self.folder = folder
        self.settings = settings or {}
        self.process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """Give what the bot has written to standard error."""
        file = self.folder / "stderr.txt"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    async def start(self) -> None:
        """Start the bot and wait until it polls or has set a webhook; raise BotFailedError if it does not."""
        config = self.folder / "config.yaml"
        telegram = {"api_url": self.telegram.url} | self.settings.get("telegram", {})
        config.write_text(yaml.safe_dump(self.settings | {"telegram": telegram}), "utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KRATOM_ANSWERS_")}
        environment |= {"KRATOM_ANSWERS_TELEGRAM__TOKEN": self.telegram.token, "PYTHONUNBUFFERED": "1"}
        with (self.folder / "stderr.txt").open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                script(), "run", "--config", str(config), stdout=errors, stderr=errors, env=environment, cwd=self.folder
            )
        await self._ready(self.process)

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        polled = asyncio.create_task(self.telegram.polled(START))
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({polled, ended}, return_when=asyncio.FIRST_COMPLETED)
        failed = ended.done() or polled.exception() is not None
        for task in (polled, ended):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, AssertionError):
                await task
        if failed:
            await self.kill()
            raise BotFailedError(f"the bot does not poll (exit status {process.returncode}). It wrote:\n{self.log}")

    async def stop(self) -> int:
        """Send SIGTERM and wait; give the exit status, or raise BotFailedError if the bot goes on."""
        process = self._running()
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), STOP)
        except TimeoutError:
            await self.kill()
            raise BotFailedError(f"the bot did not end within {STOP} s of SIGTERM. It wrote:\n{self.log}") from None

    async def kill(self) -> None:
        """End the bot at once, as a crash of its machine would."""
        process = self._running()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def restart(self) -> None:
        """Stop the bot and start it again."""
        await self.stop()
        await self.start()

    def _running(self) -> asyncio.subprocess.Process:
        if self.process is None:
            raise BotFailedError("the bot was not started")
        return self.process

    async def finish(self) -> None:
        """Stop the bot, ask for exit status 0, and fail on what it did wrong in silence."""
        try:
            if self._running().returncode is None:
                await self.telegram.settled()
        finally:
            status = await self.stop()
        if status not in (0, -signal.SIGKILL):
            raise BotFailedError(f"the bot ended with status {status} after SIGTERM. It wrote:\n{self.log}")
        self.telegram.check()


def script() -> str:
    """Give the path of the console script, or raise BotFailedError where it is not installed."""
    found = shutil.which(SCRIPT, path=str(Path(sys.executable).parent))
    if found is None:
        raise BotFailedError(
            f"there is no {SCRIPT} next to {sys.executable}: install the project first (pip install -e '.[dev]')"
        )
    return found
