"""Plain matchers over the same phrasings: what anyone could take off the shelf, as its documentation shows it."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import bm25s
import numpy as np
import wordllama
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from answers.text import normal, words

Scores: TypeAlias = NDArray[np.float64]
TOP = 4
"""Entries that are looked at: as many as choices may be offered."""


class Rival(ABC):
    """Ranks entries by their best phrasing. `known` holds (entry id, phrasing); texts are in normal form."""

    def __init__(self, known: Sequence[tuple[str, str]]) -> None:
        self._ids = tuple(dict.fromkeys(id_ for id_, _ in known))
        place = {id_: n for n, id_ in enumerate(self._ids)}
        self._entry_of = np.array([place[id_] for id_, _ in known])
        self.learn([said(text) for _, text in known])

    @abstractmethod
    def learn(self, texts: Sequence[str]) -> None:
        """Take in the phrasings."""

    @abstractmethod
    def scores(self, text: str) -> Scores:
        """How like each phrasing a message is; the scale is the matcher's own."""

    def rank(self, text: str) -> tuple[str, ...]:
        """The first `TOP` entries for a message as it was typed."""
        best = np.full(len(self._ids), -np.inf)
        np.maximum.at(best, self._entry_of, self.scores(said(text)))
        return tuple(self._ids[n] for n in np.argsort(-best, kind="stable")[:TOP])


class BM25(Rival):
    """BM25 (Robertson et al. 1994) in Lucene's form, by bm25s."""

    def learn(self, texts: Sequence[str]) -> None:
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it says much of its own accord
        self._of = len(texts)
        self._index: Any = bm25s.BM25()
        self._index.index([text.split() for text in texts], show_progress=False)
        self._vocabulary = {word for text in texts for word in text.split()}

    def scores(self, text: str) -> Scores:
        found = [word for word in text.split() if word in self._vocabulary]
        return np.asarray(self._index.get_scores(found), dtype=float) if found else np.zeros(self._of)


class RapidFuzz(Rival):
    """Edit distance between the sets of words: rapidfuzz's token_set_ratio, the best of its seven scorers here."""

    def learn(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)

    def scores(self, text: str) -> Scores:
        return np.asarray(process.cdist([text], self._texts, scorer=fuzz.token_set_ratio)[0], dtype=float)


class TfidfWords(Rival):
    """TF-IDF over words and pairs of words, cosine."""

    settings: Mapping[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\S+"}

    def learn(self, texts: Sequence[str]) -> None:
        self._vectorizer: Any = TfidfVectorizer(sublinear_tf=True, **self.settings)
        self._known: Any = self._vectorizer.fit_transform(texts)

    def scores(self, text: str) -> Scores:
        return np.asarray((self._known @ self._vectorizer.transform([text]).T).toarray()[:, 0], dtype=float)


class TfidfCharacters(TfidfWords):
    """TF-IDF over runs of 2 to 5 characters within words, cosine."""

    settings: Mapping[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5)}


class WordLlama(Rival):
    """Static word vectors (WordLlama, 256 dimensions, from its own wheel: nothing is downloaded), cosine."""

    def learn(self, texts: Sequence[str]) -> None:
        folder = Path(wordllama.__file__).parent
        self._model: Any = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        self._known: Any = self._model.embed(list(texts), norm=True)

    def scores(self, text: str) -> Scores:
        likeness: Scores = np.asarray(self._known @ self._model.embed([text], norm=True)[0], dtype=float)
        return np.nan_to_num(likeness)


RIVALS: Mapping[str, Callable[[Sequence[tuple[str, str]]], Rival]] = {
    "BM25": BM25,
    "rapidfuzz": RapidFuzz,
    "TF-IDF, words": TfidfWords,
    "TF-IDF, characters": TfidfCharacters,
    "WordLlama": WordLlama,
}


def said(text: str) -> str:
    """The words of a text's normal form, so that no matcher loses by case or punctuation."""
    return " ".join(words(normal(text)))
