"""Replies in a language and with the lines of a country that somebody chose, and replies that are asked for by name."""

from __future__ import annotations

import pytest

from answers import Answerer, Library
from answers.models import Kind, Urgency
from answers.rendering import TELEGRAM_LIMIT, lines_to_telegram, to_telegram
from tests.end_to_end.telegram.html import parse

LIVER, OVERDOSE, SPANISH = "is kratom bad for my liver", "my friend took too much and wont wake up", "no puedo dormir"


def test_a_chosen_language_wins_over_the_messages(answerer: Answerer, library: Library) -> None:
    spanish = answerer.reply(LIVER, language="es")
    assert (spanish.language, spanish.entry) == ("es", library.in_language(library.entries["liver-injury"], "es"))
    assert answerer.reply(OVERDOSE, language="es").card == library.in_language(library.cards["overdose"], "es")
    assert answerer.reply(SPANISH).language == "es"
    assert answerer.reply(SPANISH, language="en").language == "en"
    assert answerer.reply("hola", language="en").social == answerer.reply("hola").social == "greeting"


def test_a_chosen_language_changes_no_decision(answerer: Answerer) -> None:
    for text in (LIVER, OVERDOSE, "best pizza in town", "how many grams for sleep", "kratom and my body"):
        plain, chosen = answerer.reply(text), answerer.reply(text, language="es")
        assert (plain.kind, plain.candidates) == (chosen.kind, chosen.candidates)
        assert [one.id for one in plain.offered] == [one.id for one in chosen.offered]


def test_opening_offering_and_cards(answerer: Answerer) -> None:
    texas = answerer.open("state-law", state="tx", country="DE")
    assert texas.state
    assert (texas.state.code, texas.country) == ("TX", "DE")
    assert answerer.open("state-law", state="XX").state is None
    offer = answerer.offer(["liver-injury", "dose"], language="es", country="MX")
    assert (offer.kind, [one.id for one in offer.offered], offer.offered[0].language) == (
        "choose",
        ["liver-injury", "dose"],
        "es",
    )
    assert answerer.offer(()).kind == "no_answer"
    card = answerer.open_card("overdose", country="GB")
    assert card.kind == "crisis"
    assert card.lines == answerer.reply(OVERDOSE, country="GB").lines
    with pytest.raises(KeyError):
        answerer.open("none")
    with pytest.raises(KeyError):
        answerer.open_card("none")
    with pytest.raises(KeyError):
        answerer.offer(["none"])


def test_a_worried_reply_says_first_whom_to_reach(answerer: Answerer, library: Library) -> None:
    urgency = Urgency(kind=Kind.SUICIDE, card="suicide", because="a test", level="worrying")
    reply = answerer.worried(answerer.open("liver-injury", country="DE"), urgency)
    (part,) = to_telegram(reply, library, view="short")
    text = parse(part).text
    assert text.startswith(library.wording["en"].worrying[Kind.SUICIDE])
    assert text.index("0800 111 0 111") < text.index(library.entries["liver-injury"].answer[0].says)


def test_in_place_views_always_fit_one_message(answerer: Answerer, library: Library) -> None:
    urgency = Urgency(kind=Kind.SUICIDE, card="suicide", because="a test", level="worrying")
    for entry_id in library.entries:
        for language in library.spoken:
            opened = answerer.open(entry_id, language=language)
            for reply in (opened, answerer.worried(opened, urgency)):
                assert len(to_telegram(reply, library, view="short")) == 1
                assert len(to_telegram(reply, library, view="details")) == 1
    for state in library.state_law.states:
        for view in ("short", "details"):
            assert len(to_telegram(answerer.open("state-law", state=state.code), library, view=view)) == 1


def test_what_is_said_before_and_after_stands_there(answerer: Answerer, library: Library) -> None:
    (part,) = to_telegram(answerer.open("dose"), library, view="short", opening="First <b>", closing="& last")
    text = parse(part).text
    assert text.startswith("First <b>\n\n")
    assert text.endswith("\n\n& last")


@pytest.mark.parametrize("language", ["en", "es", "de", "xx"])
def test_the_lines_of_each_country_arrive_in_one_message(library: Library, language: str) -> None:
    for country, lines in library.lines.items():
        (part,) = lines_to_telegram(country, library, language=language, opening="Set.")
        text = parse(part).text
        assert len(text.encode("utf-16-le")) // 2 <= TELEGRAM_LIMIT
        for line in lines:
            assert line.name in text
            assert not line.phone or line.phone in text
            assert not line.hours or line.hours in text
    assert lines_to_telegram("QQ", library) == lines_to_telegram("INTL", library)


def test_where_numbers_work_is_said_where_it_matters(library: Library) -> None:
    said = library.wording["en"].directory.inside_only
    assert said in parse(lines_to_telegram("US", library)[0]).text
    assert said not in parse(lines_to_telegram("INTL", library)[0]).text
