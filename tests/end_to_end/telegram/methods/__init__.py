"""What each method of the Bot API accepts and does, by name."""

from __future__ import annotations

from . import editing, members, others, profile, queries, receiving, sending
from .table import HANDLERS

__all__ = ["HANDLERS", "editing", "members", "others", "profile", "queries", "receiving", "sending"]
