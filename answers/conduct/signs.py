"""Normal form → signs: words, and what a moderator looks for (links, handles, prices, amounts, …), in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answers.conduct_rules import ConductRules
from answers.text import words

_WORD = r"[^\W_](?:[^\W_]|['-](?=[^\W_])|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])*"
_PUNCTUATION = r"[?!\u201c\u201d\u00ab\"]|[\U0001f300-\U0001faff\u2600-\u27bf]"
PLAIN = "w"
"""The kind of a sign that is a word or punctuation."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A word, or a mark of `conduct.yaml` (`kind` names it), as it stands in the normal form."""

    kind: str
    text: str

    @property
    def name(self) -> str:
        """What stands for it beside others: a word itself, a mark's kind."""
        return self.text if self.kind == PLAIN else f"<{self.kind}>"


@dataclass(frozen=True, slots=True)
class Heard:
    """A mark or an idea of `conduct.yaml`, and the words that express it."""

    name: str
    text: str


class Signs:
    """Finds the marks and ideas of the rules. A mark is a pattern; an idea a list of words and phrases."""

    def __init__(self, rules: ConductRules) -> None:
        self._marks = tuple(rules.marks)
        marks = (
            f"(?P<m{n}>{'|'.join(rules.compile(pattern).pattern for pattern in patterns)})"
            for n, patterns in enumerate(rules.marks.values())
        )
        self._pieces = re.compile("|".join((*marks, f"(?P<w>{_WORD})", f"(?P<p>{_PUNCTUATION})")))
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for idea, listed in rules.ideas.items():
            for phrase in listed.split(","):
                names = tuple(sign.name for sign in self.signs(phrase.strip()))
                if names:
                    self._phrases.setdefault(names[0], []).append((names, idea))
        for options in self._phrases.values():
            options.sort(key=lambda option: -len(option[0]))

    def signs(self, form: str) -> list[Sign]:
        """The signs of a normal form, in order."""
        return list(self._signs(form))

    def _signs(self, form: str) -> Iterator[Sign]:
        for piece in self._pieces.finditer(form):
            group = piece.lastgroup or "p"
            if group == "w":
                yield Sign(PLAIN, "".join(words(piece[0])))
            elif group == "p":
                yield Sign(PLAIN, piece[0])
            else:
                yield Sign(self._marks[int(group[1:])], piece[0].strip())

    def hear(self, signs: Sequence[Sign]) -> list[Heard]:
        """The marks and ideas among signs, in order; the longest phrase wins."""
        names = [sign.name for sign in signs]
        found: list[Heard] = []
        at = 0
        while at < len(signs):
            for phrase, idea in self._phrases.get(names[at], ()):
                stop = at + len(phrase)
                if len(phrase) == 1 or tuple(names[at:stop]) == phrase:
                    found.append(Heard(idea, " ".join(sign.text for sign in signs[at:stop])))
                    at = stop
                    break
            else:
                if signs[at].kind != PLAIN:
                    found.append(Heard(signs[at].kind, signs[at].text))
                at += 1
        return found
