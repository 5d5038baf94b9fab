"""What the server makes of a text and its formatting, and what it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import html, links
from .entities import Entity, find, nest, trim, units
from .refusals import bad_request

if TYPE_CHECKING:
    from .world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_SOURCE = 1 << 15
_KINDS = frozenset((
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
    "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
    "custom_emoji", "date_time",
))  # fmt: skip
_FOUND_BY_SERVER = frozenset(("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"))


@dataclass
class Formatted:
    """A text with the entities that Telegram keeps, in the Bot API's form."""

    text: str
    entities: list[dict[str, Any]]

    def fields(self, text: str, entities: str) -> dict[str, Any]:
        """Take the names of the two fields; give those of a message that holds this text."""
        return {text: self.text} | ({entities: self.entities} if self.entities else {})


def formatted(world: World, source: str, parse_mode: str, entities: Any, method: str) -> Formatted:
    """Take a text as a call gives it; give it as Telegram keeps it, or refuse it."""
    if len(source.encode("utf-8", "surrogatepass")) > LONGEST_SOURCE:
        raise bad_request("text is too long")
    text, found = _parsed(world, source, parse_mode, method) if parse_mode else (source, _listed(source, entities))
    text, found = trim(text, found)
    kept, dropped = nest(found)
    for reason in dropped:
        world.violations.add("formatting dropped", reason, method)
    return Formatted(text, [_shown(world, entity) for entity in find(text, kept)])


def message_text(world: World, source: str, parse_mode: str, entities: Any, method: str) -> Formatted:
    """Take the text of a message as a call gives it; give it as Telegram keeps it, or refuse it."""
    if not source:
        raise bad_request("message text is empty")
    result = formatted(world, source, parse_mode, entities, method)
    if not result.text:
        raise bad_request("text must be non-empty")
    if len(result.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return result


def caption(world: World, source: str, parse_mode: str, entities: Any, method: str) -> Formatted:
    """Take a caption as a call gives it; give it as Telegram keeps it, or refuse it."""
    result = formatted(world, source, parse_mode, entities, method)
    if len(result.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return result


def _parsed(world: World, source: str, parse_mode: str, method: str) -> tuple[str, list[Entity]]:
    if parse_mode.lower() in ("markdown", "markdownv2"):
        world.violations.add("stand-in", f"{parse_mode} is taken as plain text: only HTML is parsed", method)
        return source, []
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    try:
        parsed = html.parse(source)
    except html.HtmlError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    for reason in parsed.dropped:
        world.violations.add("formatting dropped", reason, method)
    return parsed.text, [e for e in parsed.entities if e.type != "text_mention" or e.user_id in world.users]


def _listed(source: str, given: Any) -> list[Entity]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array of message entities")
    return [entity for fields in given if (entity := _entity(source, fields))]


def _entity(source: str, fields: Any) -> Entity | None:
    if not isinstance(fields, dict) or not isinstance(fields.get("type"), str):
        raise bad_request('can\'t parse MessageEntity: field "type" must be of type String')
    kind, offset, length = fields["type"], fields.get("offset"), fields.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('can\'t parse MessageEntity: field "offset" must be of type Number')
    if kind not in _KINDS:
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    if kind in _FOUND_BY_SERVER or length <= 0 or offset < 0:
        return None
    _check_bounds(source, offset, offset + length)
    url = fields.get("url", "")
    if kind == "text_link":
        try:
            url = links.checked(url)
        except links.WrongLinkError:
            return None
    user = fields.get("user", {}).get("id", 0) if kind == "text_mention" else 0
    return Entity(kind, offset, length, url, fields.get("language", ""), user, fields.get("custom_emoji_id", ""))


def _check_bounds(source: str, start: int, end: int) -> None:
    total = units(source)
    if end > total:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )
    starts = {0}
    at = 0
    for letter in source:
        at += units(letter)
        starts.add(at)
    if start not in starts:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")
    if end not in starts:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}"
        )


def _shown(world: World, entity: Entity) -> dict[str, Any]:
    fields = entity.json()
    if entity.user_id:
        fields["user"] = world.users[entity.user_id].json()
    return fields
