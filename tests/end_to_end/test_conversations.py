"""People talk to the real bot over HTTP: in private, in groups and in forums. Nothing may be done wrong in silence."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from answers import Answerer, Library, Reply
from answers.rendering import to_telegram, to_text

from .telegram import html, media
from .telegram.posting import post, said, sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .bot_process import BotProcess
    from .telegram import Message, Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRAINS = "does red bali help you sleep"
OVERDOSE = "my friend took too much and wont wake up"
SUICIDE = "i want to kill myself"
DOSE = "how many grams for sleep"
PIZZA = "best pizza in town"
LIVER = "is kratom bad for my liver"
VAGUE = ("liver sleep heart", "kratom and my body", "does it show", "red or green", "is it ok with my meds")
UNREADABLE = (
    "photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker", "location", "venue",
    "contact", "poll", "dice",
)  # fmt: skip
PASSPHRASE = "xylophone-marmalade"
"""Said in messages and found in no answer: it must not come up in the bot's log."""


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US", "log": {"level": "debug", "format": "json"}}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    """The Telegram that the module's bot is on. After each test nothing may have been done wrong, or refused."""
    refused = len(shared_telegram.refusals)
    yield shared_telegram
    await shared_telegram.settled(quiet=0.05)
    assert shared_bot.process
    assert shared_bot.process.returncode is None
    shared_telegram.faults.clear()
    shared_telegram.check()
    assert [str(call) for call in shared_telegram.refusals[refused:]] == []
    assert not shared_telegram.violations.of("link preview")


@pytest.fixture
def alice(telegram: Telegram) -> Person:
    return telegram.person("Alice")


@pytest.fixture(scope="module")
def vague(answerer: Answerer) -> str:
    """A message that several entries may answer."""
    return next(text for text in VAGUE if answerer.reply(text).kind == "choose")


def shows(message: Message, reply: Reply, library: Library) -> None:
    """The message says this reply, which fits into one."""
    (part,) = to_telegram(reply, library)
    assert message.text == html.parse(part).text.strip()
    assert message.previews_off


def forgive_refusals(telegram: Telegram) -> None:
    """Forget the refusals so far: the test has asked for them."""
    telegram.world.calls[:] = [call for call in telegram.calls if call.status < 400]


# Greetings and commands


async def test_start_says_what_it_does_and_offers_examples_that_work(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.starts()
    greeting = await alice.reply()
    assert greeting.text == library.wording["en"].telegram.start.strip()
    assert len(greeting.buttons) == 3
    for button, entry_id in zip(greeting.buttons, library.wording["en"].telegram.examples, strict=True):
        assert button.text == library.entries[entry_id].question
        press = await alice.presses(greeting, button.text).answer()
        assert not press.text
        shows(await alice.reply(), answerer.open(entry_id), library)


async def test_a_deep_link_opens_its_entry(alice: Person, answerer: Answerer, library: Library) -> None:
    alice.starts("liver-injury")
    shows(await alice.reply(), answerer.open("liver-injury"), library)


async def test_a_deep_link_to_nothing_greets(alice: Person, library: Library) -> None:
    for payload in ("no-such-entry", "-", "x" * 64):
        alice.starts(payload)
        assert (await alice.reply()).text == library.wording["en"].telegram.start.strip()


async def test_help(alice: Person, library: Library) -> None:
    alice.says("/help")
    assert (await alice.reply()).text == library.wording["en"].telegram.help.strip()


@pytest.mark.parametrize("command", ["/start", "/help", "/HELP", "/unknown"])
async def test_an_emergency_after_a_command_comes_first(alice: Person, command: str) -> None:
    alice.says(f"{command} {OVERDOSE}")
    assert "Call 911 now" in (await alice.reply()).text


async def test_the_menu_of_commands_is_set(telegram: Telegram, library: Library) -> None:
    (call,) = telegram.calls_of("setMyCommands")
    for name, what in library.wording["en"].telegram.commands.items():
        assert name in str(call.arguments)
        assert what in str(call.arguments)


# The four questions


async def test_the_four_questions_are_answered_in_order(alice: Person, answerer: Answerer, library: Library) -> None:
    questions = (STRAINS, OVERDOSE, DOSE, PIZZA)
    for question in questions:
        alice.says(question)
    for question, message in zip(questions, await alice.replies(4), strict=True):
        shows(message, answerer.reply(question), library)


async def test_an_answer_is_cited_and_ends_with_when_to_see_a_clinician(alice: Person, library: Library) -> None:
    alice.says(STRAINS)
    answer = await alice.reply()
    entry = library.entries["sedating-strains"]
    assert answer.text.startswith(entry.answer[0].says)
    assert answer.previews_off
    assert answer.links
    assert all(link.startswith(("https://", "http://")) for link in answer.links)
    cited = [library.sources[cite.source].url for claim in entry.claims for cite in claim.cites]
    assert set(answer.links) == set(cited)
    assert [f"[{n}]" for n in range(1, len(set(cited)) + 1)] == sorted(set(re.findall(r"\[\d+\]", answer.text)))
    details, sources = answer.parts("expandable_blockquote")
    assert all(claim.says in details for claim in entry.more)
    assert all(library.sources[cite.source].title in sources for claim in entry.claims for cite in claim.cites)
    heading, advice = answer.text.rsplit("\n", 2)[-2:]
    assert heading == library.wording["en"].labels.clinician
    assert heading in answer.parts("bold")
    assert advice == entry.see_a_clinician
    assert not answer.buttons


async def test_the_overdose_card_says_first_whom_to_call_and_naloxone(alice: Person) -> None:
    alice.says(OVERDOSE)
    card = await alice.reply()
    lines = card.text.splitlines()
    assert "overdose" in lines[0]
    assert lines[0] in card.parts("bold")
    assert "Call 911 now" in lines[1]
    assert "naloxone" in lines[2]
    assert "1-800-222-1222" in card.text
    assert not any("Call 911 now" in part for part in card.parts("expandable_blockquote"))
    assert not card.protected


async def test_the_suicide_card_says_first_whom_to_call(alice: Person, library: Library) -> None:
    alice.says(SUICIDE)
    card = await alice.reply()
    first = card.text.partition(library.wording["en"].labels.more)[0].partition("\nSources")[0]
    assert "call 988" in first
    assert "741741" in first
    assert "911" in first
    assert not any("call 988" in part for part in card.parts("expandable_blockquote"))


async def test_a_dose_is_refused_with_why_and_what_helps(alice: Person, library: Library) -> None:
    alice.says(DOSE)
    refusal = await alice.reply()
    entry = library.entries["dose-for-sleep"]
    assert refusal.text.startswith(entry.answer[0].says)
    assert "can't give an amount" in refusal.text
    assert any(entry.more[-1].says in part for part in refusal.parts("expandable_blockquote"))
    assert refusal.text.endswith(entry.see_a_clinician)
    assert not re.search(r"\b\d+([.,]\d+)?\s*(g|gr|gram|grams|mg)\b", refusal.text)


async def test_what_it_does_not_know_it_says(alice: Person, answerer: Answerer, library: Library) -> None:
    alice.says(PIZZA)
    message = await alice.reply()
    assert message.text.startswith("I don't have an answer to that.")
    assert library.wording["en"].sentences.clinician_anyway in message.text
    assert [button.data for button in message.buttons] == [
        f"open:{entry.id}" for entry in answerer.reply(PIZZA).offered
    ]


# Buttons


async def test_a_vague_question_offers_entries_that_open(
    alice: Person, answerer: Answerer, library: Library, vague: str
) -> None:
    alice.says(vague)
    choice = await alice.reply()
    offered = answerer.reply(vague).offered
    assert 2 <= len(choice.buttons) <= 4
    assert [button.text for button in choice.buttons] == [entry.question for entry in offered]
    for entry in offered:
        await alice.presses(choice, entry.question).answer()
        shows(await alice.reply(), answerer.open(entry.id), library)


@pytest.mark.parametrize("data", ["open:an-entry-that-is-gone", "open:", "another-bots-data", "open:" + "é" * 29])
async def test_a_stale_or_tampered_button_says_so(alice: Person, library: Library, data: str) -> None:
    alice.starts()
    press = await alice.sends_data(await alice.reply(), data).answer()
    assert press.text == library.wording["en"].telegram.gone
    await alice.silence(0.2)


async def test_a_button_of_a_deleted_message_opens_its_entry(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.starts()
    greeting = await alice.reply()
    greeting.deleted = True
    press = await alice.presses(greeting, greeting.buttons[0].text).answer()
    assert not press.text
    shows(await alice.reply(), answerer.open(greeting.buttons[0].data.removeprefix("open:")), library)


async def test_a_button_pressed_too_long_ago_still_opens_its_entry(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.starts()
    press = alice.sends_data(await alice.reply(), "open:liver-injury")
    press.lifetime = 0
    shows(await alice.reply(), answerer.open("liver-injury"), library)
    await alice.silence(0.2)
    press.answered = True  # it could not be
    forgive_refusals(telegram)


# Messages of every kind


@pytest.mark.parametrize(
    "text",
    [
        "🍃", "👩‍👩‍👧‍👦" * 50, "𝒦𝓇𝒶𝓉𝑜𝓂", "האם קרטום מזיק לכבד", "هل الكراتوم ضار",
        "\u202ekratom\u202c \u2067liver\u2069",
        "\u200b\u200c\u200d\ufeff", "k\u200br\u200ba\u200bt\u200bo\u200bm", "e\u0301\u0301\u0301" * 100, "\x01\x07\x7f",
        "<b>bold</b> & <script>", "</blockquote>", "{{ 7 * 7 }}", "%s %d {0}", "*_[]()~`>#+-=|{}.!", "' OR 1=1 --",
        "?", "1", "\n\n?\n\n", "kratom " * 585, "x" * 4096, "🍃" * 4096, "/", "/ start", "//start",
        "@someone", "#kratom",
    ],
)  # fmt: skip
async def test_any_text_gets_one_reply(alice: Person, text: str) -> None:
    alice.says(text)
    assert (await alice.reply()).text
    await alice.silence(0.05)


async def test_zero_width_letters_hide_no_emergency(alice: Person) -> None:
    alice.says("\u200b".join(OVERDOSE))
    assert "Call 911 now" in (await alice.reply()).text


async def test_a_long_message_may_end_in_an_emergency(alice: Person) -> None:
    alice.says(f"{'so this is a long story about my weekend. ' * 95}{OVERDOSE}")
    assert "Call 911 now" in (await alice.reply()).text


@pytest.mark.parametrize("kind", ["photo", "document", "video", "animation", "audio", "voice"])
async def test_a_caption_is_read(alice: Person, answerer: Answerer, library: Library, kind: str) -> None:
    alice.sends(kind, LIVER)
    shows(await alice.reply(), answerer.reply(LIVER), library)


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_what_cannot_be_read_gets_one_friendly_line(alice: Person, library: Library, kind: str) -> None:
    alice.sends(kind)
    assert (await alice.reply()).text == library.wording["en"].telegram.unsupported
    await alice.silence(0.05)


async def test_what_cannot_be_read_is_left_alone_in_groups(telegram: Telegram, alice: Person) -> None:
    group = telegram.group(members=(alice,), bot="administrator")
    for kind in UNREADABLE:
        alice.sends(kind, in_=group)
    await group.silence()


@pytest.mark.parametrize(("captions", "replies"), [(("", "", ""), 1), ((LIVER, "", ""), 1), (("", LIVER), 2)])
async def test_an_album_gets_one_friendly_line_at_most(
    telegram: Telegram, alice: Person, captions: tuple[str, ...], replies: int
) -> None:
    alice.user.started = True
    for caption in captions:
        picture = media.content(telegram.world, "photo", {}) | {"media_group_id": "12345"} | said(caption, "caption")
        post(telegram.world, alice.chat, sender(telegram.world, alice.chat, alice.user) | picture)
    texts = [message.text for message in await alice.replies(replies)]
    assert sum("liver" in text for text in texts) == any(captions)
    await alice.silence()


async def test_a_forwarded_text_is_answered(telegram: Telegram, alice: Person) -> None:
    bob = telegram.person("Bob")
    alice.forwards(bob.says(LIVER))
    assert "liver" in (await alice.reply()).text
    alice.forwards(bob.says(OVERDOSE), hidden="Someone")
    assert "Call 911 now" in (await alice.reply()).text


async def test_an_edit_that_tells_of_an_emergency_is_answered(alice: Person) -> None:
    question = alice.says(LIVER)
    await alice.reply()
    alice.edits(question, f"{LIVER}?")
    await alice.silence(0.2)
    alice.edits(question, OVERDOSE)
    assert "Call 911 now" in (await alice.reply()).text
    picture = alice.sends("photo", "my plant")
    await alice.reply()
    alice.edits(picture, SUICIDE)
    assert "988" in (await alice.reply()).text


async def test_service_messages_are_left_alone(telegram: Telegram, alice: Person) -> None:
    alice.starts()
    greeting = await alice.reply()
    for content in (
        {"pinned_message": greeting.json()},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    ):
        post(telegram.world, alice.chat, sender(telegram.world, alice.chat, alice.user) | content)
    group = telegram.group(members=(alice,))
    group.announces(new_chat_title="A new title")
    await alice.silence()
    await group.silence(0.1)


# Groups


async def test_a_group_hears_nothing_unless_it_asks(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    group = telegram.group(members=(alice,), bot="administrator")
    bob = telegram.person("Bob")
    for text in (LIVER, STRAINS, DOSE, "hello", "@someone_else_bot is kratom safe", "/help@someone_else_bot"):
        alice.says(text, in_=group)
    bob.says(LIVER, in_=group, reply_to=alice.says("hi Bob", in_=group))
    await group.silence()
    question = alice.says(f"@kratom_answers_bot {LIVER}", in_=group)
    answer = await group.reply(to=question)
    shows(answer, answerer.reply(LIVER), library)
    follow_up = bob.says(PIZZA, in_=group, reply_to=answer)
    assert "I don't have an answer to that." in (await group.reply(to=follow_up)).text


@pytest.mark.parametrize(
    "form", ["@kratom_answers_bot {}", "@Kratom_Answers_BOT, {}", "{} @kratom_answers_bot", "{}\n@KRATOM_ANSWERS_BOT"]
)
async def test_a_mention_is_not_part_of_the_question(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library, form: str
) -> None:
    group = telegram.group(members=(alice,))
    question = alice.says(form.format(PIZZA), in_=group)
    message = await group.reply(to=question)
    assert message.text.startswith("I don't have an answer to that.")
    assert [button.text for button in message.buttons] == [one.question for one in answerer.reply(PIZZA).offered]
    picture = alice.sends("photo", form.format(LIVER), in_=group)
    shows(await group.reply(to=picture), answerer.reply(LIVER), library)


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_an_emergency_in_a_group_is_answered_unasked(telegram: Telegram, alice: Person, kind: str) -> None:
    group = telegram.group(members=(alice,), kind=kind, bot="administrator")
    message = alice.says(OVERDOSE, in_=group)
    assert "Call 911 now" in (await group.reply(to=message)).text
    message = alice.says("good morning all", in_=group)
    alice.edits(message, SUICIDE)
    assert "988" in (await group.reply(to=message)).text
    picture = alice.sends("photo", OVERDOSE, in_=group)
    assert "Call 911 now" in (await group.reply(to=picture)).text


@pytest.mark.parametrize("command", ["/help@kratom_answers_bot", "/HELP@KRATOM_ANSWERS_BOT", "/help"])
async def test_its_own_commands_work_in_groups(
    telegram: Telegram, alice: Person, library: Library, command: str
) -> None:
    group = telegram.group(members=(alice,))
    alice.says(command, in_=group)
    assert (await group.reply()).text == library.wording["en"].telegram.help.strip()


async def test_buttons_work_in_groups(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library, vague: str
) -> None:
    group = telegram.group(members=(alice,))
    question = alice.says(f"@kratom_answers_bot {vague}", in_=group)
    choice = await group.reply(to=question)
    await alice.presses(choice, choice.buttons[1].text).answer()
    answer = await group.reply()
    assert answer.reply_to is choice
    shows(answer, answerer.open(choice.buttons[1].data.removeprefix("open:")), library)


async def test_a_forum_is_answered_in_the_same_topic(telegram: Telegram, alice: Person) -> None:
    forum = telegram.group("A forum", members=(alice,), forum=True, bot="administrator")
    sleep, liver = forum.topic("Sleep"), forum.topic("Liver")
    for topic, text in (
        (liver, f"@kratom_answers_bot {LIVER}"),
        (sleep, OVERDOSE),
        (liver, "/help@kratom_answers_bot"),
    ):
        alice.says(text, in_=forum, topic=topic)
        assert (await forum.reply()).topic == topic.number
    question = alice.says(f"@kratom_answers_bot {LIVER}", in_=forum)
    assert (await forum.reply(to=question)).topic == 0
    alice.says(LIVER, in_=forum, topic=liver)
    await forum.silence(0.2)


async def test_a_thread_of_replies_outside_forums_is_answered(telegram: Telegram, alice: Person) -> None:
    group = telegram.group(members=(alice,))
    first = await group.reply(to=alice.says(f"@kratom_answers_bot {LIVER}", in_=group))
    second = alice.says(DOSE, in_=group, reply_to=first)
    third = alice.says(PIZZA, in_=group, reply_to=await group.reply(to=second))
    assert "I don't have an answer to that." in (await group.reply(to=third)).text


# Many at once, and what goes wrong


async def test_the_order_is_kept_when_many_messages_come_quickly(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    questions = [LIVER, PIZZA, DOSE, OVERDOSE, STRAINS, "thanks", LIVER, SUICIDE, PIZZA, "hello"]
    for question in questions:
        alice.says(question)
    for question, message in zip(questions, await alice.replies(len(questions)), strict=True):
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
        expected = to_text(answerer.reply(text), library)
        shown = await alice.reply()
        said = shown.text
        while len(said) < len(expected) - 10:
            shown = await alice.reply()
            said += shown.text
        assert re.sub(r"\s+", "", said) == re.sub(r"\s+", "", expected)
        assert not shown.parts("bold")
        assert shown.previews_off
    assert [button.text for button in shown.buttons] == [entry.question for entry in answerer.reply(vague).offered]
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
    log = shared_bot.log
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[0] == "Starting on Telegram by long polling."
    assert "An update could not be handled." in events
    for secret in (PASSPHRASE, "Zeldarina", "zeldarina_z", "Quux", OVERDOSE, LIVER, telegram.token):
        assert secret not in log
    forgive_refusals(telegram)
