"""The Telegram bot: what it listens to, in which order, and how it starts and stops."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import Any

import structlog
from telegram import LinkPreviewOptions, Update
from telegram.error import InvalidToken, NetworkError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    ChatMemberHandler,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from answers import Answerer
from bot.arrivals import Arrivals
from bot.config import Config, ConfigError
from bot.failures import CONFLICT, Failures, unreachable
from bot.groups import Groups
from bot.guests import Guests
from bot.inline import InlineMode
from bot.limiter import UNLIMITED, Limiter
from bot.membership import Membership
from bot.people import People
from bot.private import PrivateChat
from bot.profile import set_profile
from bot.sending import Sender
from bot.storage import Storage
from bot.transport import AiohttpRequest
from bot.turns import AT_ONCE, InTurn

log = structlog.get_logger(__name__)

ARRIVALS = "arrivals"
"""In the application's data: what decides which updates are handled."""
LISTENS_TO = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
    Update.GUEST_MESSAGE,
]

_IN_GROUPS = filters.ChatType.GROUPS & (filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE)
_PUBLIC = _IN_GROUPS | filters.UpdateType.CHANNEL_POSTS


class Service(Application[Any, Any, Any, Any, Any, Any]):
    """The application, which says why it does not start."""

    async def initialize(self) -> None:
        """Ask Telegram who the bot is. Whoever calls this tries again after a `NetworkError`."""
        try:
            await super().initialize()
        except InvalidToken:
            raise ConfigError(
                "Telegram does not know this token. Copy it again from @BotFather into KRATOM_ANSWERS_TELEGRAM__TOKEN."
            ) from None
        except NetworkError as error:
            unreachable(error)
            raise

    async def process_update(self, update: object) -> None:
        """Handle an update, unless it was handled before or is too old."""
        arrivals = self.bot_data[ARRIVALS]
        if not isinstance(update, Update):
            await super().process_update(update)
        elif arrivals.lets_in(update):
            await super().process_update(update)
            arrivals.done(update)

    async def shutdown(self) -> None:
        """Close all connections, also those of a start that did not succeed."""
        await super().shutdown()
        await self.bot.shutdown()


os.environ.setdefault("PTB_TIMEDELTA", "true")
"""Makes the library give times as timedelta, as it will by itself one day, without a warning each time."""


def serve(config: Config, answerer: Answerer) -> None:
    """Run the bot by long polling until it is told to stop.

    Raises `ConfigError` when Telegram refuses the token, or when another program polls with it.
    """
    log.info("Starting on Telegram by long polling.", server=config.telegram.api_url)
    application = build(config, answerer)
    application.run_polling(allowed_updates=LISTENS_TO, bootstrap_retries=-1, drop_pending_updates=False)
    if CONFLICT in application.bot_data:
        raise ConfigError("Another program fetches this bot's messages with the same token. Stop it, then start again.")
    log.info("Stopped.")


def build(config: Config, answerer: Answerer) -> Application:  # type: ignore[type-arg]  # six parameters nobody reads
    """The application with its handlers, not yet started."""
    token = config.telegram.token
    if token is None:
        raise ConfigError("No Telegram token is set.")
    api = config.telegram.api_url.rstrip("/")

    storage = Storage(config.storage.url.get_secret_value())
    is_urgent = partial(_is_urgent, answerer)

    async def begin(application: Application) -> None:  # type: ignore[type-arg]
        await asyncio.gather(storage.open(), set_profile(application.bot, answerer.library))

    async def end(_: Application) -> None:  # type: ignore[type-arg]
        await storage.close()

    application = (
        ApplicationBuilder()
        .application_class(Service)
        .token(token.get_secret_value())
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .request(AiohttpRequest(connections=2 * AT_ONCE))  # so that emergencies find a free one when Telegram is slow
        .get_updates_request(AiohttpRequest(connections=1))
        .rate_limiter(Limiter() if config.telegram.limits else Limiter(UNLIMITED, UNLIMITED, UNLIMITED))
        .concurrent_updates(InTurn(is_urgent))
        .post_init(begin)
        .post_shutdown(end)
        .build()
    )
    sender = Sender(answerer.library)
    people = People(answerer.library, storage)
    private = PrivateChat(answerer, sender, people, storage)
    groups = Groups(answerer, sender, people, storage)
    membership = Membership(answerer.library, groups, storage)
    arrivals = Arrivals(storage, is_urgent)
    application.bot_data[ARRIVALS] = arrivals
    application.add_handlers(
        [
            *private.handlers,
            MessageHandler(filters.StatusUpdate.MIGRATE, membership.migrated),
            MessageHandler(_PUBLIC, groups.heard),
            MessageHandler(filters.UpdateType.GUEST_MESSAGE, Guests(answerer, people).called),
            ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
            InlineQueryHandler(InlineMode(answerer, people).asked),
        ]
    )

    application.add_error_handler(Failures(arrivals, private).failed)
    return application


def _is_urgent(answerer: Answerer, text: str) -> bool:
    return answerer.urgency(text) is not None
