"""The buttons under the bot's replies in a private chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from answers.rendering import to_telegram
from bot.store import Store

from .talking import (
    DOSE,
    LIVER,
    NEXT,
    OVERDOSE,
    PIZZA,
    PREVIOUS,
    STRAINS,
    SUICIDE,
    forgive_refusals,
    presses,
    shows,
    text_of,
    watched,
)
from .telegram import html

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library, Reply

    from .bot_process import BotProcess
    from .telegram import Message, Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXAS = "is kratom legal in texas"
NOT_THIS, HELPFUL, NONE, BACK = "Not what I asked", "Was this helpful?", "None of these", "Back"
SEND = "Send my question"


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US", "telegram": {"limits": False}}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram


@pytest_asyncio.fixture(loop_scope="module")
async def store(shared_bot: BotProcess) -> AsyncIterator[Store]:
    """The bot's own database."""
    async with await Store.open(f"sqlite:///{shared_bot.folder}/kratom-answers.db", create=False) as opened:
        yield opened


def labels(message: Message) -> list[list[str]]:
    """The texts of a message's buttons, row by row."""
    return [[button.text for button in row] for row in message.rows]


# Under an answer


async def test_an_answer_is_short_with_its_buttons(alice: Person, answerer: Answerer, library: Library) -> None:
    question = alice.says(STRAINS)
    answer = await alice.reply()
    entry = library.entries["sedating-strains"]
    shows(answer, answerer.reply(STRAINS), library)
    assert answer.reply_to is question
    related = [[library.entries[one].question] for one in entry.related[:2]]
    assert labels(answer) == [["More", "Sources"], *related, [NOT_THIS, HELPFUL]]
    for part in ("Evidence: ", "Checked against its sources on ", "Not yet reviewed by a clinician."):
        assert part in answer.text
    assert answer.text.endswith(entry.see_a_clinician)


@pytest.mark.parametrize("asked", [STRAINS, DOSE, TEXAS])
async def test_more_and_sources_change_the_answer_in_place(
    alice: Person, answerer: Answerer, library: Library, asked: str
) -> None:
    alice.says(asked)
    reply, answer = answerer.reply(asked), await alice.reply()
    shows(answer, reply, library)
    assert bool(reply.state) == (asked == TEXAS)
    await presses(alice, answer, "More")
    shows(answer, reply, library, "details")
    assert reply.entry
    (details,) = answer.parts("expandable_blockquote")
    assert all(claim.says in details for claim in reply.entry.more)
    await presses(alice, answer, "Less")
    shows(answer, reply, library)
    await presses(alice, answer, "More", "Sources")
    pages = [html.parse(part).text.strip() for part in to_telegram(reply, library, view="sources")]
    assert answer.text == pages[0]
    assert set(answer.links) >= {library.sources[reply.citations[0]].url}
    await presses(alice, answer, BACK)
    shows(answer, reply, library)
    await alice.silence(0.1)


async def test_many_sources_have_pages(alice: Person, answerer: Answerer, library: Library) -> None:
    def pages(entry_id: str) -> list[str]:
        return to_telegram(answerer.open(entry_id), library, view="sources")

    entry_id = max(library.entries, key=lambda id_: len(pages(id_)))
    texts = [html.parse(part).text.strip() for part in pages(entry_id)]
    assert len(texts) > 1
    alice.starts(entry_id)
    answer = await presses(alice, await alice.reply(), "Sources")
    assert not any(PREVIOUS in button.text for button in answer.buttons)
    shown = [answer.text]
    while any(NEXT in button.text for button in answer.buttons):
        await presses(alice, answer, NEXT)
        shown.append(answer.text)
    assert shown == texts
    await presses(alice, answer, PREVIOUS)
    assert answer.text == texts[-2]


async def test_a_related_question_opens_as_a_message_of_its_own(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.says(STRAINS)
    answer = await alice.reply()
    related = library.entries[library.entries["sedating-strains"].related[1]]
    await alice.presses(answer, related.question).answer()
    shows(await alice.reply(), answerer.open(related.id), library)
    shows(answer, answerer.reply(STRAINS), library)


async def test_a_press_that_changes_nothing_is_taken_quietly(telegram: Telegram, alice: Person) -> None:
    alice.says(STRAINS)
    answer = await alice.reply()
    more = answer.button("More").data
    await presses(alice, answer, "More")
    await alice.sends_data(answer, more).answer()
    await telegram.until(lambda: any("not modified" in str(call) for call in telegram.refusals))
    await alice.silence(0.1)
    forgive_refusals(telegram)


async def test_an_answer_in_spanish_stays_in_spanish(alice: Person, answerer: Answerer, library: Library) -> None:
    asked = "el kratom es malo para el higado"
    reply = answerer.reply(asked)
    assert reply.kind == "answer"
    alice.says(asked)
    answer = await alice.reply()
    shows(answer, reply, library)
    await presses(alice, answer, "Más", "Menos", "Fuentes", "Volver")
    shows(answer, reply, library)


async def test_the_line_to_reach_stays_above_whatever_is_shown(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    asked, reply = worrying(answerer)
    alice.says(asked)
    answer = await alice.reply()
    first = text_of(reply, library, "short").splitlines()[0]
    for press in ("More", "Less", NOT_THIS, BACK):
        assert answer.text.startswith(first)
        await presses(alice, answer, press)
    shows(answer, reply, library)


def worrying(answerer: Answerer) -> tuple[str, Reply]:
    """A message whose answer begins with a line to reach, since it may be an emergency."""
    for text in (
        "can kratom cause seizures my brother shook all over after taking it with wellbutrin",
        "kratom withdrawal makes me feel like there is no point to anything",
        "is it dangerous to mix kratom with xanax i just took both",
    ):
        reply = answerer.reply(text)
        if reply.urgency and reply.kind == "answer" and reply.entry and reply.entry.more and len(reply.candidates) > 2:
            return text, reply
    raise LookupError("Find another message.")


# Not what I asked, and choosing


async def test_what_else_may_be_meant_is_offered_in_place(alice: Person, answerer: Answerer, library: Library) -> None:
    alice.says(STRAINS)
    answer, reply = await alice.reply(), answerer.reply(STRAINS)
    await presses(alice, answer, NOT_THIS)
    offered = [button.text for button in answer.buttons if button.data.startswith("pick")]
    assert 2 <= len(offered) <= 4
    meant = [library.entries[one.entry] for one in reply.candidates[1:5]]
    assert offered == [entry.question for entry in meant][: len(offered)]
    assert answer.text.startswith(library.wording["en"].sentences.choose)
    assert labels(answer)[-1] == [NONE, BACK]
    await presses(alice, answer, BACK)
    shows(answer, reply, library)
    await presses(alice, answer, NOT_THIS, meant[0].question)
    shows(answer, answerer.open(meant[0].id), library)
    await alice.silence(0.1)


async def test_a_vague_question_offers_entries_that_open_in_its_place(
    alice: Person, answerer: Answerer, library: Library, vague: str
) -> None:
    offered = answerer.reply(vague).offered
    for entry in offered:
        question = alice.says(vague)
        choice = await alice.reply()
        assert choice.reply_to is question
        assert 2 <= len(offered) <= 4
        assert [button.text for button in choice.buttons] == [*(one.question for one in offered), NONE]
        await presses(alice, choice, entry.question)
        shows(choice, answerer.open(entry.id), library)
        assert choice.reply_to is question


async def test_what_it_does_not_know_it_says(alice: Person, answerer: Answerer, library: Library) -> None:
    alice.says(PIZZA)
    message = await alice.reply()
    assert message.text.startswith("I don't have an answer to that.")
    assert library.wording["en"].sentences.clinician_anyway in message.text
    nearest = [entry.question for entry in answerer.reply(PIZZA).offered]
    assert [button.text for button in message.buttons] == [*nearest, "Topics"]
    await alice.presses(message, "Topics").answer()
    assert (await alice.reply()).text == library.wording["en"].telegram.topics


# Two misses, and a question for the curators


async def test_two_misses_in_a_row_change_course(alice: Person, vague: str) -> None:
    alice.says(PIZZA)
    assert SEND not in str(labels(await alice.reply()))
    alice.says(vague)
    choice = await presses(alice, await alice.reply(), NONE)
    assert "could not help twice" in choice.text
    assert labels(choice)[-2] == ["Topics"]
    assert SEND in labels(choice)[-1][0]


async def test_misses_count_only_in_a_row(alice: Person, vague: str) -> None:
    alice.says(PIZZA)
    await alice.reply()
    alice.says(LIVER)
    await alice.reply()
    alice.says(vague)
    choice = await alice.reply()
    await presses(alice, choice, NONE)
    assert SEND not in str(labels(choice))
    alice.says(STRAINS)  # an answer that proves to be none
    answer = await presses(alice, await alice.reply(), NOT_THIS, NONE)
    assert SEND in str(labels(answer))


async def test_a_question_is_kept_only_with_consent_and_just_as_shown(
    alice: Person, store: Store, library: Library
) -> None:
    curators = library.wording["en"].telegram.curators
    before = len(await store.questions())
    alice.says(PIZZA)
    await alice.reply()
    private = f"{PIZZA} <b>& more</b> call me at +1 (415) 555-0132 or mail joe@example.org or @joe_smith see t.me/joe"
    asked = alice.says(private)
    stuck = await presses(alice, await alice.reply(), SEND)
    kept = f"{PIZZA} <b>& more</b> call me at […] or mail […] or […] see […]"
    assert stuck.parts("blockquote") == [kept]
    assert labels(stuck) == [["Send", "Don't send"]]
    assert len(await store.questions()) == before
    await presses(alice, stuck, "Don't send")
    assert stuck.text == curators.not_sent
    assert len(await store.questions()) == before

    asked = alice.says(private)
    stuck = await presses(alice, await alice.reply(), SEND)
    alice.edits(asked, f"{private} and i live at the mill")  # after it was shown
    await presses(alice, stuck, "Send")
    assert stuck.text.startswith("Thank you. Your question is kept until")
    assert [one.text for one in (await store.held(alice.user.id)).questions] == [kept]
    assert (await store.questions())[-1].language == "en"
    assert not stuck.buttons


async def test_without_the_words_no_question_is_sent(alice: Person, store: Store, library: Library) -> None:
    for _ in range(2):
        question = alice.says(PIZZA)
        stuck = await alice.reply()
    stuck.reply_to = None  # as when she has deleted it
    press = await alice.presses(stuck, SEND).answer()
    assert press.text == library.wording["en"].telegram.curators.no_text
    assert press.alert
    press = await alice.sends_data(stuck, "consent:en").answer()
    assert press.alert
    assert not (await store.held(alice.user.id)).questions
    assert question.text == PIZZA


# Was this helpful?


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("Yes", "yes"), ("No", "no"), ("Out of date", "out-of-date"), ("The source does not say so", "not-in-source")],
)
async def test_whether_it_helped_is_counted_and_thanked_for_in_place(
    alice: Person, store: Store, answerer: Answerer, said: str, verdict: str
) -> None:
    library = answerer.library

    def counted() -> int:
        return sum(one.count for one in counts if (one.entry, one.verdict) == ("sedating-strains", verdict))

    counts = await store.feedback()
    before = counted()
    alice.says(STRAINS)
    answer = await presses(alice, await alice.reply(), "More", HELPFUL, BACK, HELPFUL)
    shows(answer, answerer.reply(STRAINS), library, "details")
    press = alice.presses(answer, said)
    await press.answer()
    await answer.edited()
    assert press.text == library.wording["en"].telegram.thanks
    counts = await store.feedback()
    assert counted() == before + 1
    shows(answer, answerer.reply(STRAINS), library, "details")
    assert HELPFUL not in str(labels(answer))
    assert "Thank you" in str(labels(answer))
    await presses(alice, answer, "Less")
    assert HELPFUL not in str(labels(answer))
    assert (await store.held(alice.user.id)).changed is None


# In an emergency


@pytest.mark.parametrize("asked", [OVERDOSE, SUICIDE])
async def test_an_emergency_has_numbers_to_copy_and_chats_and_nothing_else(
    alice: Person, answerer: Answerer, library: Library, asked: str
) -> None:
    alice.says(asked)
    card = await alice.reply()
    shows(card, answerer.reply(asked), library)
    assert card.reply_to is None
    assert 1 <= len(card.buttons) <= 6
    for button in card.buttons:
        assert button.copies or button.url.startswith("https://")
        assert not button.data
        assert (button.copies or button.url) in card.text


# Stale and tampered buttons


@pytest.mark.parametrize(
    "data",
    [
        "open:an-entry-that-is-gone", "open:", "another-bots-data", "open:" + "é" * 29, "view", "view:s:____:en:::",
        "view:x:____:en:::", "rate:z", "rate", "pick:::::", "others:s", "topic:none:0", "topic:risks:x", "country:QQ",
        "language:qq",
    ],
)  # fmt: skip
async def test_a_stale_or_tampered_button_says_so(alice: Person, library: Library, data: str) -> None:
    alice.starts()
    press = await alice.sends_data(await alice.reply(), data).answer()
    assert press.text == library.wording["en"].telegram.gone
    await alice.silence(0.2)


async def test_a_button_of_a_deleted_message_opens_its_entry(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.starts()
    greeting = await alice.reply()
    greeting.deleted = True
    press = await alice.presses(greeting, greeting.buttons[0].text).answer()
    assert not press.text
    shows(await alice.reply(), answerer.open(greeting.buttons[0].data.removeprefix("open:")), library)
    alice.says(STRAINS)
    answer = await alice.reply()
    answer.deleted = True
    await alice.presses(answer, "More").answer()
    assert (await alice.reply()).text.startswith(library.entries["sedating-strains"].answer[0].says)
    forgive_refusals(telegram)


async def test_a_button_pressed_too_long_ago_still_works(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.starts()
    press = alice.sends_data(await alice.reply(), "open:liver-injury")
    press.lifetime = 0
    shows(await alice.reply(), answerer.open("liver-injury"), library)
    await alice.silence(0.2)
    press.answered = True  # it could not be
    forgive_refusals(telegram)
