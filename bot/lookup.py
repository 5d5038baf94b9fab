"""Finds entries while their question is still being typed, by the beginnings of words."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from math import log

from answers import Library
from answers.text import normal, words

LEAST_SHARE = 0.15
"""How well an entry must fit beside the best to be found."""


class Lookup:
    """An index of the words of every entry's question and phrasings, in every language they are written in.

    A word counts for an entry by the share of its phrasings that have it, one more where the question itself does, and
    by how few entries have it at all.
    """

    def __init__(self, library: Library) -> None:
        found: dict[str, dict[str, float]] = {}
        for entry in library.entries.values():
            asked = [entry.question, *(one.question for one in library.translations.get(entry.id, ()) if one.question)]
            phrased = [*entry.phrasings, *library.translated_phrasings(entry.id)]
            counts = Counter(word for text in phrased for word in set(words(normal(text))))
            in_question = {word for text in asked for word in words(normal(text))}
            for word in counts.keys() | in_question:
                found.setdefault(word, {})[entry.id] = counts[word] / len(phrased) + (word in in_question)
        self._words = sorted(found)
        self._weights = [
            {id_: weight * log(1 + len(library.entries) / len(found[word])) for id_, weight in found[word].items()}
            for word in self._words
        ]

    def find(self, typed: str) -> tuple[str, ...]:
        """The ids of entries that have a word for the beginning of each typed word, best first."""
        total: Counter[str] = Counter()
        fitting: set[str] | None = None
        for beginning in words(normal(typed)):
            best = self._best(beginning)
            fitting = set(best) if fitting is None else fitting & set(best)
            total.update(best)
        ranked = [(id_, weight) for id_, weight in total.most_common() if id_ in (fitting or ())]
        return tuple(id_ for id_, weight in ranked if weight >= LEAST_SHARE * ranked[0][1])

    def _best(self, beginning: str) -> dict[str, float]:
        """Each entry with a word that begins so, and what the best of its words counts."""
        best: dict[str, float] = {}
        at = bisect_left(self._words, beginning)
        while at < len(self._words) and self._words[at].startswith(beginning):
            for id_, weight in self._weights[at].items():
                best[id_] = max(best.get(id_, 0.0), weight)
            at += 1
        return best
