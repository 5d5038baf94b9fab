"""The written examples as labelled messages: `[a|b]` in a line stands for either."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NONE = "none"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
MOST_OF_A_LINE = 8


@dataclass(frozen=True, slots=True)
class Example:
    """A message, the card it calls for (`none` for no emergency), its language, and the line it was written in."""

    text: str
    card: str
    language: str
    line: int
    sort: str


def read(folder: Path) -> Iterator[Example]:
    """Every example in `<folder>/<language>/<card>[.<sort>].txt`, one line giving up to `MOST_OF_A_LINE` of them."""
    number = 0
    for path in sorted(folder.glob("*/*.txt")):
        card, _, sort = path.stem.partition(".")
        for line in path.read_text("utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                number += 1
                for text in expanded(line.strip()):
                    yield Example(text, card, path.parent.name, number, sort)


def expanded(line: str) -> list[str]:
    """The messages that a line stands for, at most `MOST_OF_A_LINE`; each choice is in one where there is room."""
    choices = [found[1].split("|") for found in _CHOICE.finditer(line)]
    if not choices:
        return [line]
    total = 1
    for options in choices:
        total *= len(options)
    rng = random.Random(line)  # noqa: S311
    rounds = min(total, MOST_OF_A_LINE)
    orders = [rng.sample(options, len(options)) for options in choices]
    texts = dict[str, None]()
    for n in range(rounds * 3):
        picks = [order[n % len(order)] if n < len(order) else rng.choice(order) for order in orders]
        texts.setdefault(" ".join(_fill(line, picks).split()), None)
        if len(texts) == rounds:
            break
    return list(texts)


def _fill(line: str, picks: list[str]) -> str:
    remaining = iter(picks)
    return _CHOICE.sub(lambda _: next(remaining), line)
