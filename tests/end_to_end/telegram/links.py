"""Which addresses Telegram takes as links, and what it makes of them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_OWN = re.compile(r"^(tg|ton|tonsite):(?://)?", re.IGNORECASE)
_USER = re.compile(r"^tg:(?://)?user\?(?:.*&)?id=(\d+)", re.IGNORECASE)
_PAYLOAD = re.compile(r"^[A-Za-z0-9_-]{0,64}$")
_HIGHEST_PORT = 65535


class WrongLinkError(ValueError):
    """A link that Telegram refuses; its text is Telegram's reason."""


def user_id(link: str) -> int:
    """Take a link; give the user that a tg://user link names, or 0."""
    match = _USER.match(link)
    return int(match.group(1)) if match else 0


def checked(link: str, *, https_only: bool = False) -> str:
    """Take a link; give it as Telegram stores it, or raise WrongLinkError."""
    link = link.strip()
    if _OWN.match(link) and not https_only:
        return _OWN.sub(lambda scheme: scheme.group(1).lower() + "://", link, count=1)
    match = _SCHEME.match(link)
    protocol = match.group(1).lower() if match else "http"
    if protocol not in ("http", "https"):
        raise WrongLinkError("Unsupported URL protocol")
    if https_only and protocol != "https":
        raise WrongLinkError("Only HTTPS links are allowed")
    rest = link[match.end() :] if match else link
    parts = re.match(r"([^/?#]*)(.*)", rest, re.DOTALL)
    host, path = (parts.group(1), parts.group(2)) if parts else (rest, "")
    _check_host(host)
    if not path.startswith("/"):
        path = "/" + path
    return f"{protocol}://{host.lower()}{path}"


def _check_host(host: str) -> None:
    name, _, port = host.rpartition("@")[2].partition(":")
    if port and not (port.isdigit() and 0 < int(port) <= _HIGHEST_PORT):
        raise WrongLinkError("Wrong port number specified in the URL")
    if not name:
        raise WrongLinkError("URL host is empty")
    if "." not in name.strip(".") or re.search(r"[\s<>\"]", name):
        raise WrongLinkError("Wrong HTTP URL")


def start_payload(link: str) -> str | None:
    """Take a link; give the payload that a t.me deep link carries to a bot, or None where it carries none."""
    parts = urlsplit(link)
    if parts.hostname not in ("t.me", "telegram.me", "telegram.dog"):
        return None
    query = parse_qs(parts.query, keep_blank_values=True)
    return next((query[name][0] for name in ("start", "startgroup", "startapp") if name in query), None)


def is_payload(text: str) -> bool:
    """Take a deep link's payload; say whether Telegram carries it: at most 64 letters, digits, _ and -."""
    return bool(_PAYLOAD.match(text))
