"""Reply markup: what the server refuses in it, and what it drops without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import links
from .refusals import bad_request

if TYPE_CHECKING:
    from .arguments import Arguments
    from .chats import Chat
    from .world import World

MOST_DATA_BYTES = 64
MOST_COPIED = 256
MOST_BUTTONS = 100
MOST_IN_ROW = 8
_STYLES = ("", "danger", "success", "primary")
_ACTIONS = (
    "url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat", "copy_text", "web_app",
    "switch_inline_query_chosen_chat", "login_url", "callback_game", "pay",
)  # fmt: skip


def read(world: World, given: Arguments, chat: Chat | None, *, only_inline: bool = False) -> dict[str, Any] | None:
    """Take a call's reply_markup; give it as Telegram keeps it, or None where there is none."""
    markup = given.json("reply_markup", "reply keyboard markup")
    return checked(world, markup, chat, given.method, only_inline=only_inline)


def checked(
    world: World, markup: Any, chat: Chat | None, method: str, *, only_inline: bool = False
) -> dict[str, Any] | None:
    """Take a reply markup as JSON; give it as Telegram keeps it, or refuse it."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if markup.get("inline_keyboard"):
        return _inline(world, markup, method)
    if only_inline and any(markup.get(name) for name in ("keyboard", "remove_keyboard", "force_reply")):
        raise bad_request("inline keyboard expected")
    if markup.get("keyboard"):
        return _plain(world, markup, chat, method)
    for name, kind in (("remove_keyboard", "ReplyKeyboardRemove"), ("force_reply", "ForceReply")):
        if markup.get(name):
            _strangers(world, kind, markup, method)
            return dict(markup)
    return None


def _strangers(world: World, kind: str, given: Any, method: str) -> None:
    for name in world.spec.odd_fields(kind, given):
        world.violations.add("unknown field", f"{kind} has no {name!r}", method)


def _inline(world: World, markup: dict[str, Any], method: str) -> dict[str, Any] | None:
    _strangers(world, "InlineKeyboardMarkup", markup, method)
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    kept = []
    for row in rows:
        if len(row) > MOST_IN_ROW:
            world.violations.add("wide keyboard", f"{len(row)} buttons in a row; clients show {MOST_IN_ROW}", method)
        buttons = [_button(world, button, method) for button in row]
        kept.append([button for button in buttons if button["text"].strip()])
        if len(kept[-1]) < len(buttons):
            world.violations.add("button dropped", "a button without a text is dropped", method)
    return {"inline_keyboard": [row for row in kept if row]} if any(kept) else None


def _button(world: World, button: Any, method: str) -> dict[str, Any]:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(prefix + "InlineKeyboardButton must be an Object")
    _strangers(world, "InlineKeyboardButton", button, method)
    if not isinstance(button.get("text"), str):
        raise bad_request(prefix + 'can\'t find field "text"')
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad_request(prefix + "text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        world.violations.add("button does two things", f"{button['text']!r} has {' and '.join(actions)}", method)
    if button.get("style", "") not in _STYLES:
        raise bad_request(prefix + "invalid button style specified")
    return dict(button) | _checked_action(world, button, actions[0], method)


def _checked_action(world: World, button: dict[str, Any], action: str, method: str) -> dict[str, Any]:
    value = button[action]
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "copy_text":
        _strangers(world, "CopyTextButton", value, method)
        if not isinstance(value, dict) or not 1 <= len(str(value.get("text", ""))) <= MOST_COPIED:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "url":
        payload = links.start_payload(value)
        if payload is not None and not links.is_payload(payload):
            world.violations.add("deep link", f"Telegram does not carry the payload {payload!r}", method)
        return {"url": value if links.user_id(value) else _url(value, "inline keyboard button URL")}
    if action in ("web_app", "login_url"):
        kind = "Web App" if action == "web_app" else "login"
        _url(value.get("url", ""), f"inline keyboard button {kind} URL", https_only=True)
    return {}


def _url(value: str, what: str, *, https_only: bool = False) -> str:
    try:
        return links.checked(value, https_only=https_only)
    except links.WrongLinkError as reason:
        raise bad_request(f"{what} '{value}' is invalid: {reason}") from None


def _plain(world: World, markup: dict[str, Any], chat: Chat | None, method: str) -> dict[str, Any]:
    _strangers(world, "ReplyKeyboardMarkup", markup, method)
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        fields = {"text": button} if isinstance(button, str) else button
        _strangers(world, "KeyboardButton", fields, method)
        if not fields.get("text"):
            raise bad_request("can't parse keyboard button: can't find field \"text\"")
        for name, what in (("request_contact", "phone number"), ("request_location", "location")):
            if fields.get(name) and chat and chat.kind != "private":
                raise bad_request(f"{what} can be requested in private chats only")
    return dict(markup)
