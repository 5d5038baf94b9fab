"""How the real bot starts and stops: tokens, other pollers, an unreachable Telegram, signals."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from .bot_process import BotFailedError, BotProcess

if TYPE_CHECKING:
    from pathlib import Path

    from .telegram import Telegram

LIVER = "is kratom bad for my liver"
OVERDOSE = "my friend took too much and wont wake up"


async def ended(bot: BotProcess) -> int:
    """The status with which the bot ends of itself."""
    assert bot.process
    return await asyncio.wait_for(bot.process.wait(), 20)


def problem(log: str) -> str:
    """What a bot said that ended because of a problem: its last line, and no traceback before it."""
    assert "Traceback" not in log
    return log.splitlines()[-1]


async def test_what_came_while_it_was_down_is_answered_with_the_lines_of_its_country(
    telegram: Telegram, tmp_path: Path
) -> None:
    alice, bob = telegram.person("Alice"), telegram.person("Bob")
    alice.says(OVERDOSE, ago=3600)
    bob.says(LIVER, ago=60)
    bot = BotProcess(telegram, tmp_path, {"country": "DE"})
    await bot.start()
    assert "Call 112 now" in (await alice.reply()).text
    assert "liver" in (await bob.reply()).text
    await bot.finish()


async def test_a_stop_while_answering_finishes_the_answer_and_ends_well(telegram: Telegram, tmp_path: Path) -> None:
    bot = BotProcess(telegram, tmp_path)
    await bot.start()
    people = [telegram.person(f"Person {number}") for number in range(5)]
    slow = telegram.faults.delays(1, method="sendMessage")
    for person in people:
        person.says(OVERDOSE)
    await telegram.until(lambda: slow.hits)
    assert await bot.stop() == 0
    for person in people:
        (message,) = person.unread
        assert "Call 911 now" in message.text
    assert "Traceback" not in bot.log
    telegram.check()


async def test_a_restart_answers_nothing_twice(telegram: Telegram, bot: BotProcess) -> None:
    alice = telegram.person("Alice")
    alice.says(LIVER)
    await alice.reply()
    await bot.restart()
    await alice.silence()
    alice.says("hello")
    assert (await alice.reply()).text.startswith("Hi.")
    set_ = [call for call in telegram.calls if call.method.startswith("setMy")]
    assert len({str(call) for call in set_}) == len(set_)  # the second start found all as it should be


async def test_a_wrong_token_is_said_plainly(telegram: Telegram, tmp_path: Path) -> None:
    telegram.token = "424242:another-token"
    bot = BotProcess(telegram, tmp_path)
    with pytest.raises(BotFailedError, match="exit status 2"):
        await bot.start()
    said = problem(bot.log)
    assert "Telegram does not know this token" in said
    assert "@BotFather" in said
    assert "KRATOM_ANSWERS_TELEGRAM__TOKEN" in said
    assert telegram.token not in bot.log


@pytest.mark.parametrize("goes_on", [False, True])
async def test_another_poller_is_said_plainly(telegram: Telegram, tmp_path: Path, goes_on: bool) -> None:
    bot = BotProcess(telegram, tmp_path)
    await bot.start()
    if goes_on:
        telegram.faults.fails(409, method="getUpdates", times=0)
    telegram.other_poller()
    assert await ended(bot) == 2
    assert "Another program fetches this bot's messages with the same token. Stop it" in problem(bot.log)


async def test_it_keeps_trying_until_telegram_can_be_reached(telegram: Telegram, tmp_path: Path) -> None:
    for method in ("getMe", "getMyCommands", "deleteWebhook"):
        telegram.faults.drops(method=method)
    telegram.faults.fails(502, method="getMe")
    alice = telegram.person("Alice")
    alice.says(LIVER)
    bot = BotProcess(telegram, tmp_path)
    await bot.start()
    assert "liver" in (await alice.reply()).text
    assert bot.log.count("Telegram cannot be reached; trying again.") >= 2
    assert "Traceback" not in bot.log
    assert telegram.token not in bot.log
    await bot.finish()


async def test_a_connection_lost_while_polling_is_taken_up_again(telegram: Telegram, bot: BotProcess) -> None:
    alice = telegram.person("Alice")
    telegram.faults.drops(method="getUpdates")
    alice.says(LIVER)
    assert "liver" in (await alice.reply()).text
    assert "Traceback" not in bot.log


async def test_it_can_be_stopped_while_telegram_cannot_be_reached(telegram: Telegram, tmp_path: Path) -> None:
    lost = telegram.faults.drops(method="getMe", times=0)
    bot = BotProcess(telegram, tmp_path)
    starting = asyncio.create_task(bot.start())
    await telegram.until(lambda: lost.hits > 1)
    assert await bot.stop() == 0
    with pytest.raises(BotFailedError, match="exit status 0"):
        await starting
    assert "Telegram cannot be reached; trying again." in bot.log
    assert "Traceback" not in bot.log


async def test_a_reply_that_telegram_puts_off_comes_later(telegram: Telegram, bot: BotProcess) -> None:
    assert bot.process
    alice = telegram.person("Alice")
    telegram.faults.too_many(1, method="sendMessage")
    alice.says(OVERDOSE)
    reply = await alice.reply(within=10)
    assert "naloxone" in reply.text.lower()
