"""Inline mode and guest mode: `@bot liver` in any chat, and the bot called where it is no member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from .in_groups import ME, leads_to
from .talking import DOSE, LIVER, OVERDOSE, PIZZA, SUICIDE, forgive_refusals, text_of, watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library

    from .bot_process import BotProcess
    from .telegram import InlineQuestion, Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shared_bot_settings() -> dict[str, Any]:
    return {"country": "US"}


@pytest_asyncio.fixture(loop_scope="module")
async def telegram(shared_telegram: Telegram, shared_bot: BotProcess) -> AsyncIterator[Telegram]:
    async with watched(shared_telegram, shared_bot):
        yield shared_telegram
    assert "Traceback" not in shared_bot.log


async def asked(person: Person, query: str, offset: str = "") -> InlineQuestion:
    """An inline query that the bot has answered."""
    question = person.asks_inline(query, offset=offset)
    await question.results()
    return question


async def ids(person: Person, query: str) -> list[str]:
    """The ids of the results for a query."""
    return [result.id for result in (await asked(person, query)).found]


async def test_a_word_lists_its_entries_and_the_one_picked_is_cited_and_leads_on(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    question = await asked(alice, "liver")
    first = question.found[0]
    entry = library.entries["liver-injury"]
    assert (first.id, first.title, first.description) == (entry.id, entry.question, entry.answer[0].says)
    assert {"liver-blood-tests", "liver-warning-signs"} <= {result.id for result in question.found}
    elsewhere = telegram.group("Elsewhere", bot="")
    sent = alice.picks(question, first, in_=elsewhere)
    assert sent.text == text_of(answerer.open("liver-injury"), library, "short")
    assert [link for link in sent.links if "t.me" not in link]
    assert entry.see_a_clinician in sent.text
    assert leads_to(sent) == ["liver-injury"]
    alice.follows(sent.buttons[0].url)
    assert "liver" in (await alice.reply()).text


@pytest.mark.parametrize("typed", ["liv", "LIVE", " liver ", "liver enz", "is kratom bad for my liv", "hígado", "hig"])
async def test_it_finds_what_is_still_being_typed(alice: Person, typed: str) -> None:
    assert any(id_.startswith("liver-") for id_ in (await ids(alice, typed))[:3])


async def test_a_question_has_its_answer_first(alice: Person, answerer: Answerer) -> None:
    for question in (LIVER, DOSE, "can i take it with xanax", "is kratom legal in texas"):
        entry = answerer.reply(question).entry
        assert entry
        assert (await ids(alice, question))[0] == entry.id


async def test_every_entry_is_found_by_its_own_question(telegram: Telegram, alice: Person, library: Library) -> None:
    entries = list(library.entries.values())
    questions = [alice.asks_inline(entry.question) for entry in entries]
    for entry, question in zip(entries, questions, strict=True):
        assert entry.id in [result.id for result in await question.results(60)][:3]
    assert not telegram.refusals


async def test_an_empty_query_has_what_is_most_useful(alice: Person, library: Library) -> None:
    question = await asked(alice, "  ")
    urgent = [entry.id for entry in library.entries.values() if entry.urgent]
    assert [result.id for result in question.found] == [*urgent, *library.wording["en"].telegram.examples]
    assert question.button
    assert question.button["text"] == library.wording["en"].telegram.inline.in_private


async def test_nothing_found_leaves_the_way_into_private(alice: Person) -> None:
    question = await asked(alice, "qwxyz jkqv")
    assert not question.found
    assert question.button
    alice.starts(question.button["start_parameter"])
    assert (await alice.reply()).text


@pytest.mark.parametrize("card", ["overdose", "suicide"])
async def test_an_emergency_has_the_card_first_for_this_person_alone_and_unkept(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library, card: str
) -> None:
    text = {"overdose": OVERDOSE, "suicide": SUICIDE}[card]
    question = await asked(alice, text)
    first = question.found[0]
    assert first.id == f"crisis-{card}"
    assert first.title == library.cards[card].title
    assert "911" in first.description
    assert (question.is_personal, question.cache_time) == (True, 0)
    sent = alice.picks(question, first, in_=telegram.group("Elsewhere", bot=""))
    assert sent.text == text_of(answerer.open_card(card), library, "whole")
    assert leads_to(sent) == [f"crisis-{card}"]


async def test_other_results_may_be_kept_for_the_same_person(alice: Person) -> None:
    for query in ("", "liver", PIZZA):
        question = await asked(alice, query)
        assert (question.is_personal, question.cache_time) == (True, 300)


async def test_offsets_page_through_the_results(alice: Person) -> None:
    seen: list[str] = []
    offset: str = ""
    for _ in range(20):
        question = await asked(alice, "is kratom", offset=offset)
        assert 0 < len(question.found) <= 50
        seen += [result.id for result in question.found]
        if not (offset := question.next_offset):
            break
    assert not offset
    assert len(seen) == len(set(seen)) > 50
    for odd in ("100000", "-1", "x", "²", "٣", "9" * 5000):
        await asked(alice, "is kratom", offset=odd)


async def test_it_answers_in_the_language_of_the_query_and_unasked_in_that_of_the_app(
    telegram: Telegram, alice: Person, library: Library
) -> None:
    ana = telegram.person("Ana", language="es")
    spanish = next(one for one in library.translations["liver-injury"] if one.language == "es").question
    assert spanish in [result.title for result in (await asked(alice, "el kratom es malo para el hígado")).found]
    examples = {result.id: result.title for result in (await asked(ana, "")).found}
    assert examples["liver-injury"] == spanish


async def test_a_query_answered_too_late_is_let_be(telegram: Telegram, alice: Person) -> None:
    late = alice.asks_inline("liver")
    late.lifetime = 0
    await telegram.until(lambda: any("query is too old" in str(call) for call in telegram.refusals))
    forgive_refusals(telegram)


async def test_what_was_picked_in_the_private_chat_is_not_taken_for_a_question(alice: Person) -> None:
    question = await asked(alice, OVERDOSE)
    alice.picks(question, question.found[0])
    await alice.silence()


# Guest mode


async def test_called_where_it_is_no_member_it_answers_shortly(
    telegram: Telegram, alice: Person, answerer: Answerer, library: Library
) -> None:
    elsewhere = telegram.group("Elsewhere", bot="")
    result = await alice.calls_guest(f"{ME} {LIVER}", in_=elsewhere).answer()
    assert result.text == text_of(answerer.reply(LIVER), library, "brief")
    assert f"https://t.me/{ME[1:]}?start=liver-injury" in str(result.fields["reply_markup"])
    result = await alice.calls_guest(f"{ME} {PIZZA}", in_=elsewhere).answer()
    assert result.text == library.wording["en"].sentences.no_answer_brief
    assert (await alice.calls_guest(ME, in_=elsewhere).answer()).text == library.wording["en"].telegram.groups.hello


async def test_called_to_an_emergency_it_shows_the_card(telegram: Telegram, alice: Person) -> None:
    elsewhere = telegram.group("Elsewhere", bot="")
    result = await alice.calls_guest(f"{ME} {OVERDOSE}", in_=elsewhere).answer()
    assert "Call 911 now" in result.text
    assert "start=crisis-overdose" in str(result.fields["reply_markup"])
    message = telegram.person("Bob").says(SUICIDE, in_=elsewhere)
    assert "988" in (await alice.calls_guest(f"{ME} help", in_=elsewhere, reply_to=message).answer()).text


async def test_a_guest_call_answered_too_late_is_let_be(telegram: Telegram, alice: Person) -> None:
    late = alice.calls_guest(f"{ME} {LIVER}", in_=telegram.group("Elsewhere", bot=""))
    late.lifetime = 0
    await telegram.until(lambda: any("query is too old" in str(call) for call in telegram.refusals))
    forgive_refusals(telegram)
