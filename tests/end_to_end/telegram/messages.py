"""Messages as they stand in a chat, and what a test reads of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .entities import cut

if TYPE_CHECKING:
    from .chats import Chat
    from .waiting import Bell

PATIENCE = 10.0


@dataclass(frozen=True)
class Button:
    """One button of a message. Of `data` (a callback), `url`, `copies` and `query` at most one is set."""

    text: str
    data: str = ""
    url: str = ""
    copies: str = ""
    query: str | None = None
    style: str = ""


@dataclass(eq=False)
class Message:
    """A message in a chat. `content` holds the Bot API's fields beyond the chat, the number and the date."""

    chat: Chat
    id: int
    date: int
    content: dict[str, Any]
    bell: Bell
    by_bot: bool = False
    reply_to: Message | None = None
    markup: dict[str, Any] | None = None
    previews_off: bool = False
    protected: bool = False
    silent: bool = False
    edit_date: int = 0
    edits: int = 0
    deleted: bool = False
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    seen_edits: int = 0

    def __repr__(self) -> str:
        """Give the number, the chat and the beginning of the text, for the messages of failed tests."""
        return f"<message {self.id} in {self.chat.title or self.chat.id}: {self.text[:60]!r}>"

    def json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Give the Bot API's Message object; a replied-to message shows no reply of its own."""
        fields = {"message_id": self.id, "date": self.date, "chat": self.chat.json()} | self.content
        if self.edit_date:
            fields["edit_date"] = self.edit_date
        if with_reply and self.reply_to:
            fields["reply_to_message"] = self.reply_to.json(with_reply=False)
        if self.markup and "inline_keyboard" in self.markup:
            fields["reply_markup"] = self.markup
        if self.protected:
            fields["has_protected_content"] = True
        return fields

    @property
    def text(self) -> str:
        """Give the text, or the caption where the message is a picture or a file."""
        text: str = self.content.get("text") or self.content.get("caption") or ""
        return text

    @property
    def entities(self) -> list[dict[str, Any]]:
        """Give the entities of the text or the caption, as the Bot API shows them."""
        found: list[dict[str, Any]] = self.content.get("entities") or self.content.get("caption_entities") or []
        return found

    def parts(self, kind: str) -> list[str]:
        """Take a type of entity such as bold; give the stretches of text that have it."""
        return [cut(self.text, e["offset"], e["length"]) for e in self.entities if e["type"] == kind]

    @property
    def links(self) -> list[str]:
        """Give every address that the text links to, hidden ones first, and then those of the buttons."""
        hidden = [e["url"] for e in self.entities if e["type"] == "text_link"]
        return hidden + self.parts("url") + [b.url for b in self.buttons if b.url]

    @property
    def rows(self) -> list[list[Button]]:
        """Give the inline keyboard row by row; nothing where there is none."""
        markup = self.markup or {}
        return [[_button(button) for button in row] for row in markup.get("inline_keyboard", [])]

    @property
    def buttons(self) -> list[Button]:
        """Give the buttons of the inline keyboard in reading order."""
        return [button for row in self.rows for button in row]

    def button(self, text: str) -> Button:
        """Take a button's text or a part of it; give that button, an exact one first. Raise LookupError if none."""
        exact = [b for b in self.buttons if b.text == text]
        near = [b for b in self.buttons if text.casefold() in b.text.casefold()]
        if not exact + near:
            raise LookupError(f"no button {text!r} on {self!r}; there are {[b.text for b in self.buttons]}")
        return (exact + near)[0]

    @property
    def topic(self) -> int:
        """Give the number of the forum topic, or 0 in General and outside forums."""
        return int(self.content["message_thread_id"]) if self.content.get("is_topic_message") else 0

    async def edited(self, within: float = PATIENCE) -> Message:
        """Wait for the bot's next edit of this message that was not waited for yet; give the message."""
        changed = await self.bell.until(lambda: self.edits > self.seen_edits, within)
        if not changed:
            raise AssertionError(f"{self!r} was not edited within {within} s")
        self.seen_edits += 1
        return self

    async def gone(self, within: float = PATIENCE) -> None:
        """Wait until this message is deleted; raise AssertionError if it is not."""
        if not await self.bell.until(lambda: self.deleted, within):
            raise AssertionError(f"{self!r} was not deleted within {within} s")

    async def reacted(self, within: float = PATIENCE) -> list[str]:
        """Wait for the bot's reaction to this message; give its emoji."""
        found = await self.bell.until(lambda: self.bot_reactions, within)
        if not found:
            raise AssertionError(f"the bot did not react to {self!r} within {within} s")
        return found

    @property
    def bot_reactions(self) -> list[str]:
        """Give the emoji with which the bot has reacted."""
        return [reaction.get("emoji", "") for reaction in self.reactions.get(0, [])]


def _button(fields: dict[str, Any]) -> Button:
    return Button(
        text=fields["text"],
        data=fields.get("callback_data", ""),
        url=fields.get("url", ""),
        copies=fields.get("copy_text", {}).get("text", ""),
        query=fields.get("switch_inline_query", fields.get("switch_inline_query_current_chat")),
        style=fields.get("style", ""),
    )
