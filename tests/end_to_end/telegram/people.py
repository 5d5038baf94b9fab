"""Users and the bot's own account, with the objects that the Bot API shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SERVICE_ACCOUNT = 777000
ANONYMOUS_ADMIN = 1087968824
CHANNEL_ACCOUNT = 136817688


@dataclass(eq=False)
class User:
    """One account. `met` says that the bot knows it, `started` that it has opened its private chat with the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    is_premium: bool = False
    met: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> dict[str, Any]:
        """Give the Bot API's User object."""
        fields: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code", "is_premium"):
            if getattr(self, name):
                fields[name] = getattr(self, name)
        return fields


@dataclass(eq=False)
class BotAccount(User):
    """The account of the bot under test, and what BotFather and the bot itself have set for it."""

    is_bot: bool = True
    can_join_groups: bool = True
    can_read_all_group_messages: bool = False
    supports_inline_queries: bool = True
    supports_guest_queries: bool = False
    inline_feedback: bool = True
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)

    def me(self) -> dict[str, Any]:
        """Give what getMe returns: the User object with the bot's abilities."""
        return self.json() | {
            "can_join_groups": self.can_join_groups,
            "can_read_all_group_messages": self.can_read_all_group_messages,
            "supports_inline_queries": self.supports_inline_queries,
            "supports_guest_queries": self.supports_guest_queries,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }


def special_accounts() -> list[User]:
    """Give the fixed accounts in whose name Telegram itself posts: the service, anonymous admins and channels."""
    return [
        User(SERVICE_ACCOUNT, "Telegram"),
        User(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", is_bot=True),
        User(CHANNEL_ACCOUNT, "Channel", username="Channel_Bot", is_bot=True),
    ]
