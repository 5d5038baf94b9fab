"""What the tests of groups share: groups that the bot has greeted, and what its messages there must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .talking import text_of

if TYPE_CHECKING:
    from answers import Library, Reply

    from .telegram import Group, Message, Person, Telegram

ME = "@kratom_answers_bot"


async def greeted(telegram: Telegram, *members: Person, **fields: Any) -> Group:
    """Give a new group with these members, in which the bot has said hello."""
    group = telegram.group(members=members, **fields)
    await group.reply()
    return group


def shows(message: Message, reply: Reply, library: Library) -> None:
    """The message says this reply, for others to read along."""
    assert message.text == text_of(reply, library, "brief")
    assert message.previews_off


def leads_to(message: Message) -> list[str]:
    """Give the payloads of the buttons into the private chat; there are no other buttons."""
    start = "https://t.me/kratom_answers_bot"
    assert all(button.url.startswith(start) for button in message.buttons)
    return [button.url.removeprefix(start).removeprefix("?start=") for button in message.buttons]
