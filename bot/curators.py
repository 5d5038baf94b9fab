"""Questions for those who write the answers: shown first, kept only if their sender says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from telegram import InlineKeyboardMarkup, MessageEntity

from answers import Library
from answers.wording import Wording
from bot.buttons import Act, button
from bot.chat_state import States
from bot.contact_details import without_contact_details
from bot.presses import Handler, Pressed
from bot.storage import Storage
from bot.store import StoreError
from bot.store.retention import kept
from bot.store.tables import questions

LONGEST = 1000
"""The most characters of a question that are kept."""


class Curators:
    """Sends a question to the curators. Its words come from Telegram's messages; until it is sent, nothing is kept."""

    def __init__(self, library: Library, storage: Storage, states: States) -> None:
        self._library = library
        self._storage = storage
        self._states = states

    @property
    def handlers(self) -> Mapping[Act, Handler]:
        """The handlers of its acts."""
        return {"send": self._preview, "consent": self._keep, "refuse": self._drop}

    async def _preview(self, pressed: Pressed) -> None:
        """Show what would be kept: the question that the pressed message answers, without contact details."""
        asked, wording, language = pressed.message.reply_to_message, *self._wording(pressed)
        question = without_contact_details(asked) if asked else ""
        if not question:
            await pressed.answer(wording.telegram.curators.no_text, alert=True)
            return
        if len(question) > LONGEST:
            question = f"{question[:LONGEST]}…"
        before, after = wording.telegram.curators.preview.format(question="\0", until=self._until(wording)).split("\0")
        say = wording.telegram.buttons
        self._states[pressed.message.chat_id].latest = None  # from now on no answer, which an edit would change
        await pressed.say(
            f"{before}{question}{after}",
            InlineKeyboardMarkup(
                [[button(say.send, "consent", language), button(say.do_not_send, "refuse", language)]]
            ),
            entities=[MessageEntity(MessageEntity.BLOCKQUOTE, _units(before), _units(question))],
        )

    async def _keep(self, pressed: Pressed) -> None:
        """Keep just what was shown."""
        wording, language = self._wording(pressed)
        question = next(iter(pressed.message.parse_entities([MessageEntity.BLOCKQUOTE]).values()), "")
        if not question:
            await pressed.answer(wording.telegram.curators.no_text, alert=True)
            return
        try:
            await self._storage.do(
                lambda store: store.keep_question(pressed.person.id, question, language, update_id=pressed.update_id)
            )
        except StoreError:
            await pressed.answer(wording.telegram.not_saved, alert=True)
            return
        await pressed.say(wording.telegram.curators.sent.format(until=self._until(wording)))

    async def _drop(self, pressed: Pressed) -> None:
        wording, _ = self._wording(pressed)
        await pressed.say(wording.telegram.curators.not_sent)

    def _wording(self, pressed: Pressed) -> tuple[Wording, str]:
        language = next(iter(pressed.about), pressed.person.speaks)
        return self._library.wording.get(language, pressed.person.wording), language

    def _until(self, wording: Wording) -> str:
        return wording.day((datetime.now(UTC) + kept(questions)).date())


def _units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
