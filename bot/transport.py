"""The transport of Telegram's library on aiohttp, which is faster with many calls at once than its own on httpx."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.config import ConfigError
from bot.uploads import form

IDLE = 5.0
"""Seconds that an unused connection is kept, as httpx does: the longer, the likelier its other end has closed it."""
NAMES_KEPT = 60
"""Seconds for which the address of a name is remembered."""
HIDDEN = "[token]"
_OK, _MULTIPLE_CHOICES = 200, 300
_PROXIED = ("http", "https", "all")

T = TypeVar("T")


class AiohttpRequest(BaseRequest):
    """Makes the calls of a bot over HTTP/1.1, through the proxy that the environment names for the server, if any.

    `connections` is how many calls are under way at once; more wait. All timeouts are in seconds, `None` for no bound:
    for a free connection (`pool_timeout`), for connecting with the look-up of the name (`connect_timeout`), between two
    pieces of an answer (`read_timeout`), and for handing over a call, or one piece of an upload (`write_timeout`,
    `media_write_timeout`). Telegram's library gives others for single calls.

    Raises `ConfigError` if the environment names a proxy of another kind than http and https. Calls raise `TimedOut`
    and `NetworkError`; what went wrong stands in their text, since aiohttp's own hold the address with the token.

    Nothing is sent twice. Telegram has no way to tell a repeated sendMessage from a second one, so a POST whose
    connection breaks is reported, not repeated: it may have been done. Only a GET (a download) that met a connection
    which the server had just closed is tried once more, by aiohttp.
    """

    def __init__(
        self,
        connections: int = 256,
        *,
        pool_timeout: float | None = 1.0,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._connections = connections
        self._pool_timeout = pool_timeout
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._media_write_timeout = media_write_timeout
        self._proxies = {kind: proxy for kind, proxy in getproxies().items() if kind in _PROXIED}
        for proxy in self._proxies.values():
            if "://" in proxy and urlsplit(proxy).scheme not in ("http", "https"):
                raise ConfigError(f"Only http and https proxies can be used, not {urlsplit(proxy).scheme}.")
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(connections)

    @property
    def read_timeout(self) -> float | None:
        """Seconds waited between two pieces of an answer where a call says nothing else."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Get ready, also after a shutdown and on another event loop. Nothing happens where it is ready."""
        if self._session is not None and not self._session.closed:
            return
        self._free = asyncio.Semaphore(self._connections)
        self._session = aiohttp.ClientSession(
            # `_free` bounds the connections: aiohttp's own bound cannot tell a full pool from a slow server.
            connector=aiohttp.TCPConnector(
                limit=0,
                keepalive_timeout=IDLE,
                ttl_dns_cache=NAMES_KEPT,
                ssl=httpx.create_ssl_context(),  # the certificates that the library's own transport trusts
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            trust_env=False,  # it would miss ALL_PROXY, and send what ~/.netrc has for the server
        )

    async def shutdown(self) -> None:
        """Close every connection. A call under way raises `NetworkError`. Nothing happens where it is closed."""
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0917  the library calls it so
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; give the status and the body, whatever the status. See the class for the timeouts and errors.

        Raises `RuntimeError` before `initialize` and after `shutdown`.
        """
        if self._session is None or self._session.closed:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        read = _given(read_timeout, self._read_timeout)
        connect = _given(connect_timeout, self._connect_timeout)
        usual_write = self._media_write_timeout if request_data and request_data.contains_files else self._write_timeout
        write = _given(write_timeout, usual_write)
        loop = asyncio.get_running_loop()
        # aiohttp does not bound how long it takes to hand a call over, so the time until its answer begins is bounded,
        # anew after each piece of an upload.
        next_step = _sum(write, read)

        def moved() -> None:
            if next_step is not None and not patience.expired():
                patience.reschedule(loop.time() + next_step)

        try:
            async with (
                self._connection(_given(pool_timeout, self._pool_timeout)),
                asyncio.timeout(_sum(connect, write, read)) as patience,
                self._session.request(
                    method,
                    url,
                    data=_body(request_data, moved),
                    headers=None if not request_data or request_data.contains_files else _FORM,
                    allow_redirects=False,  # the token goes nowhere else
                    proxy=self._proxy(url),
                    timeout=aiohttp.ClientTimeout(connect=connect, sock_connect=connect, sock_read=read),
                ) as response,
            ):
                patience.reschedule(None)
                body = await response.read()
                if not _OK <= response.status < _MULTIPLE_CHOICES:
                    body = _hide(body.decode("utf-8", "replace"), url).encode()  # a proxy's page may show the address
                return response.status, body
        except NetworkError:
            raise
        except aiohttp.ConnectionTimeoutError:
            failure: NetworkError = TimedOut("Timed out while connecting. Nothing was sent.")
        except TimeoutError:
            failure = TimedOut("Timed out while sending or waiting for the answer. It may have been done.")
        except Exception as error:  # noqa: BLE001  any of aiohttp's may hold the address
            failure = NetworkError(_hide(f"aiohttp.{type(error).__name__}: {_said(error)}", url))
        raise failure  # outside, so that aiohttp's error is not its context

    @asynccontextmanager
    async def _connection(self, pool_timeout: float | None) -> AsyncIterator[None]:
        free = self._free
        try:
            async with asyncio.timeout(pool_timeout if free.locked() else None):
                await free.acquire()
        except TimeoutError:
            raise TimedOut(f"Pool timeout: all {self._connections} connections are in use. Nothing was sent.") from None
        try:
            yield
        finally:
            free.release()

    def _proxy(self, url: str) -> str | None:
        if not self._proxies:
            return None
        address = urlsplit(url)
        proxy = self._proxies.get(address.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(address.netloc.rpartition("@")[2]):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _body(data: RequestData | None, moved: Callable[[], None]) -> bytes | aiohttp.FormData | None:
    if data is None:
        return None
    return form(data, moved) if data.contains_files else data.url_encoded_parameters().encode()


def _given(value: DefaultValue[T] | DefaultValue[None] | T | None, usual: T | None) -> T | None:
    return usual if isinstance(value, DefaultValue) else value


def _sum(*seconds: float | None) -> float | None:
    return sum(filter(None, seconds)) if None not in seconds else None


def _said(error: Exception) -> str:
    """An error in words, without the addresses that aiohttp adds: a proxy's may hold a password."""
    return f"{error.status} {error.message}" if isinstance(error, aiohttp.ClientResponseError) else str(error)


def _hide(text: str, url: str) -> str:
    """Take the token of a call's address out of a text."""
    for step in urlsplit(url).path.split("/"):
        token = step.removeprefix("bot")
        if ":" in token:
            text = text.replace(token, HIDDEN).replace(quote(token, safe=""), HIDDEN)
    return text
