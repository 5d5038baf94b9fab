"""What each method of the Bot API accepts and does, by name: importing this fills the table."""

from __future__ import annotations

from . import editing, members, profile, queries, receiving, sending, session
from .method_table import HANDLERS

__all__ = ["HANDLERS", "editing", "members", "profile", "queries", "receiving", "sending", "session"]
