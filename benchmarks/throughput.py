"""How many updates a second the bot answers and how fast, beside the smallest bot: `python -m benchmarks.throughput`.

Each bot runs in a process of its own against a small server in this one, which has none of Telegram's limits.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.growth import QUESTIONS
from benchmarks.telegram import TOKEN, Telegram

CHATS = 1_000
"""People who write in turn."""
AT_ONCE = (1, 256)
DELAYS = (0.0, 0.08)
"""Seconds added to every call of the Bot API."""
PACE = 200
"""Updates a second at which the answer times are measured."""
LOST = 10.0
"""Seconds after which an update counts as not answered, and the next one is sent."""
ECHO = "benchmarks.echo"
BOTS = ("echo, httpx", "echo, aiohttp", "kratom-answers")
"""The smallest bot on the library's own transport and on ours, and this bot."""


@dataclass
class Load:
    """Writes to a bot, and notes how long it takes until the answers arrive."""

    texts: Iterator[str]
    telegram: Telegram = field(init=False)
    times: list[float] = field(default_factory=list)
    lost: int = 0
    _chats: Iterator[int] = field(default_factory=lambda: cycle(range(1, CHATS + 1)))
    _asked: dict[int, float] = field(default_factory=dict)
    _at_once: int = 0
    _all_came: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.telegram = Telegram(self._answered)

    async def keep(self, at_once: int, seconds: float) -> None:
        """Have so many updates wait for their answer all the time."""
        self._at_once = at_once
        end = perf_counter() + seconds
        while perf_counter() < end:
            self._refill()
            await asyncio.sleep(0.05)
            late = perf_counter() - LOST
            for chat in [chat for chat, asked in self._asked.items() if asked < late]:
                del self._asked[chat]
                self.lost += 1
        self._at_once = 0

    async def pace(self, a_second: float, seconds: float) -> None:
        """Write so often, whether answers come or not."""
        start = perf_counter()
        for number in range(int(a_second * seconds)):
            await asyncio.sleep(max(0.0, start + number / a_second - perf_counter()))
            self._ask()

    async def rest(self) -> None:
        """Wait for the last answers; what does not come is lost."""
        if self._asked:
            self._all_came.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_came.wait(), LOST)
        self.lost += len(self._asked)
        self._asked.clear()

    def forget(self) -> None:
        """Begin to count anew."""
        self.times.clear()
        self.lost = 0

    def _refill(self) -> None:
        while len(self._asked) < self._at_once:
            self._ask()

    def _ask(self) -> None:
        chat = next(chat for chat in self._chats if chat not in self._asked)
        self._asked[chat] = perf_counter()
        self.telegram.says(chat, next(self.texts))

    def _answered(self, chat: int) -> None:
        asked = self._asked.pop(chat, None)  # None for the further parts of an answer
        if asked is not None:
            self.times.append(perf_counter() - asked)
            self._refill()
        if not self._asked:
            self._all_came.set()


@dataclass(frozen=True)
class Bot:
    """A bot under way: the number of its process, and the seconds from its start until it fetched updates."""

    pid: int
    started: float

    @property
    def memory(self) -> float:
        """What it holds in memory now, in MB."""
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], check=True, capture_output=True, text=True)  # noqa: S603, S607
        return int(shown.stdout) / 1024


@asynccontextmanager
async def running(name: str, telegram: Telegram) -> AsyncIterator[Bot]:
    """Start a bot of `BOTS` and wait until it fetches updates; end it in the end."""
    telegram.delay = 0
    telegram.polled.clear()
    with TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(json.dumps({"telegram": {"api_url": telegram.url, "limits": False}}), "utf-8")
        ours = ["-c", "from bot.cli import main; main()", "run", "--config", str(config)]
        echo = ["-m", ECHO, telegram.url, "ours" if name == BOTS[1] else "default"]
        begun = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(ours if name == BOTS[2] else echo),
            env=os.environ | {"KRATOM_ANSWERS_TELEGRAM__TOKEN": TOKEN, "PYTHONPATH": str(Path(__file__).parents[1])},
            cwd=folder,
            stderr=subprocess.DEVNULL,
        )
        try:
            await asyncio.wait_for(telegram.polled.wait(), 300)
            yield Bot(process.pid, perf_counter() - begun)
        finally:
            process.terminate()
            await process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables. Takes two minutes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="how long each figure is measured (4)")
    asyncio.run(_measure(parser.parse_args(arguments).seconds))
    return 0


async def _measure(seconds: float) -> None:
    lines = (QUESTIONS / "in_scope.test.jsonl").read_text("utf-8").splitlines()
    load = Load(cycle(str(json.loads(line)["text"]) for line in lines))
    busy = f"load average at the start {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
    heads = ("bot", "at once", "a call takes", "updates/s", "median", "99 % within", "lost")
    table = Table(*heads, title="Updates", caption=busy)
    table.columns[0].no_wrap = True
    console = Console()
    async with load.telegram as telegram:
        for name in BOTS:
            async with running(name, telegram) as bot:
                await _warm(load)
                for at_once in AT_ONCE:
                    for delay in DELAYS:
                        telegram.delay = delay
                        load.forget()
                        await load.keep(at_once, seconds)
                        rate = len(load.times) / seconds
                        await load.rest()
                        table.add_row(name, str(at_once), _ms(delay), f"{rate:.0f}", *_shown(load))
                    table.add_section()
                if name == BOTS[2]:
                    await _pace_and_memory(load, bot, seconds, console)
    console.print(table)


async def _warm(load: Load) -> None:
    await load.keep(64, 2)
    await load.rest()


async def _pace_and_memory(load: Load, bot: Bot, seconds: float, console: Console) -> None:
    load.telegram.delay = 0
    table = Table("kratom-answers", "", title="Answer times, start and memory", min_width=80)
    load.forget()
    await load.pace(PACE, seconds)
    await load.rest()
    median, p99, lost = _shown(load)
    table.add_row(f"answer time at {PACE} updates/s", f"median {median}, 99 % within {p99}, lost {lost}")
    before = bot.memory
    load.forget()
    await load.keep(AT_ONCE[-1], 4 * seconds)
    await load.rest()
    table.add_row("started in", f"{bot.started:.2f} s")
    table.add_row("memory", f"{before:.0f} MB; after {len(load.times):,} more updates {bot.memory:.0f} MB")
    console.print(table)


def _shown(load: Load) -> tuple[str, str, str]:
    if not load.times:
        return "-", "-", str(load.lost)
    return _ms(float(np.median(load.times))), _ms(float(np.percentile(load.times, 99))), str(load.lost)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds else "0 ms"


if __name__ == "__main__":
    sys.exit(main())
