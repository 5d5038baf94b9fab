"""Lives of a program that acts through the store as fast as it can, each ended by kill -9 at some moment.

`python -m tests.bot.store.lives URL LIVES SEED` prints what each life was told, as one JSON object:
`{"told": {"0": [true, false], …}, "last": 41, "unopened": 12}`: for each action's number what the store answered, each
time that it came; the highest number tried; and how many lives ended before the database was open.
The libraries are imported once, and each life is a fork, so that hundreds take seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from importlib import import_module

from bot.store import Store

AGAIN = 3
"""Actions that come again at the start of a life, as Telegram delivers updates anew that were not confirmed."""
MOST = 12
"""Actions that a life is let do, at most, before it is killed during a further one."""
OPENING, ACTING = 0.06, 0.006
"""Seconds at a random moment of which a life is killed that opens the database, or that acts."""
PREPARED = ("alembic.command", "asyncpg", "aiosqlite", "sqlalchemy.dialects.postgresql.asyncpg")


async def act(store: Store, number: int) -> bool:
    """Do the action with a number: of five kinds, each on something of its own, but feedback."""
    match number % 5:
        case 0:
            return await store.count_feedback("entry", "yes", update_id=number)
        case 1:
            return await store.keep_question(number, f"question {number}", "en", update_id=number)
        case 2:
            return await store.set_country(number, "DE", update_id=number)
        case 3:
            return await store.change_group(-number, unasked_every=number, update_id=number)
        case _:
            return (await store.forget(number - 3, update_id=number)).done  # who asked the question before


async def _live(url: str, first: int, out: int) -> None:
    store = await Store.open(url)
    os.write(out, b"open\n")
    number = first
    while True:
        os.write(out, f"{number} {int(await act(store, number))}\n".encode())
        number += 1


def _one_life(url: str, first: int, chance: random.Random) -> list[str]:
    """What a life wrote until it was killed."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        asyncio.run(_live(url, first, writes))
        os._exit(1)  # it never ends of itself
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        said = b""
        opening = chance.random() < 0.2  # one of five is killed before it does anything
        for _ in range(0 if opening else 1 + chance.randint(0, MOST)):
            said += told.readline()
        time.sleep(chance.uniform(0, OPENING if opening else ACTING))
        os.kill(child, signal.SIGKILL)
        said += told.read()
    _, status = os.waitpid(child, 0)
    if os.WTERMSIG(status) != signal.SIGKILL:
        sys.exit(f"A life ended of itself, with status {status}.")
    return said.decode().splitlines()


def main(url: str, lives: int, seed: int) -> None:
    """Live, and print what was told."""
    chance = random.Random(seed)  # noqa: S311  no secret
    told: dict[int, list[bool]] = {}
    unopened = 0
    for _ in range(lives):
        following = max(told, default=-1) + 1
        lines = _one_life(url, max(0, following - AGAIN), chance)
        unopened += not lines
        for line in lines[1:]:
            number, done = line.split()
            told.setdefault(int(number), []).append(done == "1")
    print(json.dumps({"told": told, "last": max(told, default=-1) + 1, "unopened": unopened}))  # noqa: T201


if __name__ == "__main__":
    for name in PREPARED:
        import_module(name)
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
