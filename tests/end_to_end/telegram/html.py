"""Telegram's HTML: a strict reader that accepts, refuses and words its refusals as the server does.

It follows the server's rules, not those of browsers: sixteen tags, four named character references, attributes whose
values may be bare words, offsets of errors in bytes and of entities in UTF-16 units.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import links
from .entities import SUPPLEMENTARY, Entity

_SPACE = b" \t\r\n\0\v"
_TOKEN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
_TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_LONGEST_REFERENCE = 10
_HIGHEST_CODE = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_FOUR_BYTES = 0xF0
_CONTINUATION = range(0x80, 0xC0)


class HtmlError(ValueError):
    """Text that Telegram cannot parse; its text is what follows "can't parse entities: "."""


@dataclass
class Parsed:
    """A parsed text: the plain text, its entities, and a sentence for each thing that was dropped in silence."""

    text: str
    entities: list[Entity]
    dropped: list[str] = field(default_factory=list)


@dataclass
class _Open:
    tag: str
    argument: str
    date: int
    offset: int
    start: int


def parse(source: str) -> Parsed:
    """Take HTML in Telegram's dialect; give its plain text and entities, or raise HtmlError."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._bytes = source.encode("utf-8", "surrogatepass")
        self._at = 0
        self._out = bytearray()
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []
        self._dropped: list[str] = []

    def read(self) -> Parsed:
        if 0 in self._bytes:
            raise HtmlError("Text must not contain null bytes")
        while self._at < len(self._bytes):
            byte = self._bytes[self._at]
            if byte == ord("&") and (letter := self._reference()):
                self._offset += 1 + (ord(letter) >= SUPPLEMENTARY)
                self._out += letter.encode("utf-8", "surrogatepass")
            elif byte == ord("<"):
                self._tag()
            else:
                self._offset += (byte not in _CONTINUATION) + (byte >= _FOUR_BYTES)
                self._out.append(byte)
                self._at += 1
        if self._open:
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        entities = [replace(e, language="") if e.type == "code" else e for e in self._entities]
        return Parsed(self._text(), entities, self._dropped)

    def _text(self) -> str:
        try:
            return bytes(self._out).decode()
        except UnicodeDecodeError:
            raise HtmlError(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                "surrogate code units"
            ) from None

    def _here(self) -> int:
        return self._bytes[self._at] if self._at < len(self._bytes) else 0

    def _skip(self, letters: bytes, *, until: bool = False) -> bytes:
        start = self._at
        while self._at < len(self._bytes) and (self._bytes[self._at] in letters) != until:
            self._at += 1
        return self._bytes[start : self._at]

    def _reference(self) -> str:
        start = self._at
        self._at += 1
        letter = self._numbered() if self._here() == ord("#") else self._named()
        if letter and self._here() == ord(";"):
            self._at += 1
        if not letter:
            self._at = start
        return letter

    def _named(self) -> str:
        return _NAMED.get(self._skip(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), "")

    def _numbered(self) -> str:
        start = self._at - 1
        self._at += 1
        if self._here() == ord("x"):
            self._at += 1
            code = int(self._skip(b"0123456789abcdefABCDEF") or b"0", 16)
        else:
            code = int(self._skip(b"0123456789") or b"0")
        if code == 0 or code >= _HIGHEST_CODE or self._at - start >= _LONGEST_REFERENCE:
            return ""
        return chr(code)

    def _tag(self) -> None:
        begin = self._at
        self._at += 1
        if self._here() == ord("/"):
            self._at += 1
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = self._skip(_SPACE + b">", until=True).decode("utf-8", "replace").lower()
        if not self._here():
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        opened = _Open(tag, "", 0, self._offset, len(self._out))
        while self._here() != ord(">"):
            self._skip(_SPACE)
            if self._here() == ord(">"):
                break
            self._attribute(opened, begin)
        self._at += 1
        if tag == "span" and opened.argument != "spoiler":
            raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(opened)

    def _attribute(self, opened: _Open, begin: int) -> None:
        name = self._skip(_SPACE + b"=>/\"'", until=True).decode("utf-8", "replace")
        if not name:
            raise HtmlError(f'Empty attribute name in the tag "{opened.tag}" at byte offset {begin}')
        self._skip(_SPACE)
        if self._here() != ord("="):
            if not self._here():
                raise HtmlError(f'Unclosed start tag "{opened.tag}" at byte offset {begin}')
            if (opened.tag, name) == ("blockquote", "expandable"):
                opened.argument = "1"
            return
        self._at += 1
        self._skip(_SPACE)
        if not self._here():
            raise HtmlError(f'Unclosed start tag "{opened.tag}" at byte offset {begin}')
        value = self._quoted() if self._here() in b"'\"" else self._bare()
        if not self._here():
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        self._keep(opened, name, value)

    def _bare(self) -> str:
        begin = self._at
        value = self._skip(_TOKEN).decode().lower()
        if self._here() not in _SPACE + b">":
            raise HtmlError(f"Unexpected end of name token at byte offset {begin}")
        return value

    def _quoted(self) -> str:
        mark = self._here()
        self._at += 1
        value = bytearray()
        while self._here() not in (mark, 0):
            if self._here() == ord("&") and (letter := self._reference()):
                value += letter.encode("utf-8", "surrogatepass")
            else:
                value.append(self._here())
                self._at += 1
        if self._here() == mark:
            self._at += 1
        return bytes(value).decode("utf-8", "replace")

    @staticmethod
    def _keep(opened: _Open, name: str, value: str) -> None:
        match opened.tag, name:
            case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "format"):
                opened.argument = value
            case "code", "class" if value.startswith("language-"):
                opened.argument = value.removeprefix("language-")
            case "span", "class" if value.startswith("tg-"):
                opened.argument = value.removeprefix("tg-")
            case "blockquote", "expandable":
                opened.argument = "1"
            case "tg-time", "unix":
                opened.date = int(value) if value.isdigit() else 0

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            raise HtmlError(f"Unexpected end tag at byte offset {begin}")
        tag = self._skip(_SPACE + b">", until=True).decode("utf-8", "replace").lower()
        self._skip(_SPACE)
        if self._here() != ord(">"):
            raise HtmlError(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        opened = self._open[-1]
        if tag and tag != opened.tag:
            raise HtmlError(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{tag}>"')
        self._open.pop()
        if self._offset > opened.offset:
            self._close(opened)
        else:
            self._dropped.append(f"empty {opened.tag} is dropped")

    def _close(self, opened: _Open) -> None:
        kind, offset, length = _TAGS[opened.tag], opened.offset, self._offset - opened.offset
        match opened.tag:
            case "a":
                self._link(opened)
            case "pre" | "code":
                self._code(opened)
            case "tg-emoji":
                if not opened.argument.isdigit() or not int(opened.argument):
                    raise HtmlError("Invalid custom emoji identifier specified")
                self._entities.append(Entity(kind, offset, length, custom_emoji_id=opened.argument))
            case "tg-time":
                if opened.date:
                    self._entities.append(Entity(kind, offset, length, unix_time=opened.date))
            case "blockquote" if opened.argument:
                self._entities.append(Entity("expandable_blockquote", offset, length))
            case _:
                self._entities.append(Entity(kind, offset, length))

    def _link(self, opened: _Open) -> None:
        offset, length = opened.offset, self._offset - opened.offset
        url = opened.argument or bytes(self._out[opened.start :]).decode("utf-8", "replace")
        if user := links.user_id(url):
            self._entities.append(Entity("text_mention", offset, length, user_id=user))
            return
        try:
            kept = links.checked(url)
            self._entities.append(Entity("text_link", offset, length, url=kept))
            if "@" in kept.split("/")[2]:
                self._dropped.append(f"link to {url!r} becomes {kept}")
        except links.WrongLinkError as reason:
            self._dropped.append(f"link to {url!r} is dropped: {reason}")

    def _code(self, opened: _Open) -> None:
        offset, length = opened.offset, self._offset - opened.offset
        inner = self._entities[-1] if self._entities else None
        same = inner is not None and (inner.offset, inner.length) == (offset, length)
        if same and inner and {inner.type, opened.tag} == {"pre", "code"} and (inner.language or opened.argument):
            self._entities[-1] = Entity("pre", offset, length, language=inner.language or opened.argument)
        else:
            self._entities.append(Entity(opened.tag, offset, length, language=opened.argument))
