"""Contact details are taken out of a question before anybody keeps it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, MessageEntity, User

from bot.contact_details import TAKEN_OUT, without_contact_details


def message(text: str, *entities: MessageEntity) -> Message:
    return Message(1, datetime.now(UTC), Chat(1, Chat.PRIVATE), text=text, entities=entities)


@pytest.mark.parametrize(
    "detail",
    [
        "joe@example.org", "joe.smith+kratom@mail.example.co.uk", "joe at gmail dot com", "joe (at) gmail (dot) com",
        "@joe_smith", "https://example.org/me?x=1", "http://example.org", "www.example.org/x", "t.me/joe",
        "example.com", "tg://user?id=1234567", "+1 415 555 0132", "(415) 555-0132", "415.555.0132", "+49 30 1234567",
        "0151/23456789", "+447700900123", "5550132 99",
    ],
)  # fmt: skip
def test_what_reaches_somebody_goes(detail: str) -> None:
    kept = without_contact_details(message(f"does it help with sleep? write me: {detail} please"))
    assert kept == f"does it help with sleep? write me: {TAKEN_OUT} please"


@pytest.mark.parametrize(
    "text",
    [
        "does 7-OH show on a 12 panel test", "2 or 3 times a day for 10 years", "i am 34, 5'10 and 180 lbs",
        "what about dr. smith's advice", "is it legal in the u.s. in 2026", "i was at the doctor and he said stop",
        "kratom vs. 7-hydroxymitragynine", "from 8 to 12 hours", "a/b", "e.g. tea",
    ],
)  # fmt: skip
def test_what_reaches_nobody_stays(text: str) -> None:
    assert without_contact_details(message(text)) == text


def test_a_name_that_leads_to_a_person_goes() -> None:
    who = User(5, "Zelda", is_bot=False)
    entity = MessageEntity(MessageEntity.TEXT_MENTION, 4, 5, user=who)
    assert without_contact_details(message("ask Zelda about it", entity)) == f"ask {TAKEN_OUT} about it"
