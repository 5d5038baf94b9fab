"""The same bot in a terminal: a line in, a reply out."""

from __future__ import annotations

import sys
from typing import TextIO

from rich.console import Console
from rich.markdown import Markdown

from answers import Answerer, Reply
from answers.rendering import to_markdown, to_text

WIDTH = 100


class Chat:
    """A conversation in a terminal. `out` that is no terminal gets plain text."""

    def __init__(self, answerer: Answerer, *, source: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
        self._answerer = answerer
        self._wording = answerer.library.wording["en"].console
        self._source = source
        self._console = Console(file=out, width=None if out.isatty() else WIDTH, highlight=False, emoji=False)
        self._offered: tuple[str, ...] = ()

    def run(self) -> None:
        """Answer each line until the input ends."""
        self._say(self._wording.hello)
        while True:
            if self._source.isatty():
                self._console.print("\n[bold]>[/bold] ", end="")
            line = self._source.readline()
            if not line:
                return
            if line.strip():
                self._answer(line.strip())

    def _answer(self, text: str) -> None:
        if not self._source.isatty():
            self._say(f"> {text}")
        picked = int(text) if text.isdecimal() and len(text) == 1 else 0
        if 0 < picked <= len(self._offered):
            reply = self._answerer.open(self._offered[picked - 1])
        else:
            reply = self._answerer.reply(text)
        self._offered = tuple(entry.id for entry in reply.offered)
        self._show(reply)

    def _show(self, reply: Reply) -> None:
        if self._console.is_terminal:
            self._console.print(Markdown(to_markdown(reply, self._answerer.library)))
        else:
            self._say(to_text(reply, self._answerer.library))
        if reply.offered:
            self._say(self._wording.pick)

    def _say(self, text: str) -> None:
        self._console.print(f"{text}\n", markup=False, soft_wrap=True)
