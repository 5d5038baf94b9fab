r"""The written examples as labelled messages: one a line, `\n` for a new line, `»` before one that was forwarded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from answers.conduct_rules import ConductLabel

FORWARDED = "»"
FOLDER = "conduct/examples"


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it does."""

    text: str
    label: ConductLabel
    forwarded: bool = False


def read(content: Path) -> Iterator[Example]:
    """Every example in `<content>/conduct/examples/<label>.txt`."""
    for label in get_args(ConductLabel):
        path = content / FOLDER / f"{label}.txt"
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            if line.strip() and not line.startswith("#"):
                text = line.removeprefix(FORWARDED).strip().replace("\\n", "\n")
                yield Example(text, label, forwarded=line.startswith(FORWARDED))
