"""What tests of conversations share: what people say, and what the bot is held to after each test."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from answers.rendering import to_telegram

from .telegram import html

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from answers import Library, Reply
    from answers.rendering.blocks import View

    from .bot_process import BotProcess
    from .telegram import Message, Person, Telegram

STRAINS = "does red bali help you sleep"
OVERDOSE = "my friend took too much and wont wake up"
SUICIDE = "i want to kill myself"
DOSE = "how many grams for sleep"
PIZZA = "best pizza in town"
LIVER = "is kratom bad for my liver"
VAGUE = ("liver sleep heart", "kratom and my body", "does it show", "red or green", "is it ok with my meds")
PREVIOUS, NEXT = "\u2039", "\u203a"
"""On the buttons that turn a page."""
UNREADABLE = (
    "photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker", "location", "venue",
    "contact", "poll", "dice",
)  # fmt: skip


@asynccontextmanager
async def watched(telegram: Telegram, bot: BotProcess) -> AsyncIterator[Telegram]:
    """Fail a test after which something was done wrong, or refused."""
    refused = len(telegram.refusals)
    yield telegram
    await telegram.settled(quiet=0.05)
    assert bot.process
    assert bot.process.returncode is None
    telegram.faults.clear()
    telegram.check()
    assert [str(call) for call in telegram.refusals[refused:]] == []
    assert not telegram.violations.of("link preview")


def text_of(reply: Reply, library: Library, view: View) -> str:
    """The text of a reply that fits into one message."""
    (part,) = to_telegram(reply, library, view=view)
    return html.parse(part).text.strip()


def shows(message: Message, reply: Reply, library: Library, view: View = "short") -> None:
    """The message says this reply, which fits into one; an emergency's card is shown whole.

    After one that has no answer comes what else might help.
    """
    text = text_of(reply, library, "whole" if reply.kind == "crisis" else view)
    assert message.text == text or (reply.kind == "no_answer" and message.text.startswith(f"{text}\n\n"))
    assert message.previews_off


def forgive_refusals(telegram: Telegram) -> None:
    """Forget the refusals so far: the test has asked for them."""
    telegram.world.calls[:] = [call for call in telegram.calls if call.status < 400]


async def presses(person: Person, message: Message, *texts: str) -> Message:
    """Press buttons of a message one after the other; each changes it in place, once."""
    for text in texts:
        edits = message.edits
        await person.presses(message, text).answer()
        await message.edited()
        assert message.edits == edits + 1
    return message
