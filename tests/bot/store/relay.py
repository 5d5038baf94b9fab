"""A way to a server that can be cut or frozen, as networks are."""

from __future__ import annotations

import asyncio
from typing import Self


class Relay:
    """Passes bytes from a port of this machine to a server. `open` and `close` it, or let nothing `through`."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._through = asyncio.Event()
        self._through.set()
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Take connections, at the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Cut every connection and take no more."""
        if self._server:
            self._server.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        self._through.set()

    def freeze(self) -> None:
        """Take connections, and pass nothing on."""
        self._through.clear()

    def thaw(self) -> None:
        """Pass everything on again."""
        self._through.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._host.startswith("/"):
            there, back = await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
        else:
            there, back = await asyncio.open_connection(self._host, self._port)
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass(source, target))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self._through.wait()
                target.write(data)
                await target.drain()
        except OSError:
            pass
        finally:
            target.close()
