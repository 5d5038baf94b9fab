"""Methods for what people see of the bot: its name, its descriptions, its commands and its menu button."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from . import access
from .access import Need
from .method_table import method
from .refusals import bad_request

if TYPE_CHECKING:
    from .arguments import Arguments
    from .world import World

MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_COMMAND_DESCRIPTION = 256
LONGEST_NAME = 64
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", *_CHAT_SCOPES)


def _scope(world: World, call: Arguments) -> tuple[str, str]:
    scope = call.json("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind in _CHAT_SCOPES:
        access.chat(world, type(call)(call.method, scope), Need.MEMBERS)
    return json.dumps(scope, sort_keys=True), _language(call)


def _language(call: Arguments) -> str:
    code = call.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _command(world: World, fields: Any, method_name: str) -> dict[str, str]:
    for name in world.spec.odd_fields("BotCommand", fields):
        world.violations.add("unknown field", f"BotCommand has no {name!r}", method_name)
    if not isinstance(fields, dict) or not isinstance(fields.get("command"), str):
        raise bad_request("can't parse BotCommand: can't find field \"command\"")
    name, description = fields["command"].strip().removeprefix("/"), str(fields.get("description", "")).strip()
    if not name:
        raise bad_request("command must not be empty")
    if len(name) > LONGEST_COMMAND:
        raise bad_request("command length must not exceed 32")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must not be empty")
    if len(description) > LONGEST_COMMAND_DESCRIPTION:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


@method("setMyCommands")
def set_my_commands(world: World, call: Arguments) -> bool:
    """Set the commands for a scope and a language."""
    given = call.json("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(world, fields, call.method) for fields in given]
    world.bot.commands[_scope(world, call)] = commands
    return True


@method("getMyCommands")
def get_my_commands(world: World, call: Arguments) -> list[dict[str, str]]:
    """Give the commands of a scope and a language."""
    return world.bot.commands.get(_scope(world, call), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, call: Arguments) -> bool:
    """Forget the commands of a scope and a language."""
    world.bot.commands.pop(_scope(world, call), None)
    return True


def _set(call: Arguments, kept: dict[str, str], field: str, longest: int) -> bool:
    text, language = call.text(field), _language(call)
    if len(text) > longest:
        raise bad_request(f"bot {field.replace('_', ' ')} length must not exceed {longest}")
    if text:
        kept[language] = text
    else:
        kept.pop(language, None)
    return True


def _get(call: Arguments, kept: dict[str, str], field: str, default: str = "") -> dict[str, str]:
    return {field: kept.get(_language(call), kept.get("", default))}


@method("setMyName")
def set_my_name(world: World, call: Arguments) -> bool:
    """Set the bot's name for a language."""
    return _set(call, world.bot.names, "name", LONGEST_NAME)


@method("getMyName")
def get_my_name(world: World, call: Arguments) -> dict[str, str]:
    """Give the bot's name for a language."""
    return _get(call, world.bot.names, "name", world.bot.first_name)


@method("setMyDescription")
def set_my_description(world: World, call: Arguments) -> bool:
    """Set what an empty chat with the bot shows."""
    return _set(call, world.bot.descriptions, "description", LONGEST_DESCRIPTION)


@method("getMyDescription")
def get_my_description(world: World, call: Arguments) -> dict[str, str]:
    """Give what an empty chat with the bot shows."""
    return _get(call, world.bot.descriptions, "description")


@method("setMyShortDescription")
def set_my_short_description(world: World, call: Arguments) -> bool:
    """Set what the bot's profile shows."""
    return _set(call, world.bot.short_descriptions, "short_description", LONGEST_SHORT_DESCRIPTION)


@method("getMyShortDescription")
def get_my_short_description(world: World, call: Arguments) -> dict[str, str]:
    """Give what the bot's profile shows."""
    return _get(call, world.bot.short_descriptions, "short_description")


@method("setChatMenuButton")
def set_chat_menu_button(world: World, call: Arguments) -> bool:
    """Set the menu button of a private chat, or of all."""
    button = call.json("menu_button", "MenuButton") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: invalid type specified")
    where = access.chat(world, call, Need.READ).id if "chat_id" in call else 0
    world.bot.menu_buttons[where] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, call: Arguments) -> dict[str, Any]:
    """Give the menu button of a private chat, or of all."""
    general = world.bot.menu_buttons.get(0, {"type": "commands"})
    return world.bot.menu_buttons.get(call.integer("chat_id"), general)
