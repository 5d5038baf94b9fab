"""The commands of a private chat, and what the bot's profile says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from answers.rendering import lines_to_telegram, to_telegram
from bot.store import Store

from .talking import DOSE, LIVER, NEXT, OVERDOSE, PREVIOUS, presses, shows, text_of, watched
from .telegram import html

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Answerer, Library

    from .bot_process import BotProcess
    from .telegram import Person, Telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = ("start", "help", "topics", "crisis", "country", "language", "sources", "privacy", "forget", "about")
SPANISH_LIVER = "el kratom es malo para el higado"


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


# /start and deep links


async def test_start_is_short_and_offers_examples_that_work(
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


async def test_a_deep_link_opens_a_crisis_card_whole(alice: Person, answerer: Answerer, library: Library) -> None:
    for card in library.cards:
        alice.starts(f"crisis-{card}")
        shows(await alice.reply(), answerer.open_card(card), library)


async def test_every_entry_and_card_fits_a_deep_link(library: Library) -> None:
    for payload in (*library.entries, *(f"crisis-{card}" for card in library.cards)):
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)


async def test_a_deep_link_to_nothing_greets(alice: Person, library: Library) -> None:
    for payload in ("no-such-entry", "-", "x" * 64, "crisis-", "crisis-none"):
        alice.starts(payload)
        assert (await alice.reply()).text == library.wording["en"].telegram.start.strip()


@pytest.mark.parametrize("command", [*(f"/{name}" for name in COMMANDS), "/HELP", "/unknown"])
async def test_an_emergency_after_a_command_comes_first(alice: Person, command: str) -> None:
    alice.says(f"{command} {OVERDOSE}")
    assert "Call 911 now" in (await alice.reply()).text


async def test_help_and_about(alice: Person, answerer: Answerer, library: Library) -> None:
    alice.says("/help")
    assert (await alice.reply()).text == library.wording["en"].telegram.help.strip()
    alice.says("/about")
    shows(await alice.reply(), answerer.open("about-this-bot"), library)


# /topics


async def test_every_entry_can_be_found_through_the_topics(
    telegram: Telegram, library: Library, answerer: Answerer
) -> None:
    anna = telegram.person("Anna")
    names = library.wording["en"].telegram.sections
    anna.says("/topics")
    topics = await anna.reply()
    assert [button.text for button in topics.buttons] == [names[id_] for id_ in names if id_ in library.sections]
    found = []
    for section in library.sections:
        await presses(anna, topics, names[section])
        while True:
            found += [button.data.removeprefix("open:") for button in topics.buttons if button.data.startswith("open:")]
            if not any(NEXT in button.text for button in topics.buttons):
                break
            await presses(anna, topics, NEXT)
        await presses(anna, topics, "Back")
    assert sorted(found) == sorted(library.entries)
    await presses(anna, topics, names["about"])
    await anna.presses(topics, topics.buttons[0].text).answer()
    shows(await anna.reply(), answerer.open(topics.buttons[0].data.removeprefix("open:")), library)


# /crisis and /country


async def test_crisis_lines_follow_the_country_that_somebody_sets(
    alice: Person, store: Store, shared_bot: BotProcess
) -> None:
    assert shared_bot.process
    alice.says("/crisis")
    lines = await alice.reply()
    assert "the United States" in lines.text
    assert "call 988" in lines.text
    assert "24/7" in lines.text
    assert "from abroad" in lines.text
    assert "22 November 2026" in lines.text
    assert {"911", "988", "741741"} <= {button.copies for button in lines.buttons}
    await presses(alice, lines, "Another country", NEXT, PREVIOUS, "Germany")
    assert lines.text.startswith("Your country is set: Germany.")
    assert "030 19240" in lines.text
    assert (await store.user(alice.user.id)).country == "DE"
    alice.says(OVERDOSE)
    card = await alice.reply()
    assert "Call 112 now" in card.text
    assert "Call 911" not in card.text
    alice.says("/country")
    asked = await alice.reply()
    assert "Now it is Germany." in asked.text
    await presses(alice, asked, "A country not listed")
    assert "your local emergency number" in asked.text
    alice.says(OVERDOSE)
    assert "your local emergency number" in (await alice.reply()).text
    alice.says("/country")
    asked = await alice.reply()
    await presses(alice, asked, "Forget my country")
    assert (await store.user(alice.user.id)).country is None
    alice.says(OVERDOSE)
    assert "Call 911 now" in (await alice.reply()).text


async def test_every_country_can_be_set(telegram: Telegram, library: Library, store: Store) -> None:
    anna = telegram.person("Anna")
    for number, (code, name) in enumerate(library.wording["en"].countries.items()):
        if code not in library.lines or code == "INTL":
            continue
        anna.says("/country")
        asked = await anna.reply()
        label = f"{name[:1].upper()}{name[1:]}"
        while not any(button.text == label for button in asked.buttons):
            await presses(anna, asked, NEXT)
        await presses(anna, asked, label)
        assert (await store.user(anna.user.id)).country == code, number
        (part,) = lines_to_telegram(code, library)
        assert asked.text.endswith(html.parse(part).text.strip())
        assert any(button.copies or button.url for button in asked.buttons)
        assert len(asked.buttons) <= 6


async def test_a_country_that_is_none_is_not_set(alice: Person, store: Store) -> None:
    alice.says("/country")
    asked = await alice.reply()
    for data in ("country:XX", "country:DE:x:y", "countries:99", "countries:x", "language:xx", "topic:x:0", "topic"):
        await alice.sends_data(asked, data).answer()
    assert (await store.user(alice.user.id)).country in (None, "DE")


# /language


async def test_a_language_that_somebody_sets_wins(
    alice: Person, answerer: Answerer, library: Library, store: Store
) -> None:
    alice.says("/language")
    asked = await alice.reply()
    assert [button.text for button in asked.buttons] == ["English", "Español", "As I write"]
    await presses(alice, asked, "Español")
    assert asked.text == library.wording["es"].telegram.choices.language_set
    assert (await store.user(alice.user.id)).language == "es"
    alice.says(LIVER)
    answer = await alice.reply()
    shows(answer, answerer.reply(LIVER, language="es"), library)
    assert library.in_language(library.entries["liver-injury"], "es").answer[0].says in answer.text
    assert "Fuentes" in [button.text for button in answer.buttons]
    alice.says("/help")
    assert (await alice.reply()).text == library.wording["es"].telegram.help.strip()
    alice.says("/language")
    await presses(alice, await alice.reply(), "English")
    alice.says(SPANISH_LIVER)
    shows(await alice.reply(), answerer.reply(SPANISH_LIVER, language="en"), library)
    alice.says("/language")
    await presses(alice, await alice.reply(), "As I write")
    alice.says(SPANISH_LIVER)
    assert (await alice.reply()).text == text_of(answerer.reply(SPANISH_LIVER), library, "short")


async def test_commands_speak_the_language_of_the_app(telegram: Telegram, library: Library) -> None:
    for code, spoken in (("es", "es"), ("es-MX", "es"), ("de", "en"), ("", "en")):
        person = telegram.person("Someone", language=code)
        person.starts()
        assert (await person.reply()).text == library.wording[spoken].telegram.start.strip()


# /sources


async def test_sources_says_how_many_and_shows_those_of_the_last_answer(
    alice: Person, answerer: Answerer, library: Library
) -> None:
    alice.says("/sources")
    said = await alice.reply()
    assert f"{len(library.sources)} sources" in said.text
    assert not said.buttons
    alice.says(DOSE)
    await alice.reply()
    alice.says("/sources")
    said = await alice.reply()
    await presses(alice, said, "Sources of the last answer")
    first = to_telegram(answerer.reply(DOSE), library, view="sources")[0]
    assert said.text == html.parse(first).text.strip()


# /privacy and /forget


async def test_privacy_shows_all_that_is_held_and_forget_deletes_it(
    alice: Person, store: Store, library: Library
) -> None:
    say = library.wording["en"].telegram
    alice.says("/privacy")
    assert (await alice.reply()).text.startswith(say.privacy.nothing)
    alice.says("/country")
    await presses(alice, await alice.reply(), "A country not listed")
    alice.says("/language")
    await presses(alice, await alice.reply(), "English")
    await store.keep_question(alice.user.id, "does it <b>help</b> & heal", "en", update_id=1)
    alice.says("/privacy")
    held = (await alice.reply()).text
    for part in ("other countries", "English", "does it <b>help</b> & heal", "not end-to-end encrypted", "2027"):
        assert part in held
    alice.says("/forget")
    asked = await alice.reply()
    await presses(alice, asked, "Keep it")
    assert asked.text == say.forgetting.kept
    assert (await store.held(alice.user.id)).questions
    alice.says("/forget")
    asked = await alice.reply()
    await presses(alice, asked, "Delete everything")
    assert asked.text.startswith("Deleted: your country and language settings, questions that you sent (1).")
    nothing = await store.held(alice.user.id)
    assert (nothing.changed, nothing.questions) == (None, ())
    alice.says("/forget")
    assert (await presses(alice, await alice.reply(), "Delete everything")).text == say.forgetting.nothing


async def test_many_questions_are_shown_in_several_messages(telegram: Telegram, alice: Person, store: Store) -> None:
    for number in range(6):
        await store.keep_question(alice.user.id, f"question {number} " + "long " * 190, "en", update_id=100 + number)
    telegram.manners_allow(3)
    alice.says("/privacy")
    await telegram.until(lambda: any("end-to-end" in message.text for message in alice.unread))
    said = "".join(message.text for message in await alice.replies(len(alice.unread)))
    assert all(f"question {number} " in said for number in range(6))
    alice.says("hello")
    await alice.reply()
    telegram.manners_allow(1)


# What the profile says


async def test_the_profile_is_set_for_each_language_and_scope(telegram: Telegram, library: Library) -> None:
    calls = telegram.calls_of("setMyCommands")
    scopes = {"all_private_chats": "commands", "all_group_chats": "group_commands"}
    scopes["all_chat_administrators"] = "admin_commands"
    assert len(calls) == 2 * len(scopes)
    for code in ("en", "es"):
        profile = library.wording[code].telegram.profile
        language = "" if code == "en" else code
        assert language not in telegram.bot.names
        assert telegram.bot.descriptions[language] == profile.description.strip()
        assert telegram.bot.short_descriptions[language] == profile.short_description
        for scope, field in scopes.items():
            kept = telegram.bot.commands[f'{{"type": "{scope}"}}', language]
            assert {one["command"]: one["description"] for one in kept} == getattr(profile, field)
    assert set(library.wording["en"].telegram.profile.commands) == set(COMMANDS)
