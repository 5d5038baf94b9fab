"""A normal form as tokens: words, numbers made alike, question marks, faces; Thai cut at the words that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_PIECES = re.compile(
    r"(?P<thai>[\u0e00-\u0e7f]+)"
    r"|(?P<word>[^\W_](?:[^\W_]|['*-](?=[^\W_])|[\u0300-\u036f])*)"
    r"|(?P<stop>[.!?;\u2026\u3002]+)"
    r"|(?P<face>[\U0001f300-\U0001faff\u2620\u2639\u263a\u2764])"
)
_ELISION = re.compile(r"^(?:[ld]|qu|un|dell|all|nell|dall|sull)'(?=.)")
_NUMBER = re.compile(r"^(\d+)([^\W\d_]*)$")
_JOINED = str.maketrans("", "", "'-*")
_KEPT = {
    "7oh",
    "7ohmz",
    "7hydroxy",
    "911",
    "999",
    "112",
    "988",
    "1669",
    "192",
    "118",
    "555",
    "5555",
}
_LONGEST_THAI = 12
_LONG = 8
_LONGEST_KNOWN = 12
_FEWEST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A word (or mark) and the span of the normal form that it stands for."""

    text: str
    start: int
    stop: int

    @property
    def ends_sentence(self) -> bool:
        return self.text in {".", "?", "!"}


class Tokeniser:
    """Cuts a normal form into tokens. `thai` are the words at which Thai, which has no spaces, is cut."""

    def __init__(self, thai: Iterable[str]) -> None:
        self.known: frozenset[str] = frozenset()
        """The words at which letters written apart, which the normal form joins ("iwanttodie"), are cut again."""
        longest_first = sorted(set(thai), key=lambda word: (-len(word), word))
        self._thai = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def tokens(self, form: str) -> list[Token]:
        """The tokens of a normal form, in order."""
        found: list[Token] = []
        for piece in _PIECES.finditer(form):
            start, stop = piece.span()
            if piece.lastgroup == "word":
                word = _word(piece[0])
                if len(word) >= _LONG and word.isascii() and word.isalpha() and word not in self.known:
                    found += self._apart(word, start, stop)
                else:
                    found.append(Token(word, start, stop))
            elif piece.lastgroup == "thai":
                self._cut(piece[0], start, found)
            elif piece.lastgroup == "stop":
                mark = piece[0]
                found.append(Token("?" if "?" in mark else "!" if "!" in mark else ".", start, stop))
            else:
                found.append(Token(piece[0], start, stop))
        return found

    def _apart(self, word: str, start: int, stop: int) -> list[Token]:
        """A long unknown word as the known words that it wholly consists of, if those are three or more."""
        fewest: list[tuple[int, int] | None] = [(0, 0), *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for begin in range(max(0, end - _LONGEST_KNOWN), end):
                before = fewest[begin]
                if before is not None and word[begin:end] in self.known:
                    fewest[end] = min(fewest[end] or (len(word), 0), (before[0] + 1, begin))
        cuts, end = [len(word)], len(word)
        while end and (last := fewest[end]) is not None:
            end = last[1]
            cuts.insert(0, end)
        if end or len(cuts) <= _FEWEST_PARTS or stop - start != len(word):
            return [Token(word, start, stop)]
        return [Token(word[a:b], start + a, start + b) for a, b in pairwise(cuts)]

    def _cut(self, run: str, offset: int, found: list[Token]) -> None:
        at = 0
        for known in self._thai.finditer(run):
            self._rest(run, at, known.start(), offset, found)
            found.append(Token(known[0], offset + known.start(), offset + known.end()))
            at = known.end()
        self._rest(run, at, len(run), offset, found)

    @staticmethod
    def _rest(run: str, start: int, stop: int, offset: int, found: list[Token]) -> None:
        for at in range(start, stop, _LONGEST_THAI):
            end = min(at + _LONGEST_THAI, stop)
            found.append(Token(run[at:end], offset + at, offset + end))


def _word(word: str) -> str:
    word = _ELISION.sub("", word).translate(_JOINED)
    number = _NUMBER.match(word)
    if number is None or word in _KEPT:
        return word
    digits, unit = number.groups()
    if unit:
        return f"<n>{unit}"
    if len(digits) == len("2019") and digits[:2] in {"19", "20"}:
        return "<year>"
    return f"<n{min(len(digits), 3)}>"
