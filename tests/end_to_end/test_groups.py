"""Questions to the bot in groups: it speaks when it is spoken to, shortly, and unasked only where admins let it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from answers.rendering import lines_to_telegram

from .in_groups import ME, greeted, leads_to, shows
from .talking import DOSE, LIVER, OVERDOSE, PIZZA, watched
from .telegram import html
from .telegram.posting import post, said, sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library

    from .bot_process import BotProcess
    from .telegram import Group, Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US"}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram


@pytest.fixture
def bob(telegram: Telegram) -> Person:
    return telegram.person("Bob")


@pytest_asyncio.fixture(loop_scope="module")
async def group(telegram: Telegram, alice: Person, bob: Person) -> Group:
    """A group in which the bot hears everything."""
    return await greeted(telegram, alice, bob, bot="administrator")


async def test_it_is_quiet_unless_it_is_spoken_to(telegram: Telegram, alice: Person, bob: Person) -> None:
    group = await greeted(telegram, alice, bob, bot="administrator")
    for text in (LIVER, DOSE, "hello", "@someone_else_bot is kratom safe", "/ask@someone_else_bot is kratom safe"):
        alice.says(text, in_=group)
    bob.says(LIVER, in_=group, reply_to=alice.says("hi Bob", in_=group))
    alice.forwards(bob.says(f"ask {ME} about kratom", in_=telegram.group("Elsewhere", bot="")), in_=group)
    alice.says("/ban 3", in_=group)
    for kind in ("photo", "sticker", "voice", "poll", "dice"):
        alice.sends(kind, in_=group)
    await group.silence()


@pytest.mark.parametrize("form", [f"{ME} {{}}", "@Kratom_Answers_BOT, {}", f"{{}} {ME}", "{}\n@KRATOM_ANSWERS_BOT"])
async def test_named_it_answers_shortly_with_one_button_into_private(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library, form: str
) -> None:
    group = await greeted(telegram, alice)
    for question in (alice.says(form.format(LIVER), in_=group), alice.sends("photo", form.format(LIVER), in_=group)):
        answer = await group.reply(to=question)
        shows(answer, answerer.reply(LIVER), library)
        assert answer.links
        assert leads_to(answer) == ["liver-injury"]
        alice.edits(question, form.format(DOSE))
    await group.silence()
    alice.follows(answer.buttons[0].url)
    assert "liver" in (await alice.reply()).text


async def test_a_reply_to_it_is_answered_and_what_is_no_question_is_not(
    telegram: Telegram, alice: Person, bob: Person, answerer: Answerer, library: Library
) -> None:
    group = await greeted(telegram, alice, bob)
    answer = await group.reply(to=alice.says(f"{ME} {LIVER}", in_=group))
    again = bob.says(DOSE, in_=group, reply_to=answer)
    declined, expected = await group.reply(to=again), answerer.reply(DOSE)
    shows(declined, expected, library)
    assert expected.entry
    assert leads_to(declined) == [expected.entry.id]
    bob.says("ok", in_=group, reply_to=declined)
    bob.sends("sticker", in_=group, reply_to=declined)
    bob.sends("photo", in_=group, reply_to=declined)
    await group.silence()
    thanked = await group.reply(to=bob.says("thanks", in_=group, reply_to=declined))
    assert thanked.text == library.wording["en"].social["thanks"].says
    assert not thanked.buttons


async def test_what_has_no_one_answer_gets_one_line_and_a_way_into_private(
    telegram: Telegram, alice: Person, library: Library, vague: str
) -> None:
    group = await greeted(telegram, alice)
    sentences = library.wording["en"].sentences
    for text, line in ((PIZZA, sentences.no_answer_brief), (vague, sentences.choose_brief)):
        answer = await group.reply(to=alice.says(f"{ME} {text}", in_=group))
        assert answer.text == line
        assert leads_to(answer) == [""]


@pytest.mark.parametrize("command", ["/ask", "/answer", "/ask@kratom_answers_bot", "/ASK"])
async def test_ask_with_a_question(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library, command: str
) -> None:
    group = await greeted(telegram, alice)
    shows(await group.reply(to=alice.says(f"{command} {LIVER}", in_=group)), answerer.reply(LIVER), library)
    assert (await group.reply(to=alice.says(command, in_=group))).text == library.wording["en"].telegram.groups.how


@pytest.mark.parametrize("way", ["/ask", "/answer", ME, f"{ME} can you answer this", f"{ME}, please"])
async def test_asked_to_answer_somebody_it_answers_that_message(  # noqa: PLR0917  pytest fills them by name
    alice: Person, bob: Person, group: Group, answerer: Answerer, library: Library, way: str
) -> None:
    for question in (alice.says(LIVER, in_=group), alice.sends("photo", LIVER, in_=group)):
        bob.says(way, in_=group, reply_to=question)
        shows(await group.reply(to=question), answerer.reply(LIVER), library)
    own = bob.says(f"/ask {DOSE}", in_=group, reply_to=question)
    shows(await group.reply(to=own), answerer.reply(DOSE), library)


async def test_its_name_alone_says_how_to_ask(telegram: Telegram, alice: Person, library: Library) -> None:
    group = await greeted(telegram, alice)
    assert (await group.reply(to=alice.says(ME, in_=group))).text == library.wording["en"].telegram.groups.how


@pytest.mark.parametrize("command", ["/start", "/help", "/HELP@KRATOM_ANSWERS_BOT"])
async def test_other_commands(telegram: Telegram, alice: Person, library: Library, command: str) -> None:
    group = await greeted(telegram, alice)
    say = library.wording["en"].telegram.groups
    answer = await group.reply(to=alice.says(command, in_=group))
    assert answer.text == say.hello
    assert leads_to(answer) == [""]
    assert (await group.reply(to=alice.says(f"/privacy{ME}", in_=group))).text == say.private_only
    lines = await group.reply(to=alice.says("/crisis", in_=group))
    assert lines.text == html.parse(lines_to_telegram("US", library, language="en")[0]).text.strip()


async def test_it_speaks_the_language_of_the_question(telegram: Telegram, answerer: Answerer, library: Library) -> None:
    ana = telegram.person("Ana", language="es")
    group = await greeted(telegram, ana)
    question = "el kratom es malo para el hígado"
    answer = await group.reply(to=ana.says(f"{ME} {question}", in_=group))
    shows(answer, answerer.reply(question), library)
    assert answer.buttons[0].text == library.wording["es"].telegram.groups.more
    assert (await group.reply(to=ana.says("/ask", in_=group))).text == library.wording["es"].telegram.groups.how


# Forums, channels, and others than plain members


async def test_in_a_forum_it_stays_in_the_topic(telegram: Telegram, alice: Person, bob: Person) -> None:
    forum = await greeted(telegram, alice, bob, forum=True, bot="administrator")
    sleep, liver = forum.topic("Sleep"), forum.topic("Liver")
    asked = alice.says(LIVER, in_=forum, topic=liver)
    bob.says("/ask", in_=forum, reply_to=asked)
    assert (await forum.reply(to=asked)).topic == liver.number
    for topic, text in ((liver, f"{ME} {LIVER}"), (sleep, OVERDOSE), (liver, "/help"), (sleep, "/answers")):
        alice.says(text, in_=forum, topic=topic)
        assert (await forum.reply()).topic == topic.number
    before = len(telegram.calls_of("sendMessage"))
    for text in (f"{ME} {LIVER}", "/ask is kratom legal in texas", "/help"):
        assert (await forum.reply(to=alice.says(text, in_=forum))).topic == 0
    assert not any("message_thread_id" in call.arguments for call in telegram.calls_of("sendMessage")[before:])
    alice.says("/ask", in_=forum, topic=liver)  # Telegram gives it as a reply to what opened the topic
    assert "/ask" in (await forum.reply()).text


async def test_a_thread_of_replies_outside_forums_is_answered(telegram: Telegram, alice: Person) -> None:
    group = await greeted(telegram, alice)
    first = await group.reply(to=alice.says(f"{ME} {LIVER}", in_=group))
    second = alice.says(DOSE, in_=group, reply_to=first)
    third = alice.says(PIZZA, in_=group, reply_to=await group.reply(to=second))
    assert "I don't have a checked answer to that." in (await group.reply(to=third)).text


async def test_people_who_hide_behind_the_group_or_a_channel_are_people(telegram: Telegram, alice: Person) -> None:
    group = await greeted(telegram, alice)
    group.promotes(alice, anonymous=True)
    channel = telegram.channel(owner=alice, bot="")
    await group.reply(to=alice.says(f"{ME} {LIVER}", in_=group, anonymous=True))
    await group.reply(to=alice.says(f"{ME} {LIVER}", in_=group, via=channel))


async def test_other_bots_and_a_linked_channel_are_not_answered(telegram: Telegram, alice: Person) -> None:
    group = await greeted(telegram, alice, bot="administrator")
    channel = telegram.channel(owner=alice, bot="administrator")
    group.links(channel)
    channel.posts(f"Ask {ME} about kratom. {LIVER}?")
    robot = telegram.person("Robot")
    robot.user.is_bot = True
    content = sender(telegram.world, group.chat, robot.user) | said(f"{ME} {OVERDOSE}")
    telegram.world.tell("message", telegram.world.put(group.chat, content).json(), group.chat)
    await group.silence()
    await channel.silence(0)


async def test_what_was_sent_through_it_is_not_taken_for_a_question(telegram: Telegram, alice: Person) -> None:
    group = await greeted(telegram, alice, bot="administrator")
    through = sender(telegram.world, group.chat, alice.user) | {"via_bot": telegram.bot.json()}
    for text in (f"{ME} {LIVER}", "Call 911 now. Say someone will not wake up."):
        post(telegram.world, group.chat, through | said(text))
    await group.silence()


async def test_service_messages_are_left_alone(telegram: Telegram, alice: Person) -> None:
    group = await greeted(telegram, alice, bot="administrator")
    group.announces(new_chat_title=f"{ME} {OVERDOSE}")
    group.announces(pinned_message=alice.says("hello", in_=group).json())
    alice.leaves(group)
    alice.joins(group)
    await group.silence()


# Unasked answers


async def test_admins_let_it_answer_clear_questions(
    telegram: Telegram, alice: Person, group: Group, answerer: Answerer, library: Library
) -> None:
    say = library.wording["en"].telegram.groups
    assert (await group.reply(to=group.owner.says("/answers", in_=group))).text == say.settings_off
    on = await group.reply(to=group.owner.says("/answers 2", in_=group))
    assert on.text == say.settings_on.format(minutes=2)
    for text in (PIZZA, "my liver hurts, kratom", "hello", LIVER[:8]):
        alice.says(text, in_=group)
    alice.says(LIVER, in_=group, reply_to=alice.says("hm", in_=group))
    alice.forwards(group.owner.says(LIVER, in_=telegram.group("Elsewhere", bot="")), in_=group)
    await group.silence()
    question = alice.says(f"{LIVER}?", in_=group)
    answer = await group.reply(to=question)
    shows(answer, answerer.reply(LIVER), library)
    alice.says("is kratom legal in texas?", in_=group)  # less than two minutes later
    await group.silence()
    await group.reply(to=alice.says(f"{ME} is kratom legal in texas?", in_=group))
    off = await group.reply(to=group.owner.says("/answers off", in_=group))
    assert off.text == say.settings_off
    assert (await group.reply(to=group.owner.says("/answers on", in_=group))).text == on.text  # the number stays


async def test_only_admins_change_that(
    telegram: Telegram, alice: Person, bob: Person, group: Group, library: Library
) -> None:
    say = library.wording["en"].telegram.groups
    channel = telegram.channel(owner=alice, bot="")
    for refused in (alice.says("/answers on", in_=group), alice.says("/answers on", in_=group, via=channel)):
        assert (await group.reply(to=refused)).text == say.settings_admins
    for wrong in ("/answers yes", "/answers 0", "/answers 1441", "/answers -5", "/answers ²"):
        assert (await group.reply(to=group.owner.says(wrong, in_=group))).text == say.settings_how
    group.promotes(alice)
    await group.reply(to=alice.says("/answers 5", in_=group))
    group.promotes(bob, anonymous=True)
    answer = await group.reply(to=bob.says("/answers 6", in_=group, anonymous=True))
    assert answer.text == say.settings_on.format(minutes=6)


async def test_where_it_hears_only_what_is_meant_for_it_it_says_so(
    telegram: Telegram, alice: Person, library: Library
) -> None:
    group = await greeted(telegram, alice)
    answer = await group.reply(to=group.owner.says("/answers on", in_=group))
    assert answer.text.endswith(library.wording["en"].telegram.groups.sees_some)
