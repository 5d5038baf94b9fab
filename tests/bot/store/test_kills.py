"""kill -9 at any moment: what was answered for is there, once; what is delivered anew is not done anew."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import Store

from . import lives
from .probes import rows

ROOT = Path(__file__).parents[3]
LIVES = {"sqlite": 250, "postgresql": 50}


@pytest.mark.parametrize("seed", [1])
async def test_what_was_done_is_done_once_whenever_the_program_is_killed(url: str, kind: str, seed: int) -> None:
    command = [sys.executable, "-m", "tests.bot.store.lives", url, str(LIVES[kind]), str(seed)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=550)  # noqa: ASYNC221  nothing else is to run meanwhile
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    told = {int(number): done for number, done in report["told"].items()}
    last = report["last"]
    assert 0 < report["unopened"] < LIVES[kind]
    assert len(told) > LIVES[kind]

    async with await Store.open(url) as store:
        for number in range(last + 1):  # everything comes once more
            told.setdefault(number, []).append(await lives.act(store, number))
    silent = [number for number, done in told.items() if True not in done]
    assert len(silent) <= LIVES[kind]  # committed, but killed before it could say so: at most one for a life
    for number, done in told.items():
        assert done.count(True) <= 1, f"action {number} was done again: {done}"
        assert True not in done[1:], f"action {number} was undone: {done}"

    numbers = range(last + 1)
    assert [row[0] for row in sorted(await rows(url, "handled"))] == list(numbers)
    assert [row[3] for row in await rows(url, "feedback")] == [len(numbers[0::5])]
    assert sorted(row[1] for row in await rows(url, "questions")) == [n for n in numbers[1::5] if n + 3 > last]
    assert sorted(row[:2] for row in await rows(url, "users")) == [(n, "DE") for n in numbers[2::5]]
    assert sorted(-row[0] for row in await rows(url, "groups")) == list(numbers[3::5])
