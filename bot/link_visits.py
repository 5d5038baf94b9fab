"""Asks for addresses, gently: few at once, one at a time a host with a pause between, nothing against robots.txt."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from bot.link_verdicts import PERMANENT, TEMPORARY, Hop, Outcome, Page, Verdict, failed, settled, verdict

NAME = "kratom-answers"
MOST_HOPS = 10
MOST_BYTES = 300_000
"""As much of a page as is read: its title stands at its start."""
_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?([\w-]+)""", re.IGNORECASE)
_TOO_MANY = 429


@dataclass(frozen=True)
class Manners:
    """How gently to ask: requests at once, seconds between two to one host, seconds to wait for an answer.

    `longest_wait` bounds what a host may ask for by Crawl-delay or Retry-After.
    """

    at_once: int = 6
    pause: float = 1.0
    timeout: float = 20.0
    longest_wait: float = 30.0


@dataclass
class _Host:
    """What is known of a host: whose turn it is, when it may be asked again, whether it had enough."""

    pause: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    had_enough: bool = False


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes = b""

    @property
    def is_html(self) -> bool:
        return "html" in self.headers.get("content-type", "html")

    @property
    def text(self) -> str:
        declared = re.search(r"charset=[\"']?([\w-]+)", self.headers.get("content-type", ""))
        in_page = _CHARSET.search(self.body[:2048])
        charset = declared[1] if declared else in_page[1].decode("ascii") if in_page else "utf-8"
        try:
            return self.body.decode(charset, errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")


class Visitor:
    """An asynchronous context in which addresses can be tried. `answered` says whether any host did."""

    def __init__(self, manners: Manners) -> None:
        self.answered = False
        self._manners = manners
        self._few = asyncio.Semaphore(manners.at_once)
        self._hosts: dict[str, _Host] = {}
        self._rules: dict[str, asyncio.Task[RobotFileParser]] = {}
        agent = f"{NAME}/{version(NAME)} (link check of a health FAQ; heeds robots.txt)"
        self._client = httpx.AsyncClient(headers={"User-Agent": agent}, timeout=manners.timeout, follow_redirects=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._rules.values():
            task.cancel()
        await asyncio.gather(*self._rules.values(), return_exceptions=True)
        await self._client.aclose()

    async def visit(self, url: str, titles: Sequence[str] = ()) -> Verdict:
        """What to think of an address; `titles` are those its page may have (none: any)."""
        hops: list[Hop] = []
        here = url
        try:
            while True:
                if not (await self._rules_of(here)).can_fetch(NAME, here):
                    return settled(hops, Verdict(Outcome.REFUSED, "not asked: robots.txt keeps programs out"))
                answer = await self._head_then_get(here)
                location = answer.headers.get("location")
                redirects = answer.status in PERMANENT | TEMPORARY and location is not None
                hops.append(Hop(here, answer.status, urljoin(here, location) if redirects else None))
                if not redirects or len(hops) > MOST_HOPS:
                    page = Page(answer.text, answer.is_html) if answer.body else None
                    return verdict(hops, page, titles)
                here = urljoin(here, location)
                if urlsplit(here).scheme not in ("http", "https"):
                    return settled(hops, Verdict(Outcome.REFUSED, "redirects to something that is no web page"))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return settled(hops, failed(error))

    async def _head_then_get(self, url: str) -> _Answer:
        """HEAD is the smaller favour; a page is read where HEAD is refused, or where there is a title to look at."""
        try:
            answer = await self._ask("HEAD", url)
        except (httpx.RemoteProtocolError, httpx.ReadError):  # some servers hang up on HEAD
            return await self._ask("GET", url)
        enough = answer.status in PERMANENT | TEMPORARY or answer.status == _TOO_MANY
        if enough or (answer.status < 300 and not answer.is_html):  # noqa: PLR2004  HTTP's own class
            return answer
        return await self._ask("GET", url)

    async def _ask(self, method: str, url: str) -> _Answer:
        """One request; once more where the host says when. Who is asked for less a second time is asked no more."""
        host = self._host(url)
        async with host.turn:
            if host.had_enough:
                return _Answer(_TOO_MANY, httpx.Headers())
            answer = await self._request(method, url, host)
            if answer.status == _TOO_MANY:
                wait = answer.headers.get("retry-after", "")
                host.free_at += min(float(wait) if wait.isdecimal() else 10 * host.pause, self._manners.longest_wait)
                answer = await self._request(method, url, host)
                host.had_enough = answer.status == _TOO_MANY
        return answer

    async def _request(self, method: str, url: str, host: _Host) -> _Answer:
        clock = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, host.free_at - clock.time()))
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self._few)
                await stack.enter_async_context(asyncio.timeout(3 * self._manners.timeout))  # for what only trickles
                response = await stack.enter_async_context(self._client.stream(method, url))
                self.answered = True
                body = b""
                if response.status_code < 300 and method == "GET":  # noqa: PLR2004  HTTP's own class
                    async for piece in response.aiter_bytes():
                        body += piece
                        if len(body) >= MOST_BYTES:
                            break
                return _Answer(response.status_code, response.headers, body)
        finally:
            host.free_at = clock.time() + host.pause

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(urlsplit(url).hostname or "", _Host(self._manners.pause))

    async def _rules_of(self, url: str) -> RobotFileParser:
        """The host's robots.txt, asked for once. Where there was no answer, the error is every caller's."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read_rules(origin))
        return await asyncio.shield(self._rules[origin])

    async def _read_rules(self, origin: str) -> RobotFileParser:
        rules = RobotFileParser()
        here = f"{origin}/robots.txt"
        for _ in range(MOST_HOPS):
            answer = await self._ask("GET", here)
            if answer.status not in PERMANENT | TEMPORARY or "location" not in answer.headers:
                break
            here = urljoin(here, answer.headers["location"])
        lines = answer.text.splitlines() if answer.status < 300 else []  # noqa: PLR2004  HTTP's own class
        if answer.status >= 500:  # noqa: PLR2004  RFC 9309: a server in trouble is left alone, a missing file allows all
            lines = ["User-agent: *", "Disallow: /"]
        rules.parse(lines)
        wanted = float(rules.crawl_delay(NAME) or 0)
        host = self._host(origin)
        host.pause = max(host.pause, min(wanted, self._manners.longest_wait))
        return rules
