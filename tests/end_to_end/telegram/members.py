"""Methods about the members of chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import access
from .access import Need
from .chats import PERMISSIONS, Member
from .membership import change
from .method_table import method
from .refusals import bad_request

if TYPE_CHECKING:
    from .arguments import Arguments
    from .chats import Chat
    from .people import User
    from .world import World

SHORTEST_BAN = 30
LONGEST_BAN = 366 * 24 * 60 * 60
ONLY_SUPERGROUPS = "method is available only for supergroups"
_TO_RESTRICT = "restrict/unrestrict chat member"


def _user(world: World, call: Arguments) -> User:
    number = call.integer("user_id")
    if number <= 0:
        raise bad_request("invalid user_id specified")
    if number not in world.users:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return world.users[number]


@method("getChat")
def get_chat(world: World, call: Arguments) -> dict[str, Any]:
    """Describe a chat."""
    return access.chat(world, call, Need.READ).full()


@method("getChatMember")
def get_chat_member(world: World, call: Arguments) -> dict[str, Any]:
    """Tell what a user is in a chat."""
    where = access.chat(world, call, Need.MEMBERS)
    return where.member(_user(world, call)).json(where.kind)


@method("getChatAdministrators")
def get_chat_administrators(world: World, call: Arguments) -> list[dict[str, Any]]:
    """Give a chat's administrators, without other bots."""
    where = access.chat(world, call, Need.MEMBERS)
    if where.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    admins = [member for member in where.members.values() if member.is_admin]
    return [m.json(where.kind) for m in admins if not m.user.is_bot or m.user is world.bot]


@method("getChatMemberCount")
def get_chat_member_count(world: World, call: Arguments) -> int:
    """Count a chat's members."""
    return sum(member.present for member in access.chat(world, call, Need.MEMBERS).members.values())


def _group(world: World, call: Arguments, *, supergroup: bool = False) -> Chat:
    where = access.chat(world, call, Need.WRITE)
    if where.kind == "private":
        raise bad_request("can't remove members in private chats" if not supergroup else ONLY_SUPERGROUPS)
    if supergroup and where.kind != "supergroup":
        raise bad_request(ONLY_SUPERGROUPS)
    return where


def _subject(world: World, call: Arguments, where: Chat) -> User:
    user = _user(world, call)
    member = where.member(user)
    if user is world.bot:
        raise bad_request("can't restrict self")
    access.right(world, where, "can_restrict_members", _TO_RESTRICT)
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.status == "administrator":
        raise bad_request("user is an administrator of the chat")
    return user


def _until(world: World, call: Arguments) -> int:
    until = call.integer("until_date")
    return until if SHORTEST_BAN <= until - world.now() <= LONGEST_BAN else 0


@method("banChatMember")
def ban_chat_member(world: World, call: Arguments) -> bool:
    """Remove a user from a chat and keep them out."""
    where = _group(world, call)
    user = _subject(world, call, where)
    change(world, where, Member(user, "kicked", until_date=_until(world, call)), by=world.bot)
    if call.flag("revoke_messages") or where.kind != "group":
        for message in where.messages.values():
            message.deleted |= message.content.get("from", {}).get("id") == user.id
    return True


@method("unbanChatMember")
def unban_chat_member(world: World, call: Arguments) -> bool:
    """Let a user return; without only_if_banned this removes one who is a member."""
    where = _group(world, call)
    user = _subject(world, call, where)
    status = where.member(user).status
    if status == "kicked" or not call.flag("only_if_banned"):
        change(world, where, Member(user, "left"), by=world.bot)
    return True


@method("restrictChatMember")
def restrict_chat_member(world: World, call: Arguments) -> bool:
    """Take permissions from a member, or give them back."""
    where = _group(world, call, supergroup=True)
    given = call.json("permissions", "permissions")
    if not isinstance(given, dict):
        raise bad_request("can't parse permissions JSON object")
    for name in world.spec.odd_fields("ChatPermissions", given):
        world.violations.add("unknown field", f"ChatPermissions has no {name!r}", call.method)
    user = _subject(world, call, where)
    granted = frozenset(name for name in PERMISSIONS if given.get(name))
    if where.permissions <= granted:
        change(world, where, Member(user), by=world.bot)
    else:
        inside = where.member(user).present
        restricted = Member(user, "restricted", granted, _until(world, call), inside=inside)
        change(world, where, restricted, by=world.bot)
    return True


@method("leaveChat")
def leave_chat(world: World, call: Arguments) -> bool:
    """Have the bot leave a chat."""
    where = access.chat(world, call, Need.READ)
    if where.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    change(world, where, Member(world.bot, "left"), by=world.bot)
    return True
