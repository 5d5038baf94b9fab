"""The Telegram bot: what it listens to, in which order, and how it starts and stops."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import Any

import structlog
from telegram import BotCommand, LinkPreviewOptions, Update
from telegram.constants import ChatType
from telegram.error import Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)

from answers import Answerer
from answers.wording import Wording
from bot.chat import Chat
from bot.config import Config, ConfigError
from bot.groups import Groups
from bot.limiter import UNLIMITED, Limiter
from bot.sending import Sender
from bot.transport import AiohttpRequest
from bot.turns import AT_ONCE, InTurn

log = structlog.get_logger(__name__)

CONFLICT = "conflict"
"""Set in the application's data when another program polls with the same token."""
LISTENS_TO = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]

_READABLE = filters.TEXT | filters.CAPTION
_NEW, _EDITED = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
_PRIVATE, _GROUPS = filters.ChatType.PRIVATE, filters.ChatType.GROUPS


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
            _unreachable(error)
            raise

    async def shutdown(self) -> None:
        """Close all connections, also those of a start that did not succeed."""
        await super().shutdown()
        await self.bot.shutdown()


def _unreachable(error: NetworkError) -> None:
    log.warning("Telegram cannot be reached; trying again.", error=type(error).__name__)


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

    async def set_commands(application: Application) -> None:  # type: ignore[type-arg]
        await _set_commands(application, answerer.library.wording["en"])

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
        .concurrent_updates(InTurn(lambda text: answerer.urgency(text) is not None))
        .post_init(set_commands)
        .build()
    )
    sender = Sender(answerer.library)
    chat, groups = Chat(answerer, sender), Groups(answerer, sender)
    application.add_handlers(
        [
            CommandHandler("start", chat.start, _NEW),
            CommandHandler("help", chat.help, _NEW),
            MessageHandler(_EDITED & _READABLE, chat.edited),
            MessageHandler(_NEW & _PRIVATE & _READABLE, chat.question),
            MessageHandler(_NEW & _PRIVATE & ~filters.StatusUpdate.ALL, chat.unreadable),
            MessageHandler(_NEW & _GROUPS & _READABLE, groups.heard),
            CallbackQueryHandler(chat.pressed),
        ]
    )

    async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if isinstance(context.error, Conflict):
            context.bot_data[CONFLICT] = True
            logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)  # its last fetch is refused likewise
            application.stop_running()
        elif isinstance(context.error, NetworkError) and update is None:
            _unreachable(context.error)
        elif isinstance(context.error, Forbidden):
            log.info("A reply was not wanted: the bot is blocked or was removed.")
        else:
            log.error("An update could not be handled.", exc_info=context.error)
            message = update.effective_message if isinstance(update, Update) else None
            if message and message.chat.type == ChatType.PRIVATE and not isinstance(context.error, RetryAfter):
                with suppress(TelegramError):
                    await chat.sorry(message)

    application.add_error_handler(failed)
    return application


async def _set_commands(application: Application, wording: Wording) -> None:  # type: ignore[type-arg]
    """Set the menu of commands, only where it differs: Telegram limits how often that may be done."""
    wanted = tuple(BotCommand(name, what) for name, what in wording.telegram.commands.items())
    try:
        if await application.bot.get_my_commands() != wanted:
            await application.bot.set_my_commands(wanted)
    except TelegramError as error:  # the bot answers without its menu, too
        log.warning("The menu of commands could not be set.", error=type(error).__name__)
