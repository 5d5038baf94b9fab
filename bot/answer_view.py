"""What the buttons under an answer do: more, sources, what may be meant instead, and whether it helped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest

from answers import Answerer, Reply
from bot.answer_buttons import VERDICTS, instead, under, verdicts
from bot.buttons import Act
from bot.codes import by_code
from bot.presses import Handler, Pressed
from bot.replies import Replies
from bot.sending import cannot_change, is_unchanged
from bot.shown import Shown
from bot.storage import Storage
from bot.store import StoreError


class AnswerView:
    """Changes an answer in place, each time in one step."""

    def __init__(self, answerer: Answerer, replies: Replies, storage: Storage) -> None:
        self._answerer = answerer
        self._library = answerer.library
        self._replies = replies
        self._storage = storage
        self._ids = by_code(self._library.entries)

    @property
    def handlers(self) -> Mapping[Act, Handler]:
        """The handlers of its acts."""
        return {
            "open": self._open,
            "view": self._view,
            "pick": self._pick,
            "others": self._others,
            "none": self._none,
            "ask": self._ask,
            "rate": self._rate,
            "rated": self._rated,
        }

    async def _open(self, pressed: Pressed) -> None:
        entry_id, language = (*pressed.about, "", "")[:2]
        if entry_id not in self._library.entries:
            await pressed.gone()
            return
        await pressed.answer()
        reply = self._answerer.open(
            entry_id, language=pressed.person.language or language or "en", country=pressed.person.country
        )
        await self._replies.say(pressed.message, reply)

    async def _view(self, pressed: Pressed) -> None:
        shown = await self._read(pressed, pressed.about)
        if shown and shown.entry:
            await self._show(pressed, self._replies.reply_of(shown, pressed.person), shown)

    async def _pick(self, pressed: Pressed) -> None:
        self._replies.states[pressed.message.chat_id].misses.found()
        await self._view(pressed)

    async def _others(self, pressed: Pressed) -> None:
        shown = await self._read(pressed, pressed.about)
        if shown is None:
            return
        if not shown.others:
            await self._missed(pressed, shown)
            return
        reply = self._replies.reply_of(replace(shown, entry=None), pressed.person)
        await self._show(pressed, reply, shown, instead(shown, self._library))

    async def _none(self, pressed: Pressed) -> None:
        shown = await self._read(pressed, pressed.about)
        if shown:
            await self._missed(pressed, shown)

    async def _missed(self, pressed: Pressed, shown: Shown) -> None:
        self._replies.states[pressed.message.chat_id].misses.missed()
        reply = self._replies.nothing_of(shown, pressed.person)
        await self._show(pressed, reply, replace(shown, entry=None, others=()))

    async def _ask(self, pressed: Pressed) -> None:
        shown = await self._read(pressed, pressed.about)
        if shown:
            await self._buttons(pressed, verdicts(shown, self._library))

    async def _rate(self, pressed: Pressed) -> None:
        letter, *rest = pressed.about or ("",)
        verdict, shown = VERDICTS.get(letter), Shown.unpacked(tuple(rest), self._ids)
        if verdict is None or shown is None or shown.entry is None:
            await pressed.gone()
            return
        entry, said = shown.entry, self._library.wording.get(shown.language, pressed.person.wording).telegram
        try:
            await self._storage.do(lambda store: store.count_feedback(entry, verdict, update_id=pressed.update_id))
        except StoreError:
            await pressed.answer(said.not_saved, alert=True)
            return
        await pressed.answer(said.thanks)
        rated = replace(shown, rated=True)
        await self._buttons(pressed, under(self._replies.reply_of(rated, pressed.person), rated, self._library))

    async def _rated(self, pressed: Pressed) -> None:
        await pressed.answer(pressed.person.wording.telegram.thanks)

    async def _read(self, pressed: Pressed, about: tuple[str, ...]) -> Shown | None:
        shown = Shown.unpacked(about, self._ids)
        await (pressed.answer() if shown else pressed.gone())
        return shown

    async def _show(
        self, pressed: Pressed, reply: Reply, shown: Shown, buttons: InlineKeyboardMarkup | None = None
    ) -> None:
        if not await self._replies.change(pressed.place, reply, shown, buttons=buttons):
            await self._replies.say(pressed.message, reply)

    async def _buttons(self, pressed: Pressed, buttons: InlineKeyboardMarkup | None) -> None:
        """Change the buttons and not the text. That they are just these, or that the message is gone, is no error."""
        place = pressed.place
        try:
            await place.bot.edit_message_reply_markup(place.chat_id, place.message_id, reply_markup=buttons)
        except BadRequest as error:
            if not (is_unchanged(error) or cannot_change(error)):
                raise
