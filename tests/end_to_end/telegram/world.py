"""The state of the stand-in's Telegram: who is there, what was said, what the bot has been told and has done."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .chats import Chat, Member
from .faults import Faults
from .manners import Manners
from .messages import Message
from .people import BotAccount, User, special_accounts
from .spec import Spec
from .updates import Updates
from .violations import Violations
from .waiting import Bell
from .webhook import Webhook

if TYPE_CHECKING:
    from .arguments import Upload
    from .questions import GuestCall, InlineQuestion, Press

PAST_BASIC_GROUPS = -1_000_000_000_000


@dataclass(frozen=True)
class Call:
    """One call that the bot made: the method, its arguments, when it came, and what it was answered."""

    method: str
    arguments: dict[str, Any]
    at: float
    status: int
    answer: dict[str, Any]

    def __str__(self) -> str:
        """Give the call on one line, shortened."""
        said = {name: str(value)[:80] for name, value in self.arguments.items()}
        outcome = "" if self.status == 200 else f" -> {self.status} {self.answer.get('description', '')}"
        return f"{self.method} {said}{outcome}"


class World:
    """Everything that the methods read and change."""

    def __init__(self, bot: BotAccount) -> None:
        self.bot = bot
        self.bell = Bell()
        self.updates = Updates(self.bell)
        self.violations = Violations()
        self.manners = Manners(self.violations)
        self.faults = Faults(self.violations)
        self.spec = Spec()
        self.webhook = Webhook(self.updates, self.bell)
        self.users: dict[int, User] = {user.id: user for user in [bot, *special_accounts()]}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Upload] = {}
        self.calls: list[Call] = []
        self.presses: dict[str, Press] = {}
        self.inline_questions: dict[str, InlineQuestion] = {}
        self.guest_calls: dict[str, GuestCall] = {}
        self.logged_out = False
        self._last_id = 7_000_000_000
        self._last_number = 0

    def new_id(self) -> int:
        """Give a number that nothing else has: of a user, a chat, a query or a file."""
        self._last_id += 1
        return self._last_id

    def now(self) -> int:
        """Give the server's time in whole seconds."""
        return int(time.time())

    def add_user(self, first_name: str, **fields: Any) -> User:
        """Take a name and other fields of a user; give the new user."""
        user = User(self.new_id(), first_name, **fields)
        self.users[user.id] = user
        return user

    def add_chat(self, kind: str, title: str, **fields: Any) -> Chat:
        """Take a kind and a title; give the new group, supergroup or channel."""
        number = self.new_id() - 6_999_000_000
        chat = Chat(-number if kind == "group" else PAST_BASIC_GROUPS - number, kind, title, **fields)
        self.chats[chat.id] = chat
        return chat

    def private_chat(self, user: User) -> Chat:
        """Take a user; give their private chat with the bot, opened if need be."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(
                user.id, "private", user=user, members={u.id: Member(u) for u in (user, self.bot)}
            )
        return self.chats[user.id]

    def put(self, chat: Chat, content: dict[str, Any], *, ago: float = 0, **fields: Any) -> Message:
        """Take a chat and a message's content; number it, keep it and give it."""
        if chat.kind in ("private", "group"):
            self._last_number += 1
            number = self._last_number
        else:
            chat.last_number += 1
            number = chat.last_number
        message = Message(chat, number, self.now() - int(ago), content, self.bell, **fields)
        chat.messages[number] = message
        return message

    def tell(self, kind: str, payload: dict[str, Any], chat: Chat | None = None) -> bool:
        """Take a kind of update, its object and its chat; queue it for the bot and say whether it was."""
        if not self.updates.add(kind, payload):
            return False
        if chat is not None:
            self.manners.prompted(chat)
        for user_id in {payload.get("from", {}).get("id"), *(chat.members if chat else ())} & set(self.users):
            self.users[user_id].met = True
        return True

    def store(self, upload: Upload) -> str:
        """Take a file; keep it and give its file_id."""
        file_id = f"file-{self.new_id()}"
        self.files[file_id] = upload
        return file_id

    def unanswered(self) -> list[str]:
        """Give a sentence for each button press that the bot was told of and has not answered."""
        return [
            f"the press of {press.data!r} by {press.user.first_name} was never answered"
            for press in self.presses.values()
            if press.delivered and not press.answered
        ]

    def latest_calls(self, count: int = 12) -> str:
        """Give the bot's last calls one a line, without its polling, for the messages of failed tests."""
        said = [str(call) for call in self.calls if call.method != "getUpdates"]
        return "\n".join(said[-count:]) or "the bot made no calls"
