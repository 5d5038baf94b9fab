"""People write to the bot in private: questions, emergencies, things that are no text, edits, several in a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from .talking import DOSE, LIVER, OVERDOSE, PIZZA, STRAINS, SUICIDE, UNREADABLE, forgive_refusals, shows, watched
from .telegram import media
from .telegram.posting import post, said, sender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library

    from .bot_process import BotProcess
    from .telegram import Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

SORTS = {
    "photo": "look", "document": "look", "video": "look", "animation": "look", "audio": "listen", "voice": "listen",
    "video_note": "listen", "sticker": "fun", "location": "place", "venue": "place", "contact": "contact",
    "poll": "poll", "dice": "fun",
}  # fmt: skip
"""The sentence that answers each kind of thing without words."""


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US", "telegram": {"limits": False}}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram


# Questions and emergencies


async def test_the_four_questions_are_answered(alice: Person, answerer: Answerer, library: Library) -> None:
    for question in (STRAINS, OVERDOSE, DOSE, PIZZA):
        alice.says(question)
        message = await alice.reply()
        if question == PIZZA:
            assert message.text.startswith("I don't have an answer to that.")
        else:
            shows(message, answerer.reply(question), library)


async def test_an_answer_is_cited_and_ends_with_when_to_see_a_clinician(alice: Person, library: Library) -> None:
    alice.says(STRAINS)
    answer = await alice.reply()
    entry = library.entries["sedating-strains"]
    assert answer.text.startswith(entry.answer[0].says)
    assert answer.previews_off
    cited = {library.sources[cite.source].url for claim in entry.answer for cite in claim.cites}
    assert {link for link in answer.links if link.startswith("http")} == cited
    assert re.findall(r"\[\d+\]", answer.text)
    heading, advice = answer.text.rsplit("\n", 2)[-2:]
    assert heading == library.wording["en"].labels.clinician
    assert heading in answer.parts("bold")
    assert advice == entry.see_a_clinician


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
    assert refusal.text.endswith(entry.see_a_clinician)
    assert refusal.button("More")
    assert not re.search(r"\b\d+([.,]\d+)?\s*(g|gr|gram|grams|mg)\b", refusal.text)


async def test_greetings_get_a_greeting_without_buttons(alice: Person, library: Library) -> None:
    for name, social in library.wording["en"].social.items():
        alice.says(social.hears[0])
        message = await alice.reply()
        assert message.text == social.says, name
        assert not message.buttons


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


# Captions, forwards, quotes


@pytest.mark.parametrize("kind", ["photo", "document", "video", "animation", "audio", "voice"])
async def test_a_caption_is_read(alice: Person, answerer: Answerer, library: Library, kind: str) -> None:
    alice.sends(kind, LIVER)
    shows(await alice.reply(), answerer.reply(LIVER), library)


async def test_a_forwarded_text_is_answered(telegram: Telegram, alice: Person) -> None:
    bob = telegram.person("Bob")
    alice.forwards(bob.says(LIVER))
    assert "liver" in (await alice.reply()).text
    alice.forwards(bob.says(OVERDOSE), hidden="Someone")
    assert "Call 911 now" in (await alice.reply()).text


async def test_quoted_text_is_read(telegram: Telegram, alice: Person, answerer: Answerer, library: Library) -> None:
    bob = telegram.person("Bob")
    alice.says("what do you think", reply_to=bob.says(OVERDOSE), quote=OVERDOSE)
    assert "Call 911 now" in (await alice.reply()).text
    assert answerer.reply("is that so").kind in ("choose", "no_answer", "social")
    alice.says("is that so", reply_to=bob.says(LIVER), quote=LIVER)
    assert "liver" in (await alice.reply()).text
    alice.says(OVERDOSE)
    card = await alice.reply()
    line = next(line for line in card.text.splitlines() if answerer.reply(line).kind == "crisis")
    alice.says(DOSE, reply_to=card, quote=line)  # the bot's own words are no emergency
    shows(await alice.reply(), answerer.reply(DOSE), library)


# Things that are no text


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_what_cannot_be_read_gets_one_fitting_line(alice: Person, library: Library, kind: str) -> None:
    alice.sends(kind)
    assert (await alice.reply()).text == getattr(library.wording["en"].telegram.unreadable, SORTS[kind])
    await alice.silence(0.05)


@pytest.mark.parametrize(
    "content",
    [
        {"paid_media": {"star_count": 1, "paid_media": []}},
        {"story": {"id": 1, "chat": {"id": 5, "type": "private", "first_name": "S"}}},
        {"invoice": {"title": "t", "description": "d", "start_parameter": "", "currency": "XTR", "total_amount": 1}},
        {"game": {"title": "t", "description": "d", "photo": []}},
        {"something_new": {"of": "tomorrow"}},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_what_nobody_has_thought_of_gets_a_line_too(
    telegram: Telegram, alice: Person, library: Library, content: dict[str, object]
) -> None:
    alice.user.started = True
    post(telegram.world, alice.chat, sender(telegram.world, alice.chat, alice.user) | content)
    say = library.wording["en"].telegram.unreadable
    assert (await alice.reply()).text == (say.fun if "game" in content else say.other)


async def test_an_emergency_in_a_poll_is_answered(alice: Person) -> None:
    alice.sends("poll", question=OVERDOSE)
    assert "Call 911 now" in (await alice.reply()).text


@pytest.mark.parametrize(("captions", "replies"), [(("", "", ""), 1), ((LIVER, "", ""), 1), (("", LIVER), 2)])
async def test_an_album_gets_one_line_at_most(
    telegram: Telegram, alice: Person, captions: tuple[str, ...], replies: int
) -> None:
    alice.user.started = True
    for caption in captions:
        picture = media.content(telegram.world, "photo", {}) | {"media_group_id": "12345"} | said(caption, "caption")
        post(telegram.world, alice.chat, sender(telegram.world, alice.chat, alice.user) | picture)
    texts = [message.text for message in await alice.replies(replies)]
    assert sum("liver" in text for text in texts) == any(captions)
    await alice.silence()


async def test_service_messages_are_left_alone(telegram: Telegram, alice: Person) -> None:
    alice.starts()
    greeting = await alice.reply()
    for content in (
        {"pinned_message": greeting.json()},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    ):
        post(telegram.world, alice.chat, sender(telegram.world, alice.chat, alice.user) | content)
    await alice.silence()


# Edits


async def test_an_edit_changes_the_answer_that_belongs_to_it(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    question = alice.says(LIVER)
    answer = await alice.reply()
    alice.edits(question, STRAINS)
    await answer.edited()
    shows(answer, answerer.reply(STRAINS), library)
    alice.edits(question, STRAINS)
    await alice.silence(0.2)
    alice.edits(question, DOSE)
    await answer.edited()
    shows(answer, answerer.reply(DOSE), library)
    alice.edits(question, PIZZA)
    await answer.edited()
    assert answer.text.startswith("I don't have an answer to that.")
    forgive_refusals(telegram)


async def test_an_edit_of_an_earlier_message_is_left_alone(alice: Person, answerer: Answerer, library: Library) -> None:
    earlier, command = alice.says(LIVER), alice.says("/help")
    answer, _ = await alice.replies(2)
    alice.edits(earlier, STRAINS)
    alice.edits(command, "/about")
    await alice.silence(0.3)
    shows(answer, answerer.reply(LIVER), library)


async def test_an_edit_that_tells_of_an_emergency_is_answered(alice: Person) -> None:
    question = alice.says(LIVER)
    await alice.reply()
    alice.edits(question, OVERDOSE)
    card = await alice.reply()
    assert "Call 911 now" in card.text
    alice.edits(question, f"{OVERDOSE}!!")  # which is answered already
    await alice.silence(0.3)
    alice.edits(question, "he is fine now")
    await alice.silence(0.3)
    assert "Call 911 now" in card.text
    earlier = alice.sends("photo", "my plant")
    await alice.reply()
    alice.says(DOSE)
    await alice.reply()
    alice.edits(earlier, SUICIDE)
    assert "988" in (await alice.reply()).text


# Several messages in a row


async def test_a_question_in_pieces_is_read_together(alice: Person, answerer: Answerer, library: Library) -> None:
    first, second = two_pieces(answerer)
    alice.says(first)
    await alice.reply()
    alice.says(second)
    shows(await alice.reply(), answerer.reply(f"{first} {second}"), library)


def two_pieces(answerer: Answerer) -> tuple[str, str]:
    """Two messages, the second of which is understood only with the first."""
    for first, second in (
        ("kratom", "pregnant"),
        ("kratom", "blood pressure"),
        ("kratom", "heart"),
        ("leaf", "pregnant"),
    ):
        whole, alone = answerer.reply(f"{first} {second}"), answerer.reply(first)
        if answerer.reply(second).kind == "choose" and whole.kind == "answer" and whole.entry != alone.entry:
            return first, second
    raise LookupError("Find two other pieces.")


async def test_an_answered_question_is_not_read_with_the_next(alice: Person) -> None:
    alice.says(LIVER)
    await alice.reply()
    alice.says(PIZZA)
    assert (await alice.reply()).text.startswith("I don't have an answer to that.")


# While an answer takes long


async def test_typing_is_shown_only_while_an_answer_takes_long(telegram: Telegram, alice: Person) -> None:
    alice.says(LIVER)
    await alice.reply()
    assert not alice.chat.actions
    telegram.faults.delays(2, method="sendMessage", chat_id=alice.chat.id)
    alice.says(DOSE)
    await alice.sees_action("typing")
    assert not alice.unread
    await alice.reply()
