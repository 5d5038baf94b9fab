"""The bot is added to groups, given and denied rights, removed; groups become supergroups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.store import Group as Settings
from bot.store import Store

from .in_groups import ME, greeted, leads_to
from .talking import LIVER, OVERDOSE, forgive_refusals, watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Library

    from .bot_process import BotProcess
    from .telegram import Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US"}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram
    assert "Traceback" not in shared_bot.log


@pytest_asyncio.fixture(loop_scope="module")
async def store(shared_bot: BotProcess) -> AsyncIterator[Store]:
    """The bot's own database."""
    async with await Store.open(f"sqlite:///{Path(shared_bot.folder) / 'kratom-answers.db'}") as opened:
        yield opened


async def settings(telegram: Telegram, store: Store, chat_id: int) -> Settings:
    """What the database holds of a group once the bot has handled everything."""
    await telegram.settled(quiet=0.2)
    return await store.group(chat_id)


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_added_it_says_once_what_it_does_and_what_it_sees(
    telegram: Telegram, alice: Person, library: Library, kind: str
) -> None:
    say = library.wording["en"].telegram.groups
    group = telegram.group(members=(alice,), kind=kind)
    hello = await group.reply()
    assert hello.text == f"{say.hello}\n\n{say.sees_some}"
    assert leads_to(hello) == [""]
    assert hello.reply_to is None
    group.promotes_bot()
    group.demotes_bot()
    await group.silence(1)


async def test_added_as_an_admin_or_without_privacy_mode_it_says_that_it_sees_all(
    telegram: Telegram, library: Library
) -> None:
    say = library.wording["en"].telegram.groups
    assert (await telegram.group(bot="administrator").reply()).text.endswith(say.sees_all)
    telegram.bot.can_read_all_group_messages = True  # since the bot was started
    assert (await telegram.group().reply()).text.endswith(say.sees_all)
    telegram.bot.can_read_all_group_messages = False


async def test_it_greets_in_the_language_of_who_added_it(telegram: Telegram, library: Library) -> None:
    ana = telegram.person("Ana", language="es")
    assert (await telegram.group(owner=ana).reply()).text.startswith(library.wording["es"].telegram.groups.hello)


async def test_where_it_may_not_write_it_is_quiet(telegram: Telegram, alice: Person) -> None:
    group = telegram.group(members=(alice,), bot="")
    group.restricts_bot("can_send_photos")
    await group.silence(1)
    channel = telegram.channel()
    await channel.silence(1)


async def test_removed_it_forgets_the_group(telegram: Telegram, alice: Person, store: Store) -> None:
    group = await greeted(telegram, alice)
    await group.reply(to=group.owner.says("/answers 7", in_=group))
    assert await settings(telegram, store, group.id) == Settings(answers_unasked=True, unasked_every=7)
    group.restricts_bot()
    assert await settings(telegram, store, group.id) == Settings(answers_unasked=True, unasked_every=7)
    group.removes_bot()
    assert await settings(telegram, store, group.id) == Settings()
    group.adds_bot()
    await group.reply()
    assert "only when someone asks" in (await group.reply(to=group.owner.says("/answers", in_=group))).text


async def test_added_and_removed_at_once_it_says_nothing(telegram: Telegram) -> None:
    group = telegram.group()
    group.removes_bot()
    await group.silence(1)
    assert not telegram.refusals


async def test_a_group_that_becomes_a_supergroup_keeps_its_settings_and_is_not_greeted_again(
    telegram: Telegram, alice: Person, store: Store
) -> None:
    group = await greeted(telegram, alice, kind="group", bot="administrator")
    await group.reply(to=group.owner.says("/answers 30", in_=group))
    await group.reply(to=alice.says(f"{LIVER}?", in_=group))
    new = group.migrates()
    await new.silence(1)
    assert await settings(telegram, store, new.id) == Settings(answers_unasked=True)
    assert await settings(telegram, store, group.id) == Settings()
    alice.says("is kratom legal in texas?", in_=new)  # within the thirty minutes, which go on
    await new.silence()
    await new.reply(to=alice.says(f"{ME} {LIVER}", in_=new))


async def test_an_answer_to_a_group_that_has_moved_follows_it(telegram: Telegram, alice: Person) -> None:
    group = await greeted(telegram, alice, kind="group", bot="administrator")
    told = len(telegram.calls_of("sendMessage"))
    alice.says(OVERDOSE, in_=group)
    new = group.migrates()  # before the bot has heard of anything
    assert "Call 911 now" in (await new.reply()).text
    moved = [call.arguments["chat_id"] for call in telegram.calls_of("sendMessage")[told:]]
    assert moved == [str(group.id), str(new.id)]
    forgive_refusals(telegram)
