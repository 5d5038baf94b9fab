"""Reply → the text of a channel. The one place where text is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import unescape

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from answers.library import INTERNATIONAL, Library
from answers.models import Reply
from answers.rendering.blocks import View, blocks
from answers.rendering.shapes import Block, Line
from answers.rendering.ways import directory

TELEGRAM_LIMIT = 4096
"""The most a Telegram message may hold, in UTF-16 units after its marks are taken out: safe by any of its counts."""

_environment = Environment(
    loader=PackageLoader("answers.rendering"),
    autoescape=select_autoescape(["html.j2"]),  # plain text needs no escape, Markdown has the filter below
    undefined=StrictUndefined,
)
_TAG = re.compile(r"<[^>]*>")
_MARKDOWN_SIGN = re.compile(r"[\\`*_{}\[\]<>#|~]|&(?=#?\w+;)|^[-+=]")
"""What Markdown would take for a mark: signs, references to characters, and the start of a list or an underline."""
_LIST_NUMBER = re.compile(r"^\d+(?=[.)])")


def _markdown(text: str) -> str:
    return _LIST_NUMBER.sub(r"\g<0>\\", _MARKDOWN_SIGN.sub(r"\\\g<0>", " ".join(text.split())))


def _markdown_url(url: str) -> str:
    return re.sub(r"\\|&(?=#?\w+;)", r"\\\g<0>", url)


_environment.filters |= {"md": _markdown, "md_url": _markdown_url}
_TEXT, _HTML, _MARKDOWN = (_environment.get_template(f"block.{end}.j2") for end in ("txt", "html", "md"))


def to_text(reply: Reply, library: Library, *, view: View = "whole", today: date | None = None) -> str:
    """A reply as plain text."""
    return "\n\n".join(_TEXT.render(block=block) for block in blocks(reply, library, view=view, today=today))


def to_markdown(reply: Reply, library: Library, *, today: date | None = None) -> str:
    """A reply as Markdown (CommonMark)."""
    return "\n\n".join(_MARKDOWN.render(block=block) for block in blocks(reply, library, today=today))


def to_telegram(
    reply: Reply,
    library: Library,
    *,
    view: View = "whole",
    opening: str | None = None,
    closing: str | None = None,
    today: date | None = None,
) -> list[str]:
    """A reply as the HTML of one or more Telegram messages, each within `TELEGRAM_LIMIT`.

    A block is never split between messages unless it alone is too long; then it breaks between its lines. What matters
    most stands first, so a crisis card is always in the first message. `opening` and `closing` are said before and
    after it.
    """
    said = [Block((Line(text),)) if text else None for text in (opening, closing)]
    return _messages(
        [*filter(None, said[:1]), *blocks(reply, library, view=view, today=today), *filter(None, said[1:])]
    )


def lines_to_telegram(
    country: str | None, library: Library, *, language: str = "en", opening: str | None = None
) -> list[str]:
    """The crisis lines of a country as the HTML of one or more Telegram messages. `opening` is said before them."""
    wording = library.wording.get(language, library.wording["en"])
    known = country if country in library.lines else INTERNATIONAL
    shown = list(directory(known or INTERNATIONAL, library.lines_of(known), wording))
    return _messages([Block((Line(opening),)), *shown] if opening else shown)


def _messages(shown: Sequence[Block]) -> list[str]:
    messages: list[list[Block]] = [[]]
    for block in (piece for whole in shown for piece in _fitting(whole)):
        if messages[-1] and _length([*messages[-1], block]) > TELEGRAM_LIMIT:
            messages.append([])
        messages[-1].append(block)
    return [_html(message) for message in messages if message]


def _fitting(block: Block) -> Sequence[Block]:
    if _length([block]) <= TELEGRAM_LIMIT or len(block.lines) < 2:  # noqa: PLR2004  one line cannot be divided
        return [block]
    half = len(block.lines) // 2
    first = replace(block, lines=block.lines[:half])
    second = replace(block, lines=block.lines[half:], heading=None, start=block.start + half)
    return [*_fitting(first), *_fitting(second)]


def _length(message: Sequence[Block]) -> int:
    """UTF-16 units of a message once Telegram has taken its marks out."""
    return len(unescape(_TAG.sub("", _html(message))).encode("utf-16-le")) // 2


def _html(message: Sequence[Block]) -> str:
    return "\n\n".join(_HTML.render(block=block) for block in message)
