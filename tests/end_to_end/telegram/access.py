"""Which chats, messages and topics the bot may reach, and how the server refuses the others."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from .chats import GENERAL_TOPIC, Chat
from .refusals import Refusal, bad_request, forbidden

if TYPE_CHECKING:
    from .arguments import Arguments
    from .messages import Message
    from .people import User
    from .world import World

_WORDS = {
    "can_send_messages": "send text messages",
    "can_send_photos": "send photos",
    "can_send_documents": "send documents",
    "can_send_other_messages": "send other messages",
}


class Need(Enum):
    """What a method wants of a chat."""

    READ = auto()
    MEMBERS = auto()
    EDIT = auto()
    WRITE = auto()


def chat(world: World, call: Arguments, need: Need, name: str = "chat_id") -> Chat:
    """Take a call and what it needs; give the chat it names, or refuse."""
    given = call.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    found = _named(world, given) if given.startswith("@") else _numbered(world, given)
    if found is None:
        raise bad_request("chat not found")
    if found.user:
        _check_person(found.user, need)
    elif found.kind == "group":
        _check_group(world, found, need)
    else:
        _check_supergroup(world, found, need)
    return found


def _named(world: World, name: str) -> Chat | None:
    wanted = name.removeprefix("@").casefold()
    return next((c for c in world.chats.values() if c.username and c.username.casefold() == wanted), None)


def _numbered(world: World, given: str) -> Chat | None:
    try:
        number = int(given)
    except ValueError:
        return None
    user = world.users.get(number)
    if user and user.id == world.bot.id:
        return None
    return world.private_chat(user) if user and user.met else world.chats.get(number) if number < 0 else None


def _check_person(user: User, need: Need) -> None:
    if need in (Need.READ, Need.MEMBERS):
        return
    if user.deactivated:
        raise forbidden("user is deactivated")
    if user.is_bot:
        raise forbidden("bots can't send messages to bots")
    if need is Need.WRITE and user.blocked:
        raise forbidden("bot was blocked by the user")
    if need is Need.WRITE and not user.started:
        raise forbidden("bot can't initiate conversation with a user")


def _check_group(world: World, group: Chat, need: Need) -> None:
    if group.migrated_to and need in (Need.WRITE, Need.MEMBERS):
        raise Refusal(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=group.migrated_to.id
        )
    if group.deleted and need is not Need.READ:
        raise forbidden("the group chat was deleted")
    status = group.member(world.bot).status
    if need is not Need.READ and status == "kicked":
        raise forbidden("bot was kicked from the group chat")
    if need is not Need.READ and not group.member(world.bot).present:
        raise forbidden("bot is not a member of the group chat")


def _check_supergroup(world: World, found: Chat, need: Need) -> None:
    me = found.member(world.bot)
    if me.status == "kicked":
        raise forbidden(f"bot was kicked from the {found.kind} chat")
    strict = need in (Need.EDIT, Need.WRITE) if found.username else True
    if strict and not me.present:
        raise forbidden(f"bot is not a member of the {found.kind} chat")


def may_send(world: World, where: Chat, permission: str) -> None:
    """Take a chat and the permission a message needs; refuse where the bot lacks it."""
    if where.user:
        return
    me = where.member(world.bot)
    if where.kind == "channel" and not me.may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    if where.kind != "channel" and not where.allows(world.bot, permission):
        raise bad_request(f"not enough rights to {_WORDS[permission]} to the chat")


def right(world: World, where: Chat, name: str, words: str) -> None:
    """Take a chat, an administrator's right and what it is for; refuse where the bot lacks it."""
    if not where.member(world.bot).may(name):
        raise bad_request(f"not enough rights to {words}")


def message(world: World, call: Arguments, need: Need, what: str, source: str = "chat_id") -> Message:
    """Take a call and what it does to a message; give the message it names, or refuse."""
    where = chat(world, call, need, source)
    found = where.messages.get(call.integer("message_id"))
    if found is None or found.deleted:
        raise bad_request(f"{what} not found")
    return found


def topic(world: World, call: Arguments, where: Chat) -> int:
    """Take a call to a chat; give the topic it names, 0 for none, or refuse.

    General is not named by its number, and the thread of a reply outside topics is none of these.
    """
    number = call.integer("message_thread_id")
    if not number:
        return 0
    found = where.topics.get(number)
    if found is None or number == GENERAL_TOPIC or not where.is_forum:
        raise bad_request("message thread not found")
    if found.closed and not where.member(world.bot).may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return number


def replied(world: World, call: Arguments, where: Chat) -> Message | None:
    """Take a call to a chat; give the message it replies to, None where there is none, or refuse."""
    given = call.json("reply_parameters", "reply parameters") or {}
    if not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    for name in world.spec.odd_fields("ReplyParameters", given):
        world.violations.add("unknown field", f"ReplyParameters has no {name!r}", call.method)
    number = given.get("message_id") or call.integer("reply_to_message_id")
    if not number:
        return None
    source = where
    if given.get("chat_id") not in (None, where.id):
        source = chat(world, type(call)(call.method, given), Need.READ)
    found = source.messages.get(int(number))
    if found is not None and not found.deleted:
        quote = given.get("quote", "")
        if quote and not given.get("quote_parse_mode") and quote not in found.text:
            raise bad_request("QUOTE_TEXT_INVALID")
        return found
    if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
