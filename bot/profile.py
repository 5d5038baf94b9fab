"""What people see of the bot before they write to it: its descriptions and its menus, in each language.

Its name is left as its operator chose it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from answers import Library
from answers.wording import Profile

log = structlog.get_logger(__name__)


async def set_profile(bot: Bot, library: Library) -> None:
    """Set it where it differs, and only there: Telegram limits how often that may be done.

    What cannot be set is logged; the bot answers without it, too.
    """
    profiles = {code: library.wording[code].telegram.profile for code in library.spoken}
    setting = [_set(bot, profile, None if code == "en" else code) for code, profile in profiles.items()]
    await asyncio.gather(*setting)


async def _set(bot: Bot, profile: Profile, language: str | None) -> None:
    scopes: list[tuple[BotCommandScope, Mapping[str, str]]] = [
        (BotCommandScopeAllPrivateChats(), profile.commands),
        (BotCommandScopeAllGroupChats(), profile.group_commands),
        (BotCommandScopeAllChatAdministrators(), profile.admin_commands),
    ]
    try:
        for scope, commands in scopes:
            wanted = tuple(BotCommand(name, what) for name, what in commands.items())
            if await bot.get_my_commands(scope, language) != wanted:
                await bot.set_my_commands(wanted, scope, language)
        if (await bot.get_my_description(language)).description != profile.description:
            await bot.set_my_description(profile.description, language)
        if (await bot.get_my_short_description(language)).short_description != profile.short_description:
            await bot.set_my_short_description(profile.short_description, language)
    except TelegramError as error:
        log.warning("The bot's profile could not be set.", language=language or "en", error=type(error).__name__)
