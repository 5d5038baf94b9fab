"""Groups, supergroups, forums and channels, and what their administrators do with the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .chats import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS, PERMISSIONS, Member, Topic
from .membership import change
from .posting import edit, post, said, sender, to_discussion
from .reading import Reader

if TYPE_CHECKING:
    from .messages import Message
    from .people import User
    from .person import Person
    from .world import World

MODERATOR = ("can_manage_chat", "can_delete_messages", "can_restrict_members", "can_pin_messages")
EDITOR = ("can_manage_chat", "can_post_messages", "can_edit_messages")


class Group(Reader):
    """A group of any kind, seen from its administrators' side. `owner` is who acts where nobody else is named."""

    def __init__(self, world: World, owner: Person, title: str, kind: str, **fields: Any) -> None:
        super().__init__(world, world.add_chat(kind, title, **fields))
        self.owner = owner
        self.chat.members[owner.user.id] = Member(owner.user, "creator")

    @property
    def id(self) -> int:
        """Give the chat's number."""
        return self.chat.id

    def adds_bot(self, *, by: Person | None = None) -> None:
        """Add the bot as a plain member."""
        self._sets_bot(Member(self.world.bot), by)

    def promotes_bot(self, *rights: str, by: Person | None = None) -> None:
        """Make the bot an administrator, with a moderator's rights where none are named."""
        usual = EDITOR if self.chat.kind == "channel" else MODERATOR
        known = {*ADMIN_RIGHTS, *GROUP_RIGHTS, *CHANNEL_RIGHTS}
        if odd := set(rights) - known:
            raise ValueError(f"no such rights: {sorted(odd)}")
        self._sets_bot(Member(self.world.bot, "administrator", frozenset(rights or usual)), by)

    def demotes_bot(self, *, by: Person | None = None) -> None:
        """Make the bot a plain member again."""
        self.adds_bot(by=by)

    def restricts_bot(self, *permissions: str, by: Person | None = None) -> None:
        """Leave the bot only these permissions; none at all where none are named."""
        self._sets_bot(Member(self.world.bot, "restricted", frozenset(permissions)), by)

    def removes_bot(self, *, by: Person | None = None) -> None:
        """Kick the bot out."""
        self._sets_bot(Member(self.world.bot, "kicked"), by)

    def _sets_bot(self, member: Member, by: Person | None) -> None:
        change(self.world, self.chat, member, by=(by or self.owner).user)

    def admits(self, *people: Person, by: Person | None = None) -> None:
        """Add people."""
        for person in people:
            change(self.world, self.chat, Member(person.user), by=(by or person).user)

    def promotes(self, person: Person, *rights: str, anonymous: bool = False, title: str = "") -> None:
        """Make a person an administrator, with a moderator's rights where none are named."""
        granted = frozenset(rights or MODERATOR)
        member = Member(person.user, "administrator", granted, is_anonymous=anonymous, custom_title=title)
        change(self.world, self.chat, member, by=self.owner.user)

    def forbids(self, *permissions: str) -> None:
        """Take permissions from all members who are no administrators."""
        if odd := set(permissions) - set(PERMISSIONS):
            raise ValueError(f"no such permissions: {sorted(odd)}")
        self.chat.permissions -= frozenset(permissions)

    def member(self, person: Person | User) -> Member:
        """Give what a person is in this group now, such as `.status` after a ban."""
        return self.chat.member(person if not isinstance(person, Reader) else person.user)

    @property
    def bot(self) -> Member:
        """Give what the bot is in this group now."""
        return self.chat.member(self.world.bot)

    def topic(self, name: str) -> Topic:
        """Open a topic of this forum; give it, for `says(…, topic=…)`."""
        content = sender(self.world, self.chat, self.owner.user)
        content["forum_topic_created"] = {"name": name, "icon_color": 7322096}
        opening = self.world.put(self.chat, content)
        opening.content |= {"message_thread_id": opening.id, "is_topic_message": True}
        self.chat.topics[opening.id] = Topic(opening.id, name, opening)
        if self.bot.present:
            self.world.tell("message", opening.json())
        return self.chat.topics[opening.id]

    def announces(self, **content: Any) -> Message:
        """Put a service message here, such as `new_chat_title="…"`; the bot always sees those."""
        message = self.world.put(self.chat, sender(self.world, self.chat, self.owner.user) | content)
        if self.bot.present:
            self.world.tell("channel_post" if self.chat.kind == "channel" else "message", message.json())
        return message

    def migrates(self) -> Group:
        """Turn this basic group into a supergroup; give the new group. The old one refuses messages from then on.

        As on Telegram, the bot is first told that it has joined the new group, and never that it has left the old one.
        """
        new = Group(self.world, self.owner, self.chat.title, "supergroup")
        members = {number: member for number, member in self.chat.members.items() if number != self.world.bot.id}
        new.chat.members |= members
        joined = {"chat": new.chat.json(), "from": self.owner.user.json(), "date": self.world.now()}
        left = Member(self.world.bot, "left")
        new.chat.members[self.world.bot.id] = self.bot
        states = {"old_chat_member": left.json("supergroup"), "new_chat_member": self.bot.json("supergroup")}
        self.world.tell("my_chat_member", joined | states, new.chat)
        self.announces(migrate_to_chat_id=new.id)
        self.chat.migrated_to = new.chat
        new.announces(migrate_from_chat_id=self.id)
        return new

    def deletes(self) -> None:
        """Delete this group."""
        self.chat.deleted = True

    def links(self, channel: Channel) -> None:
        """Make this the discussion group of a channel: its posts are forwarded here by themselves."""
        self.chat.linked, channel.chat.linked = channel.chat, self.chat


class Channel(Group):
    """A channel."""

    def posts(self, text: str, *, ago: float = 0) -> Message:
        """Post something; give the post. In a linked group the service account forwards it."""
        message = post(self.world, self.chat, sender(self.world, self.chat, None) | said(text), ago=ago)
        to_discussion(self.world, message)
        return message

    def edits(self, message: Message, text: str) -> Message:
        """Change a post's text; give the post."""
        edit(self.world, message, said(text))
        return message
