"""An example → another that means the same: what a network should not let itself be led astray by.

People leave out what they talk about ("is it ok with my lexapro"), name one medicine where the example names another of
its class, and mistype. Learning from such variations beside the examples themselves makes them matter less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from answers.library import Library
from answers.matching.features import SUBJECT
from answers.reading import Reading
from answers.text import normal, words

SHARE = 0.5
"""The share of examples that are varied."""
_STANDS_FOR_SUBJECT = ("it", "it", "this", "this stuff", "that stuff", "kratom", "the powder", "the stuff")
_UNSAID_BESIDE_OTHERS = 0.8
"""How often the subject goes unsaid where the message names something else, which then tells what it is about."""
_LONG_WORD = 5


def _unsaid(length: int) -> float:
    """How often the subject goes unsaid in a message of so many words: a very short one would be left with nothing."""
    return 0.4 if length > 4 else 0.0  # noqa: PLR2004  chosen, not derived


class Variations:
    """Varies examples at random, the same way every time."""

    def __init__(self, library: Library, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._alike: dict[str, list[str]] = defaultdict(list)
        self._class = {term: known.is_[0] for term, known in library.terms.items() if known.is_}
        for term, class_ in self._class.items():
            self._alike[class_].extend(" ".join(words(normal(name))) for name in library.terms[term].names)

    def of(self, reading: Reading) -> str | None:
        """A variation of a message, or None where it stays as it is."""
        if self._random.random() > SHARE:
            return None
        parts = [[word] for word in reading.words]
        subjects = [mention for mention in reading.mentions if mention.term in SUBJECT]
        others = [
            mention for mention in reading.mentions if mention.term in self._class and mention.term not in SUBJECT
        ]
        for mention in others:
            self._replace(parts, mention.start, mention.stop, self._one(self._alike[self._class[mention.term]]))
        if subjects and self._random.random() < (_UNSAID_BESIDE_OTHERS if others else _unsaid(len(parts))):
            for mention in subjects:
                self._replace(parts, mention.start, mention.stop, self._one(_STANDS_FOR_SUBJECT))
        elif not others:
            self._mistype(parts)
        return " ".join(word for part in parts for word in part)

    def _one(self, among: Sequence[str]) -> str:
        return among[int(self._random.integers(len(among)))]

    @staticmethod
    def _replace(parts: list[list[str]], start: int, stop: int, text: str) -> None:
        parts[start] = [text]
        for at in range(start + 1, stop):
            parts[at] = []

    def _mistype(self, parts: list[list[str]]) -> None:
        """One long word with two letters swapped, one left out, or one doubled."""
        long = [at for at, part in enumerate(parts) if len(part[0]) >= _LONG_WORD]
        if not long:
            return
        at = long[int(self._random.integers(len(long)))]
        word = parts[at][0]
        where = int(self._random.integers(1, len(word) - 1))
        swapped = word[:where] + word[where + 1] + word[where] + word[where + 2 :]
        parts[at] = [self._one((swapped, word[:where] + word[where + 1 :], word[:where] + word[where] + word[where:]))]
