"""What came back from an address → what to think of it. Decides only; asks nobody."""

from __future__ import annotations

import re
import socket
import ssl
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser


class Outcome(StrEnum):
    """What a link turned out to be. `REFUSED` means that it cannot be told from here: a person has to look."""

    DEAD = "dead"
    MOVED = "moved"
    CHANGED = "changed"
    REFUSED = "refused"
    OK = "ok"


@dataclass(frozen=True)
class Hop:
    """One answer on the way: the address asked, the status, and where it points to."""

    url: str
    status: int
    location: str | None = None


@dataclass(frozen=True)
class Page:
    """The start of a page as text, and whether it is HTML."""

    text: str
    is_html: bool = True


@dataclass(frozen=True)
class Verdict:
    """An outcome, the new address where there is one, and why."""

    outcome: Outcome
    why: str = ""
    new_url: str | None = None


PERMANENT, TEMPORARY = frozenset({301, 308}), frozenset({302, 303, 307})
_GONE = {404: "not found (404)", 410: "gone for good (410)"}
_CLOSED_DOORS = {
    401: "asks for a password (401)",
    402: "asks for money (402)",
    403: "refuses programs (403)",
    429: "asks for fewer requests (429)",
    451: "withheld for legal reasons (451)",
}
_CAPTCHA = re.compile(
    r"^just a moment|attention required|are you (?:a )?(?:robot|human)|not a robot|captcha|access denied"
    r"|request rejected|pardon our interruption|security check|checking your browser|verify(?:ing)? you are human",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"^\W*(?:error )?404\b|\b404 (?:error|not found)|page (?:was |is |cannot be |can't be )?not found"
    r"|page (?:cannot|can.t) be found",
    re.IGNORECASE,
)
_LITTLE = frozenset(
    re.findall(r"\w+", "a an and at by for from in of on or the to with der die das und le la les et de y")
)
LIKE_ENOUGH = 0.3
"""The part of the shorter title's words that the longer one has to share. Lower: the page is another."""


def verdict(hops: Sequence[Hop], page: Page | None, titles: Sequence[str] = ()) -> Verdict:
    """What to think of an address whose last answer is the last of `hops`.

    `page` is the page there, if it was read; `titles` are those that the FAQ gives it (none: any page will do).
    """
    return settled(hops, _last_answer(hops[-1], page, titles))


def settled(hops: Sequence[Hop], at_the_end: Verdict) -> Verdict:
    """The verdict on the first address, given the one on the last: dead is dead, else moved is moved."""
    new_url = moved_to(hops)
    if at_the_end.outcome is Outcome.DEAD or new_url is None:
        return at_the_end
    return Verdict(Outcome.MOVED, f"there: {at_the_end.why}" if at_the_end.why else "", new_url)


def failed(error: BaseException) -> Verdict:
    """What to think of an address that gave no answer at all."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            if cause.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
                return Verdict(Outcome.DEAD, "its name has no address (DNS)")
            return Verdict(Outcome.REFUSED, "its name could not be looked up")
        if isinstance(cause, ssl.SSLError):
            return Verdict(Outcome.REFUSED, "its certificate is not accepted")
    if any(isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in causes):
        return Verdict(Outcome.REFUSED, "no answer in time")
    return Verdict(Outcome.REFUSED, f"no answer ({type(error).__name__})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def moved_to(hops: Sequence[Hop]) -> str | None:
    """Where the permanent redirects at the start of the way lead; None where the first answer is none."""
    new_url = None
    for hop in hops:
        if hop.status not in PERMANENT or hop.location is None:
            break
        new_url = hop.location
    return new_url


def _last_answer(last: Hop, page: Page | None, titles: Sequence[str]) -> Verdict:
    if last.status in _GONE:
        return Verdict(Outcome.DEAD, _GONE[last.status])
    if last.status in PERMANENT | TEMPORARY:
        return Verdict(Outcome.REFUSED, "redirects without end, or to nowhere")
    if not 200 <= last.status < 300:  # noqa: PLR2004  HTTP's own classes
        return Verdict(Outcome.REFUSED, _CLOSED_DOORS.get(last.status, f"answers with an error ({last.status})"))
    return _read(page, titles) if page and page.is_html else Verdict(Outcome.OK)


def _read(page: Page, titles: Sequence[str]) -> Verdict:
    found = titles_of(page.text)
    first = found[0] if found else ""
    if _CAPTCHA.search(first):
        return Verdict(Outcome.REFUSED, f"asks whether a person is there (“{first}”)")
    if _NOT_FOUND.search(first):
        return Verdict(Outcome.DEAD, f"says that the page is not there (“{first}”)")
    if found and titles and not any(alike(ours, theirs) for ours in titles for theirs in found):
        return Verdict(Outcome.CHANGED, f"the page's title is “{first}”")
    return Verdict(Outcome.OK)


def alike(ours: str, theirs: str) -> bool:
    """Whether two titles may be of the same page. Sites add their names and cut titles short, so little is asked."""
    one, other = _words(ours), _words(theirs)
    if not one or not other:
        return True
    return len(one & other) / min(len(one), len(other)) >= LIKE_ENOUGH


def _words(title: str) -> set[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    return set(re.findall(r"\w+", plain)) - _LITTLE


def titles_of(html: str) -> tuple[str, ...]:
    """The titles a page gives itself, in order: the window's, those for citations and sharing, the first heading."""
    parser = _Titles()
    with suppress(AssertionError):  # how the parser gives up on broken declarations; what it has by then will do
        parser.feed(html)
        parser.close()
    found = (parser.title, *parser.named, parser.heading)
    return tuple(dict.fromkeys(filter(None, (" ".join(text.split()) for text in found))))


class _Titles(HTMLParser):
    """Collects titles. An SVG's own <title> is none of the page's."""

    def __init__(self) -> None:
        super().__init__()
        self.title = self.heading = ""
        self.named: list[str] = []
        self._open: str | None = None
        self._in_svg = False
        self._done: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (given.get("name") or given.get("property")) in ("citation_title", "og:title"):
            self.named.append(given.get("content") or "")
        elif tag == "svg":
            self._in_svg = True
        elif tag in ("title", "h1") and tag not in self._done and not self._in_svg:
            self._open = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._in_svg = False
        elif tag == self._open:
            self._done.add(tag)
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open == "title":
            self.title += data
        elif self._open == "h1" and not self._in_svg:
            self.heading += data
