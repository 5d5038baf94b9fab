"""Methods that put a message into a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import access, keyboards, texts
from .access import Need
from .method_table import method
from .posting import to_discussion
from .refusals import Refusal, bad_request

if TYPE_CHECKING:
    from .arguments import Arguments
    from .chats import Chat
    from .messages import Message
    from .world import World

MOST_UPLOADED = 50 * 1024 * 1024
MOST_PHOTO = 10 * 1024 * 1024
ACTIONS = frozenset((
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note", "cancel",
))  # fmt: skip
NOT_COPIED = ("from", "sender_chat", "message_thread_id", "is_topic_message", "forward_origin", "via_bot")


def sent(world: World, call: Arguments, where: Chat, content: dict[str, Any], permission: str) -> Message:
    """Take a call, its chat and a message's content; send it as the bot and give the message, or refuse."""
    reply_to = access.replied(world, call, where)
    number = access.topic(world, call, where)
    markup = keyboards.read(world, call, where)
    access.may_send(world, where, permission)
    if reply_to and not number and reply_to.chat is where:
        number = reply_to.topic
    fields: dict[str, Any] = {"sender_chat": where.json()} if where.kind == "channel" else {"from": world.bot.json()}
    if number:
        fields |= {"message_thread_id": number, "is_topic_message": True}
        reply_to = reply_to or where.topics[number].opening
    message = world.put(
        where,
        fields | content,
        by_bot=True,
        reply_to=reply_to,
        markup=markup,
        protected=call.flag("protect_content"),
        silent=call.flag("disable_notification"),
    )
    where.unread.append(message)
    world.manners.sent(message, call.method)
    world.bell.ring()
    if where.kind == "channel":
        to_discussion(world, message)
    return message


@method("sendMessage")
def send_message(world: World, call: Arguments) -> dict[str, Any]:
    """Send a text."""
    text = texts.message_text(
        world, call.text("text"), call.text("parse_mode"), call.json("entities", "message entities"), call.method
    )
    where = access.chat(world, call, Need.WRITE)
    content = text.fields("text", "entities")
    previews_off = previews(world, call, content)
    message = sent(world, call, where, content, "can_send_messages")
    message.previews_off = previews_off
    return message.json()


def previews(world: World, call: Arguments, content: dict[str, Any]) -> bool:
    """Take a call that carries a text; say whether it switches link previews off, and note a link left with one."""
    options = call.json("link_preview_options", "link preview options") or {}
    for name in world.spec.odd_fields("LinkPreviewOptions", options):
        world.violations.add("unknown field", f"LinkPreviewOptions has no {name!r}", call.method)
    off = bool(options.get("is_disabled")) or call.flag("disable_web_page_preview")
    if options:
        content["link_preview_options"] = options
    if not off and any(entity["type"] in ("url", "text_link") for entity in content.get("entities", [])):
        world.violations.note("link preview", f"left on: {content['text'][:60]!r}", call.method)
    return off


@method("sendPhoto")
def send_photo(world: World, call: Arguments) -> dict[str, Any]:
    """Send a picture."""
    where = access.chat(world, call, Need.WRITE)
    file_id, size = _file(world, call, "photo", MOST_PHOTO)
    sizes = [{"file_id": file_id, "file_unique_id": f"u-{file_id}", "width": 640, "height": 480, "file_size": size}]
    return sent(world, call, where, {"photo": sizes} | _caption(world, call), "can_send_photos").json()


@method("sendDocument")
def send_document(world: World, call: Arguments) -> dict[str, Any]:
    """Send a file."""
    where = access.chat(world, call, Need.WRITE)
    file_id, size = _file(world, call, "document", MOST_UPLOADED)
    document: dict[str, Any] = {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": size}
    if upload := world.files.get(file_id):
        document |= {"file_name": upload.name, "mime_type": upload.content_type}
    return sent(world, call, where, {"document": document} | _caption(world, call), "can_send_documents").json()


def _caption(world: World, call: Arguments) -> dict[str, Any]:
    entities = call.json("caption_entities", "caption entities")
    text = texts.caption(world, call.text("caption"), call.text("parse_mode"), entities, call.method)
    return text.fields("caption", "caption_entities") if text.text else {}


def _file(world: World, call: Arguments, name: str, most: int) -> tuple[str, int]:
    upload = call.upload(name)
    if upload:
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > MOST_UPLOADED:
            raise Refusal(413, "Request Entity Too Large")
        if len(upload.data) > most:
            size = len(upload.data)
            raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {most} bytes")
        return world.store(upload), len(upload.data)
    given = call.text(name)
    if not given:
        raise bad_request(f"there is no {name} in the request")
    if given.startswith(("http://", "https://")):
        return f"file-{world.new_id()}", 0
    if given not in world.files:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return given, len(world.files[given].data)


@method("sendChatAction")
def send_chat_action(world: World, call: Arguments) -> bool:
    """Show what the bot is doing."""
    if call.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    where = access.chat(world, call, Need.WRITE)
    access.topic(world, call, where)
    where.actions.append(call.text("action"))
    world.bell.ring()
    return True


@method("forwardMessage")
def forward_message(world: World, call: Arguments) -> dict[str, Any]:
    """Forward a message."""
    original = access.message(world, call, Need.READ, "message to forward", "from_chat_id")
    where = access.chat(world, call, Need.WRITE)
    if original.protected:
        raise bad_request("message can't be forwarded")
    content = {name: value for name, value in original.content.items() if name not in NOT_COPIED}
    content["forward_origin"] = origin(original)
    return sent(world, call, where, content, "can_send_messages").json()


@method("copyMessage")
def copy_message(world: World, call: Arguments) -> dict[str, Any]:
    """Copy a message, with a new caption if the call gives one."""
    original = access.message(world, call, Need.READ, "message to copy", "from_chat_id")
    where = access.chat(world, call, Need.WRITE)
    if original.protected:
        raise bad_request("message can't be copied")
    content = {name: value for name, value in original.content.items() if name not in NOT_COPIED}
    if "caption" in call:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= _caption(world, call)
    return {"message_id": sent(world, call, where, content, "can_send_messages").id}


def origin(message: Message) -> dict[str, Any]:
    """Take a message; give the Bot API's MessageOrigin for a forward of it."""
    if known := message.content.get("forward_origin"):
        return dict(known)
    sender_chat = message.content.get("sender_chat")
    if sender_chat and sender_chat["type"] == "channel":
        return {"type": "channel", "date": message.date, "chat": sender_chat, "message_id": message.id}
    if sender_chat:
        return {"type": "chat", "date": message.date, "sender_chat": sender_chat}
    return {"type": "user", "date": message.date, "sender_user": message.content["from"]}
