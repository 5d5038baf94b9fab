"""What a message of the bot shows, packed into the data of its buttons: so that nothing of it need be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from bot.codes import LENGTH, code

Pane = Literal["short", "details", "sources"]
_PANES: dict[str, Pane] = {"s": "short", "d": "details", "o": "sources"}
_LETTERS = {pane: letter for letter, pane in _PANES.items()}
_LOOK = re.compile(r"([sdo])(\d{0,2})(\+?)")


@dataclass(frozen=True)
class Shown:
    """An answer as one message shows it.

    `entry` is none where entries are only offered; `others` are those that may be meant instead. `state` is the code of
    a US state. `card` names the crisis card whose lines stand above. `page` counts the pages of the sources from 0.
    `rated` says that somebody has said whether it helped.
    """

    entry: str | None
    language: str
    pane: Pane = "short"
    page: int = 0
    rated: bool = False
    state: str = ""
    card: str = ""
    others: tuple[str, ...] = ()

    def packed(self) -> tuple[str, ...]:
        """The parts that stand for it in a button's data."""
        look = f"{_LETTERS[self.pane]}{self.page or ''}{'+' if self.rated else ''}"
        others = "".join(map(code, self.others))
        return (look, code(self.entry) if self.entry else "", self.language, self.state, self.card, others)

    @classmethod
    def unpacked(cls, parts: tuple[str, ...], ids: Mapping[str, str]) -> Self | None:
        """What the parts stand for; None where an entry is gone or no button of this version has such parts.

        `ids` gives each entry's id by its short name. Others that are gone are left out.
        """
        try:
            look, entry, language, state, card, others = parts
        except ValueError:
            return None
        found = _LOOK.fullmatch(look)
        if not found or (entry and entry not in ids):
            return None
        codes = (others[at : at + LENGTH] for at in range(0, len(others), LENGTH))
        return cls(
            entry=ids.get(entry),
            language=language,
            pane=_PANES[found[1]],
            page=int(found[2] or 0),
            rated=bool(found[3]),
            state=state,
            card=card,
            others=tuple(ids[one] for one in codes if one in ids),
        )
