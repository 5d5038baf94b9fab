"""The least of the Bot API that a bot runs on: much faster than the tests' strict stand-in, which would slow the bot.

It has no limits, checks nothing, and hands out each update once.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

TOKEN = "424242:a-token-for-measuring-that-no-bot-has"  # noqa: S105  made up
MOST_UPDATES = 100
POLL = 10.0
"""Seconds that getUpdates waits."""
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHAT = re.compile(rb"(?:^|&)chat_id=(\d+)")
_ME = {"id": 424242, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
_OTHERS = {"getMe": _ME, "getMyCommands": [], "getUpdates": []}


class Telegram:
    """Serves one bot at `url`. Each call is answered `delay` seconds later than it could be.

    `sent` is called with the chat's number when a message for it arrives.
    """

    def __init__(self, sent: Callable[[int], object]) -> None:
        self.sent = sent
        self.delay = 0.0
        self.url = ""
        self.polled = asyncio.Event()
        self._updates: deque[str] = deque()
        self._number = 0
        self._poll: Callable[[], None] | None = None
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Telegram:  # noqa: PYI034  it is not made to be subclassed
        self._server = await asyncio.get_running_loop().create_server(partial(_Connection, self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()

    def says(self, chat: int, text: str) -> None:
        """Have the person of a private chat write something."""
        self._number += 1
        person = f'{{"id":{chat},"is_bot":false,"first_name":"A"}}'
        self._updates.append(
            f'{{"update_id":{self._number},"message":{{"message_id":{self._number},"date":1,"from":{person},'
            f'"chat":{{"id":{chat},"type":"private","first_name":"A"}},"text":{json.dumps(text)}}}}}'
        )
        if self._poll:
            asyncio.get_running_loop().call_soon(self._poll)  # with what else is said in this moment
            self._poll = None

    def take(self) -> str:
        """The next updates, as a JSON list."""
        return f"[{','.join(self._updates.popleft() for _ in range(min(MOST_UPDATES, len(self._updates))))}]"

    def call(self, method: str, body: bytes, answer: Callable[[str], None]) -> None:
        """Do one call; `answer` is called with its result as JSON."""
        later = partial(asyncio.get_running_loop().call_later, self.delay) if self.delay else None
        if method == "sendMessage" and (found := _CHAT.search(body)):
            chat = int(found[1])
            self.sent(chat)
            result = f'{{"message_id":1,"date":1,"chat":{{"id":{chat},"type":"private"}},"text":"x"}}'
        elif method == "getUpdates" and not self._updates:
            self.polled.set()
            self._poll = poll = lambda: self.call("getUpdates", b"", answer) if self._updates else answer("[]")
            asyncio.get_running_loop().call_later(POLL, self._end, poll)
            return
        else:
            result = self.take() if method == "getUpdates" else json.dumps(_OTHERS.get(method, True))
        if later:
            later(answer, result)
        else:
            answer(result)

    def _end(self, poll: Callable[[], None]) -> None:
        if self._poll is poll:
            self._poll = None
            poll()


class _Connection(asyncio.Protocol):
    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(found[1]) if (found := _LENGTH.search(head)) else 0
        if len(rest) >= length:
            self._received = b""  # one call at a time on each connection
            path = head.split(b" ", 2)[1]
            self._telegram.call(path.rpartition(b"/")[2].decode(), rest, self._answer)

    def _answer(self, result: str) -> None:
        body = f'{{"ok":true,"result":{result}}}'.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        if not self._transport.is_closing():
            self._transport.write(head.encode() + body)
