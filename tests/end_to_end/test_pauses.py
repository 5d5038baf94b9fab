"""What came while the bot was down, what comes twice, and a database that cannot be used."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from answers.rendering import to_telegram
from bot.store import Store

from .bot_process import BotProcess
from .talking import DOSE, LIVER, OVERDOSE, PIZZA, STRAINS, SUICIDE, forgive_refusals, shows
from .telegram import html

if TYPE_CHECKING:
    from pathlib import Path

    from answers import Answerer, Library

    from .telegram import Telegram

DAY = 24 * 60 * 60


async def test_after_a_pause_the_urgent_is_answered_and_the_rest_by_its_age(
    telegram: Telegram, tmp_path: Path, answerer: Answerer, library: Library
) -> None:
    now, soon, late, old, urgent = (telegram.person(name) for name in ("Now", "Soon", "Late", "Old", "Urgent"))
    soon.says(LIVER, ago=60)
    late.says(LIVER, ago=600)
    old.says(LIVER, ago=3700)
    old.sends("photo", LIVER, ago=DAY)
    old.says("/help", ago=DAY)
    urgent.says(OVERDOSE, ago=DAY)
    urgent.sends("photo", SUICIDE, ago=4000)
    bot = BotProcess(telegram, tmp_path, {"country": "US"})
    await bot.start()
    shows(await soon.reply(), answerer.reply(LIVER), library)
    sorry = library.wording["en"].telegram.late
    answer = await late.reply()
    (part,) = to_telegram(answerer.reply(LIVER), library, view="short", opening=sorry)
    assert answer.text == html.parse(part).text.strip()
    assert answer.text.startswith(sorry)
    cards = [(await urgent.reply()).text for _ in range(2)]
    assert all(sorry not in card for card in cards)
    assert any("Call 911 now" in card for card in cards)
    await old.silence(0.3)
    assert bot.log.count("too old to be answered") == 3
    now.says(LIVER)
    shows(await now.reply(), answerer.reply(LIVER), library)
    await bot.finish()


async def test_a_button_pressed_while_it_was_down_works(
    telegram: Telegram, bot: BotProcess, answerer: Answerer, library: Library
) -> None:
    alice = telegram.person("Alice")
    alice.says(STRAINS)
    answer = await alice.reply()
    await bot.stop()
    press = alice.presses(answer, "More")
    press.lifetime = 0
    await bot.start()
    await answer.edited()
    shows(answer, answerer.reply(STRAINS), library, "details")
    press.answered = True  # it could not be
    forgive_refusals(telegram)


@pytest.mark.parametrize("crashes", [False, True])
async def test_an_update_that_comes_again_is_not_handled_again(
    telegram: Telegram, bot: BotProcess, crashes: bool
) -> None:
    alice = telegram.person("Alice")
    for text in (LIVER, OVERDOSE):
        alice.says(text)
        await alice.reply()
        await telegram.settled(quiet=0.5)  # it writes what it has handled within 0.2 s
        await (bot.kill() if crashes else bot.stop())
        telegram.repeats_last_update()
        await bot.start()
        await alice.silence()


async def test_a_choice_that_comes_again_is_not_made_again(telegram: Telegram, bot: BotProcess) -> None:
    alice = telegram.person("Alice")
    alice.says(STRAINS)
    answer = await alice.reply()
    await alice.presses(answer, "Was this helpful?").answer()
    await answer.edited()
    await alice.presses(answer, "Yes").answer()
    await bot.kill()  # before it has noted that it handled it, perhaps
    telegram.repeats_last_update()
    await bot.start()
    await telegram.settled()
    async with await Store.open(f"sqlite:///{bot.folder}/kratom-answers.db", create=False) as store:
        assert [one.count for one in await store.feedback()] == [1]
    for press in telegram.world.presses.values():
        press.answered = True
    forgive_refusals(telegram)


async def test_an_emergency_whose_answer_did_not_go_out_is_answered_when_it_comes_again(
    telegram: Telegram, bot: BotProcess
) -> None:
    alice, bob = telegram.person("Alice"), telegram.person("Bob")
    for person, text in ((alice, OVERDOSE), (bob, LIVER)):
        telegram.faults.fails(500, method="sendMessage", chat_id=person.chat.id, times=2)
        person.says(text)
        await telegram.until(partial(is_refused, telegram, person.chat.id))
        await telegram.settled(quiet=0.5)
        await bot.stop()
        telegram.repeats_last_update()
        await bot.start()
        if person is alice:
            assert "Call 911 now" in (await alice.reply()).text
        else:
            await bob.silence()
    forgive_refusals(telegram)


def is_refused(telegram: Telegram, chat_id: int) -> bool:
    """Whether the answer to a chat was refused, and then the excuse for it."""
    return len([call for call in telegram.refusals if call.arguments.get("chat_id") == str(chat_id)]) == 2


async def test_without_its_database_it_answers_and_says_what_it_cannot_do(
    telegram: Telegram, tmp_path: Path, answerer: Answerer, library: Library
) -> None:
    url = "postgresql://someone:hunter2secret@127.0.0.1:9/nothing"
    bot = BotProcess(telegram, tmp_path, {"country": "US", "storage": {"url": url}})
    await bot.start()
    alice, say = telegram.person("Alice"), library.wording["en"].telegram
    for text in (LIVER, OVERDOSE, PIZZA, DOSE):
        alice.says(text)
        answer = await alice.reply()
    shows(answer, answerer.reply(DOSE), library)
    alice.says("/crisis")
    assert "call 988" in (await alice.reply()).text
    for command, button in (("/country", "Germany"), ("/language", "Español"), ("/forget", "Delete everything")):
        alice.says(command)
        asked = await alice.reply()
        press = await alice.presses(asked, button).answer()
        assert (press.text, press.alert) == (say.not_saved, True)
        assert not asked.edits
    alice.says("/privacy")
    assert (await alice.reply()).text.startswith(say.privacy.unknown)
    assert bot.log.count("The bot answers without its database.") == 1
    assert "hunter2secret" not in bot.log
    assert "Traceback" not in bot.log
    await bot.finish()


async def test_a_database_that_is_there_again_is_used_again(telegram: Telegram, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    bot = BotProcess(telegram, tmp_path, {"storage": {"url": f"sqlite:///{folder}/bot.db"}})
    await bot.start()
    alice = telegram.person("Alice")
    alice.says(LIVER)
    await alice.reply()
    folder.mkdir()
    await telegram.until(lambda: "The database can be used now." in bot.log, within=30)
    alice.says("/language")
    asked = await alice.reply()
    await alice.presses(asked, "Español").answer()
    await asked.edited()
    async with await Store.open(f"sqlite:///{folder}/bot.db", create=False) as store:
        assert (await store.user(alice.user.id)).language == "es"
    await bot.finish()
