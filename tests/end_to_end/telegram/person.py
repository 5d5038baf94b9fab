"""A person who uses the bot: says, sends, presses, edits, forwards, and reads the replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import links, media
from .chats import Member
from .membership import change
from .posting import edit, post, said, sender
from .questions import CALLBACK_LIFETIME, INLINE_LIFETIME, GuestCall, InlineQuestion, InlineResult, Press
from .reading import Reader
from .sending import NOT_COPIED, origin

if TYPE_CHECKING:
    from .chats import Chat, Topic
    from .messages import Message
    from .people import User
    from .world import World


class Person(Reader):
    """One user. What they do happens in their private chat with the bot unless `in_` names a group or a channel."""

    def __init__(self, world: World, user: User) -> None:
        super().__init__(world, world.private_chat(user))
        self.user = user

    @property
    def name(self) -> str:
        """Give the first name."""
        return self.user.first_name

    def says(
        self,
        text: str,
        *,
        in_: Reader | None = None,
        reply_to: Message | None = None,
        quote: str = "",
        topic: Topic | None = None,
        anonymous: bool = False,
        via: Reader | None = None,
        ago: float = 0,
    ) -> Message:
        """Say something; give the message.

        `quote` is the part of `reply_to` that is quoted; a reply to a message of another chat becomes an external
        reply. `anonymous` speaks as the group (an administrator who hides), `via` in a channel's name. `ago` dates the
        message so many seconds back, as when the bot was down. Writing where one is banned or muted raises
        PermissionError.
        """
        return self._posts(said(text), in_, reply_to, topic, anonymous=anonymous, via=via, quote=quote, ago=ago)

    def sends(
        self,
        kind: str,
        caption: str = "",
        *,
        in_: Reader | None = None,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        ago: float = 0,
        **fields: Any,
    ) -> Message:
        """Send something that is not text; give the message.

        `kind` is one of photo, document, video, animation, audio, voice, video_note, sticker, location, venue, contact,
        poll and dice; `fields` replace parts of the object, such as `question` of a poll. Only the first six take a
        caption.
        """
        content = media.content(self.world, kind, fields) | said(caption, "caption")
        return self._posts(content, in_, reply_to, topic, ago=ago)

    def _posts(
        self,
        content: dict[str, Any],
        in_: Reader | None,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        *,
        anonymous: bool = False,
        via: Reader | None = None,
        quote: str = "",
        ago: float = 0,
    ) -> Message:
        chat = self._enters(in_)
        fields = sender(self.world, chat, self.user, anonymous=anonymous, via=via.chat if via else None)
        if quote and reply_to:
            fields["quote"] = {"text": quote, "position": max(0, reply_to.text.find(quote)), "is_manual": True}
        if reply_to and reply_to.chat is not chat:
            fields["external_reply"] = {"origin": origin(reply_to), "message_id": reply_to.id}
        number = topic.number if topic else 0
        return post(self.world, chat, fields | content, reply_to=reply_to, topic=number, ago=ago)

    def _enters(self, in_: Reader | None) -> Chat:
        if in_ is None:
            self.user.started = True
            return self.chat
        chat = in_.chat
        if chat.kind not in ("group", "supergroup"):
            return chat
        if chat.member(self.user).status == "left":
            chat.members[self.user.id] = Member(self.user)
        if not chat.allows(self.user, "can_send_messages"):
            raise PermissionError(
                f"{self.name} is {chat.member(self.user).status} in {chat.title} and cannot write there"
            )
        return chat

    def starts(self, payload: str = "") -> Message:
        """Press Start, or follow a deep link with a payload; raise ValueError for one that Telegram does not carry."""
        if not links.is_payload(payload):
            raise ValueError(f"Telegram carries no payload {payload!r}: at most 64 of A-Z a-z 0-9 _ -")
        return self.says(f"/start {payload}".strip())

    def follows(self, link: str) -> Message:
        """Follow a t.me link to the bot, such as one of a button; raise ValueError if it does not lead to it."""
        if f"/{self.world.bot.username}".casefold() not in link.casefold():
            raise ValueError(f"{link} does not lead to @{self.world.bot.username}")
        return self.starts(links.start_payload(link) or "")

    def forwards(self, message: Message, *, in_: Reader | None = None, hidden: str = "") -> Message:
        """Forward a message; with `hidden`, from someone who shows only that name in forwards."""
        kept = {name: value for name, value in message.content.items() if name not in NOT_COPIED}
        source = origin(message)
        if hidden:
            source = {"type": "hidden_user", "date": message.date, "sender_user_name": hidden}
        return self._posts(kept | {"forward_origin": source}, in_)

    def edits(self, message: Message, text: str) -> Message:
        """Change the text or the caption of an own message; give the message."""
        edit(self.world, message, said(text, "text" if "text" in message.content else "caption"))
        return message

    def presses(self, message: Message, text: str) -> Press:
        """Press the button that has this text or holds it; give the press, whose `answer()` can be waited for."""
        button = message.button(text)
        if not button.data:
            raise LookupError(f"the button {button.text!r} sends nothing to the bot: {button}")
        return self.sends_data(message, button.data)

    def sends_data(self, message: Message, data: str) -> Press:
        """Send callback data as a button would, also data that no button has, as a tampered client can."""
        world = self.world
        number = str(world.new_id())
        press = Press(number, self.user, world.bell, CALLBACK_LIFETIME, message=message, data=data)
        world.presses[number] = press
        shown = message.json()
        if message.deleted:
            shown = {"message_id": message.id, "chat": message.chat.json(), "date": 0}
        payload = {"id": number, "from": self.user.json(), "message": shown, "chat_instance": "1", "data": data}
        press.delivered = world.tell("callback_query", payload, message.chat)
        return press

    def asks_inline(self, query: str, *, offset: str = "", chat_type: str = "sender") -> InlineQuestion:
        """Type the bot's name and a query in some chat; give the question, whose `results()` can be waited for."""
        number = str(self.world.new_id())
        question = InlineQuestion(number, self.user, self.world.bell, INLINE_LIFETIME, query=query)
        self.world.inline_questions[number] = question
        payload = {"id": number, "from": self.user.json(), "query": query, "offset": offset, "chat_type": chat_type}
        question.delivered = self.world.tell("inline_query", payload)
        return question

    def picks(self, question: InlineQuestion, result: InlineResult, *, in_: Reader | None = None) -> Message:
        """Send an inline result into a chat; the bot hears of the choice. Give the message."""
        choice = {"result_id": result.id, "from": self.user.json(), "query": question.query}
        if self.world.bot.inline_feedback:
            self.world.tell("chosen_inline_result", choice)
        content = {name: value for name, value in result.fields.items() if name != "reply_markup"}
        message = self._posts(content | {"via_bot": self.world.bot.json()}, in_)
        message.markup = result.fields.get("reply_markup")
        return message

    def calls_guest(self, text: str, *, in_: Reader, reply_to: Message | None = None) -> GuestCall:
        """Mention the bot in a chat that it is not in; give the call, whose `answer()` can be waited for."""
        number = str(self.world.new_id())
        guest = GuestCall(number, self.user, self.world.bell, INLINE_LIFETIME, text=text)
        self.world.guest_calls[number] = guest
        fields = sender(self.world, in_.chat, self.user) | said(text) | {"guest_query_id": number}
        message = self.world.put(in_.chat, fields, reply_to=reply_to)
        guest.delivered = self.world.tell("guest_message", message.json())
        return guest

    def reacts(self, message: Message, emoji: str) -> None:
        """React to a message with an emoji, none for taking it back; a bot hears of it only if it asks for that."""
        old = message.reactions.get(self.user.id, [])
        message.reactions[self.user.id] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        payload = {
            "chat": message.chat.json(),
            "message_id": message.id,
            "user": self.user.json(),
            "date": self.world.now(),
            "old_reaction": old,
            "new_reaction": message.reactions[self.user.id],
        }
        if message.chat.kind == "private" or message.chat.member(self.world.bot).is_admin:
            self.world.tell("message_reaction", payload)

    def blocks_bot(self) -> None:
        """Block the bot: it can no longer write to this person, and is told."""
        self._changes_bot("kicked")
        self.user.blocked = True

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self.user.blocked = False
        self._changes_bot("member")

    def _changes_bot(self, status: str) -> None:
        change(self.world, self.chat, Member(self.world.bot, status), by=self.user)

    def deletes_account(self) -> None:
        """Delete the account."""
        self.user.deactivated = True

    def joins(self, group: Reader) -> None:
        """Join a group or a channel."""
        change(self.world, group.chat, Member(self.user), by=self.user)

    def leaves(self, group: Reader) -> None:
        """Leave a group or a channel."""
        change(self.world, group.chat, Member(self.user, "left"), by=self.user)
