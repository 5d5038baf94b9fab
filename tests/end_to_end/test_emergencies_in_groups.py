"""Emergencies where others read along: one gentle reply, wherever the words stand, and moderators are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.store import Store

from .in_groups import ME, greeted, leads_to, shows
from .talking import LIVER, OVERDOSE, SUICIDE, forgive_refusals, watched
from .telegram.posting import said, sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library

    from .bot_process import BotProcess
    from .telegram import Group, Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTIONS = Path(__file__).parent.parent / "questions"
SEIZURE = "he is having a seizure right now after kratom"
OVERDOSE_AGAIN = "she took way too much and is not breathing"


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US"}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram
    assert "Traceback" not in shared_bot.log


@pytest.fixture
def bob(telegram: Telegram) -> Person:
    return telegram.person("Bob")


@pytest_asyncio.fixture(loop_scope="module")
async def group(telegram: Telegram, alice: Person, bob: Person) -> Group:
    """A group in which the bot hears everything."""
    return await greeted(telegram, alice, bob, bot="administrator")


async def test_the_reply_is_short_and_leads_to_the_whole_card(
    alice: Person, group: Group, answerer: Answerer, library: Library
) -> None:
    card = await group.reply(to=alice.says(OVERDOSE, in_=group))
    shows(card, answerer.reply(OVERDOSE), library)
    assert card.text.index("Call 911 now") < card.text.index("naloxone") < card.text.index("1-800-222-1222")
    assert len(card.text) < 1600
    assert leads_to(card) == ["crisis-overdose"]
    alice.follows(card.buttons[0].url)
    whole = await alice.reply()
    assert "Give the crew the package" in whole.text
    assert len(whole.text) > len(card.text)


async def test_wherever_the_words_stand(telegram: Telegram, group: Group) -> None:
    elsewhere = telegram.group("Elsewhere", bot="")

    def new() -> Person:
        return telegram.person("Somebody")

    editing, showing = new(), new()
    ordinary = editing.says("good morning all", in_=group)
    picture = showing.sends("photo", "look at this", in_=group)
    told = [
        new().says(OVERDOSE, in_=group),
        new().sends("photo", OVERDOSE, in_=group),
        new().sends("voice", OVERDOSE, in_=group),
        new().forwards(new().says(OVERDOSE, in_=elsewhere), in_=group),
        new().forwards(new().says(OVERDOSE, in_=elsewhere), in_=group, hidden="Someone"),
        new().sends("poll", in_=group, question=OVERDOSE, options=("Yes", "No")),
        new().sends("poll", in_=group, question="what now", options=(OVERDOSE, "it will pass")),
        new().says("look", in_=group, reply_to=new().says(f"hm. {OVERDOSE}", in_=elsewhere), quote=OVERDOSE),
        new().says(f"/ask {OVERDOSE}", in_=group),
        new().says(f"/help {OVERDOSE}", in_=group),
        new().says(f"/ban@some_other_bot {OVERDOSE}", in_=group),
        new().says(f"{ME} {OVERDOSE}", in_=group),
        editing.edits(ordinary, OVERDOSE),
        showing.edits(picture, OVERDOSE),
    ]
    for message in told:
        card = await group.reply(to=message)
        assert "Call 911 now" in card.text
        assert leads_to(card) == ["crisis-overdose"]
    assert not group.unread


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_in_groups_of_each_kind(telegram: Telegram, alice: Person, kind: str) -> None:
    group = await greeted(telegram, alice, kind=kind, bot="administrator")
    assert "988" in (await group.reply(to=alice.says(SUICIDE, in_=group))).text


async def test_one_message_is_answered_once(alice: Person, bob: Person, group: Group) -> None:
    message = alice.says(OVERDOSE, in_=group)
    await group.reply(to=message)
    alice.edits(message, f"{OVERDOSE} please")
    alice.edits(message, SUICIDE)
    bob.says("oh no", in_=group, reply_to=message, quote="took too much and wont wake up")
    bob.says("/ask", in_=group, reply_to=message)
    await group.silence()
    answer = bob.says(f"{ME} {LIVER}", in_=group, reply_to=message)
    assert "liver" in (await group.reply(to=answer)).text


async def test_one_person_is_answered_once_in_a_while_for_each_kind(alice: Person, bob: Person, group: Group) -> None:
    await group.reply(to=alice.says(OVERDOSE, in_=group))
    alice.says(OVERDOSE_AGAIN, in_=group)
    await group.silence()
    assert "seizure" in (await group.reply(to=alice.says(SEIZURE, in_=group))).text
    await group.reply(to=bob.says(OVERDOSE_AGAIN, in_=group))


async def test_who_speaks_to_it_is_answered_always(alice: Person, group: Group) -> None:
    card = await group.reply(to=alice.says(OVERDOSE, in_=group))
    for message in (
        alice.says(OVERDOSE_AGAIN, in_=group, reply_to=card),
        alice.says(f"{ME} {OVERDOSE_AGAIN}", in_=group),
        alice.says(f"/ask {OVERDOSE}", in_=group),
    ):
        assert "Call 911 now" in (await group.reply(to=message)).text


async def test_somebody_elses_alarm_is_answered_where_the_bot_hears_only_of_it(telegram: Telegram) -> None:
    alice, bob = telegram.person("Alice"), telegram.person("Bob")
    group = await greeted(telegram, alice, bob)
    message = alice.says(SUICIDE, in_=group)
    await group.silence()  # privacy mode keeps it from the bot
    bob.says(f"{ME} can you help", in_=group, reply_to=message)
    assert "988" in (await group.reply(to=message)).text
    message = alice.says(OVERDOSE, in_=group)
    bob.says("/ask", in_=group, reply_to=message)
    assert "Call 911 now" in (await group.reply(to=message)).text


async def test_a_less_certain_one_is_answered_where_it_is_asked(
    alice: Person, bob: Person, group: Group, answerer: Answerer, library: Library
) -> None:
    lines = (QUESTIONS / "urgency/emergencies.dev.jsonl").read_text("utf-8").splitlines()
    replies = {text: answerer.reply(text) for text in (json.loads(line)["text"] for line in lines)}
    worrying = {text: one for text, one in replies.items() if one.urgency and one.urgency.level == "worrying"}
    text, reply = next((text, one) for text, one in worrying.items() if not one.entry)
    assert reply.urgency
    alice.says(text, in_=group)
    await group.silence()
    message = await group.reply(to=alice.says(f"{ME} {text}", in_=group))
    assert message.text.startswith(library.wording["en"].worrying[reply.urgency.kind].format(emergency="911"))
    assert leads_to(message) == [f"crisis-{reply.urgency.card}"]
    assert library.wording["en"].sentences.no_answer_brief not in message.text
    text, reply = next((text, one) for text, one in worrying.items() if one.entry)
    assert reply.urgency
    assert reply.entry
    asked = await group.reply(to=bob.says(f"{ME} {text}", in_=group))
    shows(asked, reply, library)
    assert leads_to(asked) == [f"crisis-{reply.urgency.card}", reply.entry.id]


async def test_its_own_card_quoted_or_forwarded_is_no_emergency(
    telegram: Telegram, alice: Person, group: Group
) -> None:
    card = await group.reply(to=alice.says(OVERDOSE, in_=group))
    thanked = alice.says("thanks", in_=group, reply_to=card, quote=card.text.splitlines()[1])
    assert "911" not in (await group.reply(to=thanked)).text
    telegram.person("Bob").forwards(card, in_=group)
    await group.silence()


async def test_in_a_forum_it_stays_in_the_topic(telegram: Telegram, alice: Person) -> None:
    forum = await greeted(telegram, alice, forum=True, bot="administrator")
    topic = forum.topic("Sleep")
    assert (await forum.reply(to=alice.says(OVERDOSE, in_=forum, topic=topic))).topic == topic.number
    assert (await forum.reply(to=alice.says(SUICIDE, in_=forum))).topic == 0


# Who is behind it


async def test_people_who_hide_are_helped_and_bots_are_not(telegram: Telegram, alice: Person, group: Group) -> None:
    group.promotes(alice, anonymous=True)
    await group.reply(to=alice.says(OVERDOSE, in_=group, anonymous=True))
    own = telegram.channel(owner=alice, bot="")
    await group.reply(to=alice.says(OVERDOSE, in_=group, via=own))
    robot = telegram.person("Robot")
    robot.user.is_bot = True
    content = sender(telegram.world, group.chat, robot.user) | said(SUICIDE)
    telegram.world.tell("message", telegram.world.put(group.chat, content).json(), group.chat)
    await group.silence()


async def test_a_channels_post_is_answered_once_there_or_in_its_discussion(
    telegram: Telegram, alice: Person, group: Group
) -> None:
    channel = telegram.channel(owner=alice)
    group.links(channel)
    original = channel.posts(OVERDOSE)
    await telegram.until(lambda: channel.unread or group.unread)
    await telegram.settled()
    (answer,) = (*channel.unread, *group.unread)
    assert "Call 911 now" in answer.text
    channel.edits(original, f"{OVERDOSE} please")
    channel.posts(f"{ME} {LIVER}?")
    await telegram.settled()
    assert [*channel.unread, *group.unread] == [answer]
    channel.forget()
    group.forget()
    channel.edits(channel.posts("good morning"), SUICIDE)
    assert "988" in (await channel.reply()).text


async def test_where_it_may_not_post_in_the_channel_the_discussion_has_the_answer(
    telegram: Telegram, alice: Person, group: Group
) -> None:
    channel = telegram.channel(owner=alice, bot="")
    group.links(channel)
    channel.posts(OVERDOSE)
    assert "Call 911 now" in (await group.reply()).text
    alone = telegram.channel(owner=alice, bot="")
    alone.promotes_bot("can_manage_chat")
    alone.posts(OVERDOSE)
    await alone.silence()
    forgive_refusals(telegram)


# Moderators


@pytest_asyncio.fixture(loop_scope="module")
async def store(shared_bot: BotProcess) -> AsyncIterator[Store]:
    """The bot's own database, in which moderators have asked to be told."""
    async with await Store.open(f"sqlite:///{Path(shared_bot.folder) / 'kratom-answers.db'}") as opened:
        yield opened


async def test_moderators_who_asked_are_told_where_and_what_kind_but_not_the_words(
    telegram: Telegram, alice: Person, group: Group, store: Store, library: Library
) -> None:
    moderators = await greeted(telegram, forum=True)
    topic = moderators.topic("Alarms")
    await store.change_group(group.id, update_id=1, moderators_chat=moderators.id, moderators_thread=topic.number)
    message = alice.says(f"{OVERDOSE} xylophone", in_=group)
    told = await moderators.reply()
    label = next(text for kind, text in library.wording["en"].telegram.groups.alarm.items() if kind == "overdose")
    assert told.text == label.format(group=group.chat.title)
    assert told.topic == topic.number
    assert [button.url for button in told.buttons] == [f"https://t.me/c/{str(group.id)[4:]}/{message.id}"]
    await group.reply(to=message)
    alice.says(OVERDOSE_AGAIN, in_=group)
    await moderators.silence()
    assert group.member(alice).status == "member"


async def test_moderators_are_told_though_the_bot_may_not_write_in_the_group(
    telegram: Telegram, alice: Person, group: Group, store: Store
) -> None:
    moderators = await greeted(telegram, kind="group")
    await store.change_group(group.id, update_id=2, moderators_chat=moderators.id)
    telegram.bot.can_read_all_group_messages = True
    group.restricts_bot()
    alice.says(SUICIDE, in_=group)
    assert "suicide" in (await moderators.reply()).text
    await group.silence()
    telegram.bot.can_read_all_group_messages = False
    forgive_refusals(telegram)


async def test_an_answer_that_did_not_go_out_goes_out_after_an_edit(
    telegram: Telegram, alice: Person, group: Group
) -> None:
    group.restricts_bot()
    telegram.bot.can_read_all_group_messages = True
    message = alice.says(OVERDOSE, in_=group)
    await group.silence()
    group.adds_bot()
    alice.edits(message, f"{OVERDOSE} please")
    await group.reply(to=message)
    telegram.bot.can_read_all_group_messages = False
    forgive_refusals(telegram)
