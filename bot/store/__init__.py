"""What the bot keeps: in a SQLite file by default, in PostgreSQL by its URL.

    async with await Store.open("sqlite:///kratom-answers.db") as store:
        handled = await Handled.load(store)
        if update_id not in handled:                          # Telegram may deliver an update anew
            country = (await store.user(42)).country          # None: not chosen
            if await store.set_country(42, "DE", update_id=update_id):
                …                                             # it was not set by this very update before
            handled.add(update_id)                            # in memory now, in the database within a moment
        await store.purge(datetime.now(UTC))                  # once a day
        await handled.close()

Every method raises `StoreError` in a few seconds at most if the database cannot be used; answers do not depend on it,
so whoever calls carries on with the defaults. `bot.store.tables` says what is kept, `bot.store.retention` how long.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.store.errors import StoreError
from bot.store.records import FeedbackCount, Forgotten, Group, GroupChange, Held, Question, User, Verdict

if TYPE_CHECKING:
    from bot.store.handled import Handled
    from bot.store.store import Store

__all__ = [
    "FeedbackCount",
    "Forgotten",
    "Group",
    "GroupChange",
    "Handled",
    "Held",
    "Question",
    "Store",
    "StoreError",
    "User",
    "Verdict",
]

_HOMES = {"Handled": "bot.store.handled", "Store": "bot.store.store"}


def __getattr__(name: str) -> Any:
    # The database's libraries take half a second to import, and most commands of the program need no database.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
