from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.config import ConfigError
from bot.transport import AiohttpRequest

TOKEN = "424242:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}'
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *map(str.upper, PROXIES)):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Wire:
    """A server that answers each request, once it has been read, byte by byte as a test says."""

    answer: Answer
    url: str = ""
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while not writer.is_closing():
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
            self.heads.append(head)
            self.arrived.release()
            await self.answer(reader, writer)


@asynccontextmanager
async def listening(serve: Answer, **options: Any) -> AsyncIterator[str]:
    """A server that gives each connection to `serve`; its address without a scheme. Nothing is left of it."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.transport.abort() if reader.at_eof() else writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    async with await asyncio.start_server(connected, "127.0.0.1", 0, **options) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}/sendMessage"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def wire(answer: Answer) -> AsyncIterator[Wire]:
    made = Wire(answer)
    async with listening(made.serve) as address:
        made.url = f"http://{address}"
        yield made


def writes(*pieces: bytes, pause: float = 0, end: bool = False, reset: bool = False) -> Answer:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if reset:
            writer.transport.abort()
        elif end:
            writer.close()

    return answer


async def never(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@asynccontextmanager
async def app(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    made = web.Application(client_max_size=1 << 26)
    made.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(made, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/sendMessage"
    finally:
        await runner.cleanup()


def data(**parameters: Any) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


async def failure(call: Awaitable[Any]) -> TelegramError:
    """The error of a call, in which the token stands nowhere: not in its text, its traceback, or what caused it."""
    with pytest.raises(TelegramError) as caught:
        await call
    error: BaseException | None = caught.value
    shown = "".join(traceback.format_exception(caught.value))
    while error is not None:
        shown += f"{error}{error!r}{error.args}"
        error = error.__cause__ or error.__context__
    assert TOKEN not in shown
    assert TOKEN.replace(":", "%3A") not in shown
    return caught.value


async def test_parameters_arrive_as_telegram_reads_them() -> None:
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(await request.post(), agent=request.headers["User-Agent"], path=request.path, method=request.method)
        return web.json_response({"ok": True, "result": {"message_id": 1}})

    async with app(handler) as url, AiohttpRequest() as request:
        given = data(chat_id=5, text="ä & 😀+%", reply_parameters={"message_id": 2})
        assert await request.post(url, given) == {"message_id": 1}
    assert seen == {
        "chat_id": "5",
        "text": "ä & 😀+%",
        "reply_parameters": '{"message_id": 2}',
        "agent": BaseRequest.USER_AGENT,
        "path": f"/bot{TOKEN}/sendMessage",
        "method": "POST",
    }


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest, "Chat not found"),
        (401, {"description": "Unauthorized"}, InvalidToken, "Unauthorized"),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden, "blocked"),
        (404, {"description": "Not Found"}, InvalidToken, "Not Found"),
        (409, {"description": "Conflict: terminated by other getUpdates request"}, Conflict, "terminated"),
        (400, {"parameters": {"migrate_to_chat_id": -1005}}, ChatMigrated, "-1005"),
        (500, {"description": "Internal Server Error"}, NetworkError, "Internal Server Error"),
        (502, "<html>Bad Gateway</html>", NetworkError, "Bad Gateway"),
        (404, f"<p>There is no /bot{TOKEN}/sendMessage</p>", InvalidToken, r"/bot\[token\]/sendMessage"),
        (302, "", NetworkError, "Found"),
        (599, b"\xff\xfe", NetworkError, "599"),
        (200, "surprise", TelegramError, "Invalid server response"),
    ],
)
async def test_refusals_become_the_librarys_errors(status: int, body: Any, error: type, says: str) -> None:
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    calls = 0

    async def handler(_: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        return web.Response(status=status, body=content, headers={"Location": "/elsewhere"})

    async with app(handler) as url, AiohttpRequest() as request:
        found = await failure(request.post(url))
    assert type(found) is error
    with pytest.raises(error, match=says):
        raise found
    assert calls == 1


async def test_telegram_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")

    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "parameters": {"retry_after": 7}}, status=429)

    async with app(handler) as url, AiohttpRequest() as request:
        found = await failure(request.post(url))
    assert isinstance(found, RetryAfter)
    assert found.retry_after == timedelta(seconds=7)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [never, writes(b"HTTP/1.1 200 ", pause=30), writes(HEAD, pause=30), writes(HEAD, b'{"ok":', pause=30)],
    ids=["nothing", "slow headers", "no body", "slow body"],
)
async def test_a_slow_answer_times_out(answer: Answer) -> None:
    async with wire(answer) as server, AiohttpRequest(read_timeout=0.1) as request:
        found = await failure(request.post(server.url))
    assert type(found) is TimedOut
    assert "may have been done" in str(found)
    assert len(server.heads) == 1


async def test_the_timeout_of_a_call_goes_before_that_of_the_transport() -> None:
    slow = writes(OK[:50], OK[50:], pause=0.2)
    async with wire(slow) as server, AiohttpRequest(read_timeout=0.05) as request:
        assert request.read_timeout == 0.05
        assert await request.post(server.url, read_timeout=5) is True
        assert await request.post(server.url, read_timeout=None) is True
        assert type(await failure(request.post(server.url))) is TimedOut


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (writes(end=True), "ServerDisconnectedError"),
        (writes(reset=True), "aiohttp"),
        (writes(HEAD, b'{"ok":', end=True), "ClientPayloadError"),
        (writes(HEAD, b'{"ok":', reset=True), "aiohttp"),
        (writes(b"220 smtp.example ESMTP\r\n\r\n", end=True), "ClientResponseError: 400"),
        (writes(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", end=True), "ClientResponseError"),
    ],
    ids=["closed", "reset", "closed in the body", "reset in the body", "no HTTP", "bad header"],
)
async def test_a_broken_answer_is_a_network_error_and_nothing_is_sent_twice(answer: Answer, says: str) -> None:
    async with wire(answer) as server, AiohttpRequest() as request:
        found = await failure(request.post(server.url, data(text="x")))
    assert type(found) is NetworkError
    assert says in str(found)
    assert len(server.heads) == 1


async def test_nothing_is_sent_twice_on_a_kept_connection_that_breaks() -> None:
    answers = [writes(OK), writes(reset=True)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answers.pop(0)(reader, writer)

    async with wire(answer) as server, AiohttpRequest() as request:
        assert await request.post(server.url) is True
        assert type(await failure(request.post(server.url))) is NetworkError
    assert (len(server.heads), server.connections) == (2, 1)


async def test_a_connection_that_was_closed_while_idle_is_not_used_again() -> None:
    async with wire(writes(OK, end=True)) as server, AiohttpRequest() as request:
        for _ in range(3):
            assert await request.post(server.url) is True
            await asyncio.sleep(0.02)  # the end of the connection arrives
    assert (len(server.heads), server.connections) == (3, 3)


async def test_connections_are_kept_and_cookies_are_not() -> None:
    cookie = OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")
    async with wire(writes(cookie)) as server, AiohttpRequest() as request:
        for _ in range(3):
            assert await request.post(server.url) is True
    assert server.connections == 1
    assert not any(b"Cookie" in head for head in server.heads)


async def test_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/bot{TOKEN}/getMe"
        async with AiohttpRequest() as request:
            found = await failure(request.post(url))
            unknown = await failure(request.post(f"http://name.invalid/bot{TOKEN}/getMe"))
            bad = await failure(request.post(f"nonsense:///bot{TOKEN}/getMe"))
    assert "ClientConnectorError: Cannot connect to host 127.0.0.1" in str(found)
    assert "ClientConnectorDNSError: Cannot connect to host name.invalid" in str(unknown)
    assert type(found) is type(unknown) is type(bad) is NetworkError


async def test_connecting_times_out() -> None:
    async with listening(never) as address, AiohttpRequest(connect_timeout=0.1) as request:
        found = await failure(request.post(f"https://{address}"))  # whose TLS handshake is never answered
    assert type(found) is TimedOut
    assert "Nothing was sent" in str(found)


async def test_calls_wait_for_a_free_connection() -> None:
    async with (
        wire(writes(OK[:50], OK[50:], pause=0.2)) as server,
        AiohttpRequest(connections=1, pool_timeout=0.1) as request,
    ):
        first = asyncio.create_task(request.post(server.url))
        await asyncio.sleep(0.05)
        found = await failure(request.post(server.url))
        assert await request.post(server.url, pool_timeout=5) is True
        assert await first is True
    assert type(found) is TimedOut
    assert "all 1 connections are in use. Nothing was sent." in str(found)
    assert server.connections == 1


async def test_big_bodies() -> None:
    size = 6_000_000

    async def handler(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(body=b"x" * size)
        return web.json_response({"ok": True, "result": (await request.post())["text"]})

    async with app(handler) as url, AiohttpRequest() as request:
        assert await request.retrieve(url) == b"x" * size
        answer: Any = await request.post(url, data(text="y" * 900_000))
        assert answer == "y" * 900_000


async def test_files_arrive_whole_each_time(tmp_path: Path) -> None:
    content = os.urandom(700_000)
    file = tmp_path / "a file.bin"
    file.write_bytes(content)
    pipe, end = os.pipe()
    os.write(end, b"read once")
    os.close(end)
    seen: list[tuple[str, str, bytes | str]] = []

    async def handler(request: web.Request) -> web.Response:
        for name, value in (await request.post()).items():
            assert not isinstance(value, bytes | bytearray)
            if isinstance(value, str):
                seen.append((name, "", value))
            else:
                seen.append((name, f"{value.filename} {value.content_type}", value.file.read()))
        return web.json_response({"ok": True, "result": True})

    with file.open("rb") as handle, os.fdopen(pipe, "rb") as stream:
        cases = [
            (InputFile(content, "ü.png"), "ü.png image/png", content),
            (InputFile(handle, read_file_handle=False), "a file.bin application/octet-stream", content),
            (InputFile(handle, read_file_handle=False), "a file.bin application/octet-stream", content),
            (InputFile(io.BytesIO(b""), "empty.txt", read_file_handle=False), "empty.txt text/plain", b""),
            (InputFile(stream, "p", read_file_handle=False), "p application/octet-stream", b"read once"),
        ]
        async with app(handler) as url, AiohttpRequest() as request:
            for given, named, whole in cases:
                seen.clear()
                assert await request.post(url, data(chat_id=5, document=given)) is True
                assert seen == [("chat_id", "", "5"), ("document", named, whole)]
        assert not handle.closed


async def test_an_upload_that_the_server_does_not_take_times_out() -> None:
    async def deaf(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    big = InputFile(b"x" * (1 << 26), "big")
    async with (
        listening(deaf) as address,
        AiohttpRequest(read_timeout=0.1, media_write_timeout=0.1) as request,
    ):
        async with asyncio.timeout(3):
            assert type(await failure(request.post(f"http://{address}", data(document=big)))) is TimedOut


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_a_call_that_the_server_does_not_take_times_out() -> None:
    async def deaf(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    request = AiohttpRequest(connect_timeout=0.1, read_timeout=0.1, write_timeout=0.1)
    async with listening(deaf) as address, request, asyncio.timeout(3):
        found = await failure(request.post(f"http://{address}", data(text="x" * (1 << 25))))
    assert type(found) is TimedOut


async def test_a_slow_upload_that_goes_on_does_not_time_out() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        left = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while left:
            piece = await reader.read(1 << 20)
            left -= len(piece)
            await asyncio.sleep(len(piece) / 3e7)
        writer.write(OK)

    big = InputFile(b"x" * 60_000_000, "big")
    async with (
        listening(slow) as address,
        AiohttpRequest(connect_timeout=0.1, read_timeout=1, media_write_timeout=0.1) as request,
    ):
        started = asyncio.get_running_loop().time()
        assert await request.post(f"http://{address}", data(document=big)) is True
        assert asyncio.get_running_loop().time() - started > 1.5  # longer than all its timeouts together


async def test_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    target = f"http://api.example/bot{TOKEN}/getMe"
    async with wire(writes(OK)) as server:
        host = server.url.removeprefix("http://").partition("/")[0]
        for name, value in (("HTTP_PROXY", f"http://me:secret@{host}"), ("all_proxy", host)):
            with monkeypatch.context() as environment:
                environment.setenv(name, value)
                async with AiohttpRequest() as request:
                    assert await request.post(target) is True
        assert all(head.startswith(f"POST {target} HTTP/1.1".encode()) for head in server.heads)
        assert [b"Proxy-Authorization: Basic bWU6c2VjcmV0" in head for head in server.heads] == [True, False]
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        async with AiohttpRequest() as request:
            assert await request.post(server.url) is True
            assert server.heads[-1].startswith(b"POST /bot")


async def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with wire(writes(refusal)) as server:
        host = server.url.removeprefix("http://").partition("/")[0]
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@{host}")
        async with AiohttpRequest() as request:
            found = await failure(request.post(f"https://api.example/bot{TOKEN}/getMe"))
    assert "ClientHttpProxyError: 407 Proxy Authentication Required" in str(found)
    assert "secret" not in str(found)


def test_a_proxy_of_another_kind_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(ConfigError, match="Only http and https proxies can be used, not socks5"):
        AiohttpRequest()


async def test_it_starts_and_stops_as_often_as_it_is_told() -> None:
    async with wire(writes(OK)) as server:
        request = AiohttpRequest()
        assert "not initialized" in str(await failure(request.post(server.url)))
        await request.shutdown()
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(server.url) is True
            await request.shutdown()
            await request.shutdown()
            assert "not initialized" in str(await failure(request.post(server.url)))


def test_it_works_on_one_event_loop_after_another() -> None:
    request = AiohttpRequest(connections=1)

    async def use() -> None:
        async with wire(writes(OK)) as server, request:
            assert await asyncio.gather(*(request.post(server.url, pool_timeout=5) for _ in range(3))) == [True] * 3

    asyncio.run(use())
    asyncio.run(use())


async def test_a_shutdown_ends_what_is_under_way() -> None:
    async with wire(never) as server, AiohttpRequest() as request:
        calls = [asyncio.create_task(request.post(server.url)) for _ in range(3)]
        for _ in calls:
            await server.arrived.acquire()
        await request.shutdown()
        async with asyncio.timeout(2):
            for call in calls:
                assert isinstance(await failure(call), NetworkError)


async def test_a_cancelled_call_frees_its_connection() -> None:
    async with wire(never) as server, AiohttpRequest(connections=1, read_timeout=0.1) as request:
        call = asyncio.create_task(request.post(server.url))
        await server.arrived.acquire()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert "waiting for the answer" in str(await failure(request.post(server.url)))
