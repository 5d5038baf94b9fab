"""Changes of who is in a chat, and what the bot is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chats import Chat, Member
    from .people import User
    from .world import World


def change(world: World, chat: Chat, new: Member, *, by: User) -> None:
    """Take a chat and what a user is to be there; make it so and tell the bot as Telegram does.

    The bot hears of its own changes always, of others' where it is an administrator and asked for them, and of people
    who come and go by a service message.
    """
    old = chat.member(new.user)
    chat.members[new.user.id] = new
    payload = {
        "chat": chat.json(),
        "from": by.json(),
        "date": world.now(),
        "old_chat_member": old.json(chat.kind),
        "new_chat_member": new.json(chat.kind),
    }
    if new.user is world.bot:
        world.tell("my_chat_member", payload, chat)
    elif chat.member(world.bot).is_admin:
        world.tell("chat_member", payload)
    if chat.kind in ("group", "supergroup") and chat.member(world.bot).present:
        _announce(world, chat, old, new, by)
    world.bell.ring()


def _announce(world: World, chat: Chat, old: Member, new: Member, by: User) -> None:
    content: dict[str, Any] = {"from": by.json()}
    if new.present and not old.present:
        content |= {"new_chat_members": [new.user.json()], "new_chat_participant": new.user.json()}
    elif old.present and not new.present:
        content |= {"left_chat_member": new.user.json(), "left_chat_participant": new.user.json()}
    else:
        return
    world.tell("message", world.put(chat, content).json())
