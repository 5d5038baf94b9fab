"""Takes contact details out of a text before it is kept: addresses, numbers, names of accounts, links."""

from __future__ import annotations

import re

from telegram import Message
from telegram.constants import MessageEntityType

TAKEN_OUT = "[…]"

_MARKED: list[str | None] = [
    MessageEntityType.MENTION,
    MessageEntityType.TEXT_MENTION,
    MessageEntityType.EMAIL,
    MessageEntityType.PHONE_NUMBER,
    MessageEntityType.URL,
    MessageEntityType.TEXT_LINK,
]
"""What Telegram itself has found in a message; a text mention is a person's name that leads to the person."""
_DOMAINS = (
    "com|org|net|edu|gov|info|io|me|co|biz|app|dev|shop|store|online|site|xyz|"
    "us|uk|ca|au|nz|ie|de|at|ch|fr|es|it|mx|br|ar"
)
_PATTERNS = re.compile(
    r"""
    (?:https?|tg)://\S+ | www\.\S+                                          # links
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                          # mail
    | [\w.+-]+\s*[(\[]?\s*\b(?:at|arroba)\b\s*[)\]]?\s*[\w-]+\s*[(\[]?\s*\b(?:dot|punto)\b\s*[)\]]?\s*[a-z]{2,}
    | \b(?:[\w-]+\.)+(?:"""
    + _DOMAINS
    + r""")\b(?:/\S*)?                                                      # links without a scheme
    | (?<![\w@])@\w{3,}                                                     # names of accounts
    | (?<![\w.])\+?\(?\d(?:[\s().\u2013/-]{0,2}\d){6,}                      # telephone numbers, of seven digits or more
    """,
    re.IGNORECASE | re.VERBOSE,
)


def without_contact_details(message: Message) -> str:
    """What a person wrote in a message, without anything by which somebody could be reached."""
    text = message.text or message.caption or ""
    found = {**message.parse_entities(_MARKED), **message.parse_caption_entities(_MARKED)}
    for part in sorted(found.values(), key=len, reverse=True):
        text = text.replace(part, TAKEN_OUT)
    return _PATTERNS.sub(TAKEN_OUT, text).strip()
