"""Many messages at once, and what goes wrong between the bot and Telegram."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from answers.rendering import to_text

from .talking import DOSE, LIVER, OVERDOSE, PIZZA, STRAINS, SUICIDE, forgive_refusals, shows, text_of, watched
from .telegram import html

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library

    from .bot_process import BotProcess
    from .telegram import Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASSPHRASE = "xylophone-marmalade"
"""Said in messages and found in no answer: it must not come up in the bot's log."""


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US", "log": {"level": "debug", "format": "json"}}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram


async def test_the_order_is_kept_when_many_messages_come_quickly(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    questions = [LIVER, PIZZA, DOSE, OVERDOSE, STRAINS, "thanks", LIVER, SUICIDE, PIZZA, "hello"]
    for question in questions:
        alice.says(question)
    said = await alice.replies(len(questions))
    cards = [text_of(answerer.reply(text), library, "whole") for text in (OVERDOSE, SUICIDE)]
    for emergency in (False, True):  # which overtake what waits
        asked = [question for question in questions if (question in (OVERDOSE, SUICIDE)) is emergency]
        told = [message for message in said if (message.text in cards) is emergency]
        if emergency:  # and each other
            told.sort(key=lambda message: cards.index(message.text))
        for question, message in zip(asked, told, strict=True):
            shows(message, answerer.reply(question), library)


async def test_a_slow_chat_holds_up_nobody_else(telegram: Telegram, alice: Person) -> None:
    bob = telegram.person("Bob")
    slow = telegram.faults.delays(2, method="sendMessage", chat_id=alice.chat.id)
    alice.says(LIVER)
    await telegram.until(lambda: slow.hits)
    bob.says(OVERDOSE)
    assert "Call 911 now" in (await bob.reply(within=1.5)).text
    assert not alice.unread
    await alice.reply()


@pytest.fixture
def html_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram refuses the HTML of every message."""

    def refuse(source: str) -> html.Parsed:
        raise html.HtmlError(f"unsupported start tag at byte offset {len(source)}")

    monkeypatch.setattr(html, "parse", refuse)


@pytest.mark.usefixtures("html_is_refused")
async def test_a_reply_whose_html_is_refused_comes_as_plain_text(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library, vague: str
) -> None:
    group = telegram.group(members=(alice,), bot="administrator")
    telegram.manners_allow(4)  # a long reply goes in several messages
    for text in (LIVER, vague):
        alice.says(text)
        expected = to_text(answerer.reply(text), library, view="short")
        shown = await alice.reply()
        said = shown.text
        while len(said) < len(expected) - 10:
            shown = await alice.reply()
            said += shown.text
        assert re.sub(r"\s+", "", said) == re.sub(r"\s+", "", expected)
        assert not shown.parts("bold")
        assert shown.previews_off
    offered = [entry.question for entry in answerer.reply(vague).offered]
    assert [button.text for button in shown.buttons] == [*offered, "None of these"]
    await alice.presses(shown, offered[0]).answer()
    await shown.edited()
    assert re.sub(r"\s+", "", shown.text) == re.sub(
        r"\s+", "", to_text(answerer.open(answerer.reply(vague).offered[0].id), library, view="short")
    )
    message = alice.says(OVERDOSE, in_=group)
    assert "Call 911 now" in (await group.reply(to=message)).text
    await telegram.settled(quiet=0.2)
    group.forget()
    telegram.manners_allow(1)
    forgive_refusals(telegram)


async def test_a_reply_that_cannot_be_sent_is_owned_up_to(telegram: Telegram, alice: Person, library: Library) -> None:
    telegram.faults.fails(500, method="sendMessage", chat_id=alice.chat.id)
    alice.says(LIVER)
    assert (await alice.reply()).text == library.wording["en"].telegram.error
    alice.says(LIVER)
    assert "liver" in (await alice.reply()).text
    forgive_refusals(telegram)


async def test_a_failure_in_a_group_is_not_talked_about(telegram: Telegram, alice: Person) -> None:
    group = telegram.group(members=(alice,))
    await group.reply()  # its greeting
    telegram.faults.fails(500, method="sendMessage", chat_id=group.id)
    alice.says(f"@kratom_answers_bot {LIVER}", in_=group)
    await group.silence()
    forgive_refusals(telegram)


async def test_being_blocked_or_removed_is_taken_quietly(
    telegram: Telegram, alice: Person, shared_bot: BotProcess
) -> None:
    before = shared_bot.log.count('"level": "error"')
    alice.says(LIVER)
    alice.blocks_bot()
    group = telegram.group(members=(alice,))
    await group.reply()  # its greeting
    alice.says(f"@kratom_answers_bot {LIVER}", in_=group)
    group.removes_bot()
    await telegram.until(lambda: len([call for call in telegram.refusals if call.status == 403]) == 2)
    await telegram.settled(quiet=0.2)
    assert len(telegram.refusals) == 2  # it does not try again
    assert shared_bot.log.count('"level": "error"') == before
    alice.unblocks_bot()
    alice.says(LIVER)
    assert "liver" in (await alice.reply()).text
    forgive_refusals(telegram)


async def test_the_log_is_json_and_holds_no_words_no_names_and_no_token(
    telegram: Telegram, shared_bot: BotProcess, library: Library
) -> None:
    zelda = telegram.person("Zeldarina", username="zeldarina_z", last_name="Quux")
    telegram.faults.fails(500, method="sendMessage", chat_id=zelda.chat.id)
    zelda.says(f"{LIVER} {PASSPHRASE}")
    assert (await zelda.reply()).text == library.wording["en"].telegram.error
    zelda.says(f"{OVERDOSE} {PASSPHRASE}")
    await zelda.reply()
    for _ in range(2):
        zelda.says(f"{PIZZA} {PASSPHRASE}")
        stuck = await zelda.reply()
    for button in ("Send my question", "Send"):  # so that the database holds it
        await zelda.presses(stuck, button).answer()
        await stuck.edited()
    log = shared_bot.log
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[0] == "Starting on Telegram by long polling."
    assert "An update could not be handled." in events
    for secret in (PASSPHRASE, "Zeldarina", "zeldarina_z", "Quux", OVERDOSE, LIVER, telegram.token):
        assert secret not in log
    forgive_refusals(telegram)


async def test_a_reply_that_telegram_does_not_confirm_is_not_repeated_but_an_emergency_is(
    telegram: Telegram, alice: Person, shared_bot: BotProcess
) -> None:
    bob = telegram.person("Bob")
    for person in (alice, bob):
        telegram.faults.delays(7, method="sendMessage", chat_id=person.chat.id, times=1)
    alice.says(LIVER)
    bob.says(OVERDOSE)
    assert "Call 911 now" in (await bob.reply(within=9)).text
    await alice.silence()
    log = shared_bot.log
    assert log.count("it may be there or not") == log.count("it is sent again") == 1


async def test_somebody_who_blocks_the_bot_is_forgotten(telegram: Telegram, alice: Person) -> None:
    alice.says(PIZZA)
    await alice.reply()
    alice.says(PIZZA)
    alice.blocks_bot()
    await telegram.until(lambda: any(call.status == 403 for call in telegram.refusals))
    await telegram.settled(quiet=0.2)
    alice.unblocks_bot()
    alice.says(PIZZA)
    assert "could not help twice" not in (await alice.reply()).text
    forgive_refusals(telegram)
