"""Chats, their members with their rights, and the topics of forums."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .messages import Message
    from .people import User

ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip
GENERAL_TOPIC = 1


@dataclass(eq=False)
class Member:
    """What one user is in one chat: the status, and the administrator's rights or the restricted user's permissions."""

    user: User
    status: str = "member"
    rights: frozenset[str] = frozenset()
    until_date: int = 0
    is_anonymous: bool = False
    custom_title: str = ""
    inside: bool = True

    @property
    def present(self) -> bool:
        """Say whether the user is in the chat now."""
        return self.status in ("creator", "administrator", "member") or (self.status == "restricted" and self.inside)

    @property
    def is_admin(self) -> bool:
        """Say whether the user is an administrator or the owner."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Take an administrator's right; say whether this member has it."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def json(self, kind: str) -> dict[str, Any]:
        """Take the chat's kind; give the Bot API's ChatMember object."""
        fields: dict[str, Any] = {"user": self.user.json(), "status": self.status}
        if self.status == "creator":
            fields["is_anonymous"] = self.is_anonymous
        elif self.status == "administrator":
            names = ADMIN_RIGHTS + (CHANNEL_RIGHTS if kind == "channel" else GROUP_RIGHTS)
            fields |= {"can_be_edited": False, "is_anonymous": self.is_anonymous}
            fields |= {name: name in self.rights for name in names}
        elif self.status == "restricted":
            fields |= {"is_member": self.inside, "until_date": self.until_date}
            fields |= {name: name in self.rights for name in PERMISSIONS}
        elif self.status == "kicked":
            fields["until_date"] = self.until_date
        if self.custom_title and self.is_admin:
            fields["custom_title"] = self.custom_title
        return fields


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its number is that of the message that opened it."""

    number: int
    name: str
    opening: Message
    closed: bool = False


@dataclass(eq=False)
class Chat:
    """A private chat, a basic group, a supergroup (a forum or not) or a channel."""

    id: int
    kind: str
    title: str = ""
    username: str = ""
    is_forum: bool = False
    user: User | None = None
    permissions: frozenset[str] = frozenset(PERMISSIONS[:12])
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    linked: Chat | None = None
    migrated_to: Chat | None = None
    deleted: bool = False
    pinned: list[Message] = field(default_factory=list)
    last_number: int = 0
    unread: deque[Message] = field(default_factory=deque)
    actions: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """Give the Bot API's Chat object."""
        fields: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.user:
            user = self.user.json()
            return fields | {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
        fields["title"] = self.title
        if self.username:
            fields["username"] = self.username
        if self.is_forum:
            fields["is_forum"] = True
        return fields

    def full(self) -> dict[str, Any]:
        """Give the Bot API's ChatFullInfo object."""
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
            self.kind == "private",
        )
        fields = self.json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        if self.username:
            fields["active_usernames"] = [self.username]
        if self.kind in ("group", "supergroup"):
            fields["permissions"] = {name: name in self.permissions for name in PERMISSIONS}
        if self.linked:
            fields["linked_chat_id"] = self.linked.id
        if self.pinned:
            fields["pinned_message"] = self.pinned[-1].json()
        return fields

    def member(self, user: User) -> Member:
        """Take a user; give what they are in this chat, `left` where they never were."""
        return self.members.get(user.id) or Member(user, "left")

    def allows(self, user: User, permission: str) -> bool:
        """Take a user and a permission such as can_send_messages; say whether they have it here."""
        member = self.member(user)
        if member.is_admin:
            return True
        if permission not in self.permissions or not member.present:
            return False
        return member.status != "restricted" or permission in member.rights
