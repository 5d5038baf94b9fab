"""What the server keeps of formatting: UTF-16 counting, the rules of nesting, and the entities it finds by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

MOST_ENTITIES = 100
SUPPLEMENTARY = 0x10000
_CODE = {"code", "pre"}
_QUOTES = {"blockquote", "expandable_blockquote"}
_NO_FINDING_IN = {"code", "pre", "text_link", "text_mention", "custom_emoji"}
_RANK = ("expandable_blockquote", "blockquote", "pre", "code", "text_link", "text_mention", "bold", "italic")
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("email", re.compile(r"(?<![\w.@/-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("url", re.compile(r"(?:https?://|(?<![\w@.])(?:t\.me|www\.\w+\.\w+)/)[^\s<>\"]*[^\s<>\".,;:!?)\]'»]")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


@dataclass(frozen=True)
class Entity:
    """One formatted stretch of a text; offset and length are UTF-16 units, as the Bot API counts."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    user_id: int = 0
    custom_emoji_id: str = ""
    unix_time: int = 0

    @property
    def end(self) -> int:
        """Give the offset just past the entity."""
        return self.offset + self.length

    def json(self) -> dict[str, Any]:
        """Give the Bot API's object, without the fields that this type does not have."""
        fields: dict[str, Any] = {"type": self.type, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "custom_emoji_id", "unix_time"):
            if getattr(self, name):
                fields[name] = getattr(self, name)
        return fields


def units(text: str) -> int:
    """Take a text; give its length in UTF-16 units."""
    return len(text) + sum(ord(letter) >= SUPPLEMENTARY for letter in text)


def cut(text: str, offset: int, length: int) -> str:
    """Take a text and a stretch in UTF-16 units; give the stretch as text."""
    return text.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def in_order(entities: list[Entity]) -> list[Entity]:
    """Take entities; give them as Telegram orders them: earlier first, and of two that begin together the longer."""
    return sorted(entities, key=lambda e: (e.offset, -e.length, _RANK.index(e.type) if e.type in _RANK else len(_RANK)))


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Take a text with entities; give both without the white space at either end that Telegram removes.

    White space that opens inside an entity stays, as in a code block that begins with an indent.
    """
    text = text.rstrip()
    end = units(text)
    kept = [replace(e, length=min(e.length, end - e.offset)) for e in entities if e.offset < end]
    lead = len(text) - len(text.lstrip())
    if kept:
        lead = min([lead, *(e.offset for e in kept)])
    return text[lead:], [replace(e, offset=e.offset - lead) for e in kept if e.length > 0]


def nest(entities: list[Entity]) -> tuple[list[Entity], list[str]]:
    """Take entities; give those that Telegram keeps, and a sentence for each that it drops in silence.

    Code takes no other formatting inside or around it, save a quotation around it; a quotation takes no quotation.
    """
    kept: list[Entity] = []
    dropped: list[str] = []
    for entity in in_order(entities):
        clash = next((k for k in kept if entity.offset < k.end and k.offset < entity.end and _clash(k, entity)), None)
        if clash is None:
            kept.append(entity)
        elif entity.type in _CODE and clash.type not in _CODE | _QUOTES:
            kept[kept.index(clash)] = entity
            dropped.append(f"{clash.type} around {entity.type} is dropped")
        else:
            dropped.append(f"{entity.type} inside {clash.type} is dropped")
    if len(kept) > MOST_ENTITIES:
        dropped.append(f"{len(kept)} entities: those beyond {MOST_ENTITIES} are dropped")
    return in_order(kept)[:MOST_ENTITIES], dropped


def _clash(one: Entity, other: Entity) -> bool:
    if one.type in _QUOTES and other.type in _QUOTES:
        return True
    if one.type in _QUOTES or other.type in _QUOTES:
        return False
    return one.type in _CODE or other.type in _CODE or one.type == other.type


def find(text: str, entities: list[Entity]) -> list[Entity]:
    """Take a text with its entities; give them with the commands, mentions, links and the like that it holds."""
    taken = [(e.offset, e.end) for e in entities if e.type in _NO_FINDING_IN]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = units(text[: match.start()]), units(text[: match.end()])
            if all(end <= low or high <= start for low, high in taken):
                found.append(Entity(kind, start, end - start))
                taken.append((start, end))
    return in_order(entities + found)
