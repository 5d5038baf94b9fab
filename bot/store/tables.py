"""What is kept, and nothing else: no names, and no text but questions that their senders gave to the curators."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

from bot.store.records import Verdict


class Instant(TypeDecorator[datetime]):
    """A point in time, in UTC. SQLite keeps no time zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a time without a zone: nobody could say when it was."""
        if value is not None and value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say that it is UTC."""
        given: datetime | None = value
        if given is None:
            return None
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("country", String(2)),
    Column("language", Text),
    Column("changed", Instant, nullable=False),
)
"""By Telegram's user id. A row exists only where something is set."""

feedback = Table(
    "feedback",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("verdict", Text, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("count", Integer, nullable=False),
    CheckConstraint(f"verdict IN {get_args(Verdict)}", name="feedback_verdict"),
)
"""Never who."""

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("asked", Instant, nullable=False),
)
"""The user id is there so that /forget finds them; the curators do not see it."""

handled = Table(
    "handled",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
)
"""Updates that must not be handled again: Telegram delivers one anew for 24 hours until it is confirmed."""

groups = Table(
    "groups",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answers_unasked", Boolean, nullable=False, server_default=false()),
    Column("unasked_every", Integer, nullable=False),
    Column("moderators_chat", BigInteger),
    Column("moderators_thread", BigInteger),
    Column("changed", Instant, nullable=False),
)
