"""Methods that change or remove what stands in a chat."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import access, keyboards, texts
from .access import Need
from .method_table import method
from .refusals import bad_request
from .sending import previews

if TYPE_CHECKING:
    from .arguments import Arguments
    from .messages import Message
    from .world import World

DELETABLE_FOR = 48 * 60 * 60
MOST_AT_ONCE = 100
REACTIONS = frozenset((Path(__file__).parent / "reactions.txt").read_text("utf-8").split())


def _to_edit(world: World, call: Arguments) -> Message:
    if "chat_id" not in call and "message_id" not in call:
        raise bad_request("message identifier is not specified")
    found = access.message(world, call, Need.EDIT, "message to edit")
    if not found.by_bot or "forward_origin" in found.content:
        raise bad_request("message can't be edited")
    return found


def _edit(world: World, call: Arguments, message: Message, fields: dict[str, Any], *, dropped: tuple[str, ...]) -> Any:
    markup = keyboards.read(world, call, message.chat, only_inline=True)
    content = {name: value for name, value in message.content.items() if name not in dropped} | fields
    compared = ("text", "entities", "caption", "caption_entities")
    if markup == message.markup and all(content.get(n) == message.content.get(n) for n in compared):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"
        )
    message.content, message.markup = content, markup
    message.edit_date = world.now()
    message.edits += 1
    world.bell.ring()
    return message.json()


@method("editMessageText")
def edit_message_text(world: World, call: Arguments) -> Any:
    """Give a message of the bot another text; its buttons go unless they are given again."""
    entities = call.json("entities", "message entities")
    text = texts.message_text(world, call.text("text"), call.text("parse_mode"), entities, call.method)
    if "inline_message_id" in call:
        return True
    message = _to_edit(world, call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    fields = text.fields("text", "entities")
    message.previews_off = previews(world, call, fields)
    return _edit(world, call, message, fields, dropped=("text", "entities", "link_preview_options"))


@method("editMessageCaption")
def edit_message_caption(world: World, call: Arguments) -> Any:
    """Give a picture or file of the bot another caption."""
    entities = call.json("caption_entities", "caption entities")
    text = texts.caption(world, call.text("caption"), call.text("parse_mode"), entities, call.method)
    message = _to_edit(world, call)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    fields = text.fields("caption", "caption_entities") if text.text else {}
    return _edit(world, call, message, fields, dropped=("caption", "caption_entities"))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, call: Arguments) -> Any:
    """Give a message of the bot other buttons, or none."""
    if "inline_message_id" in call:
        return True
    return _edit(world, call, _to_edit(world, call), {}, dropped=())


def _deletable(world: World, message: Message) -> bool:
    me = message.chat.member(world.bot)
    if message.chat.kind not in ("private", "group") and me.may("can_delete_messages"):
        return True
    if world.now() - message.date > DELETABLE_FOR:
        return False
    if message.by_bot or message.chat.kind == "private":
        return True
    return me.may("can_delete_messages")


def _delete(world: World, message: Message) -> None:
    message.deleted = True
    if message in message.chat.pinned:
        message.chat.pinned.remove(message)
    if message in message.chat.unread:
        message.chat.unread.remove(message)
    world.bell.ring()


@method("deleteMessage")
def delete_message(world: World, call: Arguments) -> bool:
    """Delete one message."""
    message = access.message(world, call, Need.EDIT, "message to delete")
    if not _deletable(world, message):
        raise bad_request("message can't be deleted")
    _delete(world, message)
    return True


@method("deleteMessages")
def delete_messages(world: World, call: Arguments) -> bool:
    """Delete several messages; those that are not there or may not be deleted are skipped."""
    numbers = call.json("message_ids", "message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    where = access.chat(world, call, Need.EDIT)
    for number in numbers:
        message = where.messages.get(int(number))
        if message and not message.deleted and _deletable(world, message):
            _delete(world, message)
    return True


@method("pinChatMessage")
def pin_chat_message(world: World, call: Arguments) -> bool:
    """Pin a message."""
    message = access.message(world, call, Need.WRITE, "message to pin")
    right = "can_edit_messages" if message.chat.kind == "channel" else "can_pin_messages"
    if message.chat.kind != "private":
        access.right(world, message.chat, right, "manage pinned messages in the chat")
    message.chat.pinned.append(message)
    world.bell.ring()
    return True


@method("unpinChatMessage")
def unpin_chat_message(world: World, call: Arguments) -> bool:
    """Unpin a message, the latest where none is named."""
    where = access.chat(world, call, Need.WRITE)
    if where.kind != "private":
        access.right(world, where, "can_pin_messages", "manage pinned messages in the chat")
    wanted = call.integer("message_id")
    found = [message for message in where.pinned if not wanted or message.id == wanted]
    if not found:
        raise bad_request("message to unpin not found")
    where.pinned.remove(found[-1])
    return True


@method("setMessageReaction")
def set_message_reaction(world: World, call: Arguments) -> bool:
    """React to a message, or take the reaction back."""
    reactions = call.json("reaction", "reaction types") or []
    message = access.message(world, call, Need.READ, "message to react")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") != "emoji" or reaction.get("emoji", "").replace("\ufe0f", "") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    message.reactions[0] = reactions
    world.bell.ring()
    return True
