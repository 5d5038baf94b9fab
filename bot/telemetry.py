"""Logs on standard error: no message texts, no names, and no secret in any library's lines."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

from bot.config import Log

_LOOKS_LIKE_ONE = r"[0-9]{5,}(?::|%3A)[A-Za-z0-9_-]{20,}"
REDACTED = "[token]"


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Takes secrets out of the finished line, so that none comes through in whatever part of it."""

    def __init__(self, secret: str | None, **options: Any) -> None:
        super().__init__(**options)
        known = re.escape(secret).replace(":", "(?::|%3A)") if secret else _LOOKS_LIKE_ONE
        self._secrets = re.compile(f"{known}|{_LOOKS_LIKE_ONE}", re.IGNORECASE)

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.sub(REDACTED, super().format(record))


def configure(log: Log, *, secret: str | None = None) -> None:
    """Send every logger's lines, structlog's and the standard library's, through one formatter without secrets.

    Whatever looks like a bot's token is taken out, and `secret` wherever it stands.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = structlog.processors.JSONRenderer()
    if log.format == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Formatter(
            secret,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.raiseExceptions = False  # a line that cannot be formatted would be printed as it is
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log.level.upper())
    # The lower levels of some print addresses with the token, or what is written to the database.
    for chatty in ("httpx", "httpcore", "telegram", "apscheduler", "alembic", "aiosqlite", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
