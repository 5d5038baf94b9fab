"""What people post, and which of it reaches the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .entities import cut, find
from .people import ANONYMOUS_ADMIN, CHANNEL_ACCOUNT, SERVICE_ACCOUNT

if TYPE_CHECKING:
    from .chats import Chat
    from .messages import Message
    from .people import User
    from .world import World


def said(text: str, name: str = "text") -> dict[str, Any]:
    """Take a text and the field it goes into; give that field with the entities that Telegram finds in it."""
    if not text:
        return {}
    entities = [entity.json() for entity in find(text, [])]
    kept = "entities" if name == "text" else f"{name}_entities"
    return {name: text} | ({kept: entities} if entities else {})


def sender(
    world: World, chat: Chat, user: User | None, *, anonymous: bool = False, via: Chat | None = None
) -> dict[str, Any]:
    """Take who posts where and how; give the fields of a message that say so.

    An anonymous administrator posts in the group's name, `via` a channel in the channel's, and nobody at all is the
    service account that forwards a linked channel's posts.
    """
    if chat.kind == "channel":
        return {"sender_chat": chat.json()}
    if anonymous and user:
        fields = {"from": world.users[ANONYMOUS_ADMIN].json(), "sender_chat": chat.json()}
        title = chat.member(user).custom_title
        return fields | ({"author_signature": title} if title else {})
    if via:
        return {"from": world.users[CHANNEL_ACCOUNT].json(), "sender_chat": via.json()}
    return {"from": (user or world.users[SERVICE_ACCOUNT]).json()}


def post(
    world: World,
    chat: Chat,
    content: dict[str, Any],
    *,
    reply_to: Message | None = None,
    topic: int = 0,
    ago: float = 0,
) -> Message:
    """Take a chat and a message's fields; put it there and tell the bot if it may see it. Give the message."""
    shown = _shown_reply(chat, reply_to, topic)
    message = world.put(chat, content | _thread(chat, reply_to, topic), ago=ago, reply_to=shown)
    if sees(world, message):
        world.tell("channel_post" if chat.kind == "channel" else "message", message.json(), chat)
    return message


def _thread(chat: Chat, reply_to: Message | None, topic: int) -> dict[str, Any]:
    if topic:
        return {"message_thread_id": topic, "is_topic_message": True}
    if reply_to is None or chat.kind != "supergroup" or reply_to.chat is not chat:
        return {}
    if reply_to.topic:
        return {"message_thread_id": reply_to.topic, "is_topic_message": True}
    return {"message_thread_id": reply_to.content.get("message_thread_id", reply_to.id)}


def _shown_reply(chat: Chat, reply_to: Message | None, topic: int) -> Message | None:
    if reply_to is None and topic:
        return chat.topics[topic].opening
    return reply_to if reply_to is None or reply_to.chat is chat else None


def to_discussion(world: World, message: Message) -> None:
    """Take a channel's post; where the channel has a discussion group, have the service account forward it there."""
    group = message.chat.linked
    if group is None:
        return
    source = {"type": "channel", "date": message.date, "chat": message.chat.json(), "message_id": message.id}
    fields = {"sender_chat": message.chat.json(), "is_automatic_forward": True, "forward_origin": source}
    post(world, group, sender(world, group, None) | message.content | fields)


def edit(world: World, message: Message, fields: dict[str, Any]) -> None:
    """Take a message and its new fields; change it and tell the bot if it may see it."""
    old = ("text", "entities", "caption", "caption_entities")
    message.content = {name: value for name, value in message.content.items() if name not in old} | fields
    message.edit_date = world.now()
    if sees(world, message):
        kind = "edited_channel_post" if message.chat.kind == "channel" else "edited_message"
        world.tell(kind, message.json(), message.chat)


def sees(world: World, message: Message) -> bool:
    """Take a message; say whether Telegram shows it to the bot, by membership and by privacy mode."""
    chat, content = message.chat, message.content
    if chat.user:
        return not chat.user.blocked
    me = chat.member(world.bot)
    if not me.present or chat.kind == "channel":
        return me.present
    if _is_another_bot(world, content):
        return False
    if me.is_admin or world.bot.can_read_all_group_messages:
        return True
    return _replies_to_bot(message) or content.get("via_bot", {}).get("id") == world.bot.id or _names(world, message)


def _is_another_bot(world: World, content: dict[str, Any]) -> bool:
    author = content.get("from", {})
    return bool(author.get("is_bot")) and author["id"] not in (ANONYMOUS_ADMIN, CHANNEL_ACCOUNT, world.bot.id)


def _replies_to_bot(message: Message) -> bool:
    return message.reply_to is not None and message.reply_to.by_bot


def _names(world: World, message: Message) -> bool:
    mine = f"@{world.bot.username}".casefold()
    for entity in message.entities:
        part = cut(message.text, entity["offset"], entity["length"]).casefold()
        if entity["type"] == "mention" and part == mine:
            return True
        if entity["type"] == "bot_command" and ("@" not in part or part.endswith(mine)):
            return True
    return False
