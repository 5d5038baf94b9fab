"""Files as parts of a form, for aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from io import SEEK_END
from typing import IO

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from telegram.request import RequestData

PIECE = 1 << 16
"""Bytes that are handed to the network at once."""


def form(data: RequestData, moved: Callable[[], None]) -> aiohttp.FormData:
    """A call's parameters and files as a form. `moved` is called after each piece of a file that was handed over."""
    made = aiohttp.FormData(default_to_multipart=True, quote_fields=False)  # Telegram shows file names as they come
    for name, value in data.json_parameters.items():
        made.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        made.add_field(name, _File(content, content_type, moved), filename=filename)
    return made


class _File(aiohttp.Payload):
    """A file, from its beginning each time it is sent, and left open: aiohttp's own would close the caller's."""

    def __init__(self, content: bytes | IO[bytes], content_type: str, moved: Callable[[], None]) -> None:
        super().__init__(content, content_type=content_type)
        self._moved = moved
        self._size = len(content) if isinstance(content, bytes) else _length(content)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002  aiohttp asks for it
        """Raises `TypeError`: a file is not text."""
        raise TypeError("A file is not text.")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Hand the file over piece by piece."""
        content: bytes | IO[bytes] = self._value
        if isinstance(content, bytes):
            for at in range(0, len(content), PIECE):
                await writer.write(content[at : at + PIECE])
                self._moved()
            return
        if self._size is not None:
            await asyncio.to_thread(content.seek, 0)
        while piece := await asyncio.to_thread(content.read, PIECE):
            await writer.write(piece)
            self._moved()


def _length(file: IO[bytes]) -> int | None:
    """How many bytes a file has; None for one that is read only onwards, such as a pipe."""
    try:
        return file.seek(0, SEEK_END)
    except (AttributeError, OSError):
        return None
