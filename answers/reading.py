"""Text → Reading: a message's language, normal form and terms. Nothing downstream looks at the raw text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from answers.library import Library
from answers.text import normal, words

_SCRIPTS = {
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
}
STATE = "us-state"
"""The class of the terms that are U.S. states (`us-al` and so on)."""
_LETTER = re.compile(r"[^\W\d_]")
_KANA = re.compile(r"[\u3040-\u30ff]")


@dataclass(frozen=True)
class Mention:
    """A term in a message: its canonical name, the classes it belongs to, and the words that name it."""

    term: str
    classes: tuple[str, ...]
    start: int
    stop: int


@dataclass(frozen=True)
class Reading:
    """What was taken out of a message. `words` are those of `normal`; a mention's `start` and `stop` count them."""

    normal: str
    words: tuple[str, ...]
    language: str
    mentions: tuple[Mention, ...]

    @property
    def terms(self) -> frozenset[str]:
        """Every term mentioned and every class that one belongs to."""
        return frozenset(name for mention in self.mentions for name in (mention.term, *mention.classes))


class Reader:
    """Reads messages with a library's terms and languages."""

    def __init__(self, library: Library) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._classes = _closure({term: library.terms[term].is_ for term in library.terms})
        for term, known in library.terms.items():
            for name in (*known.names, term.replace("-", " ")):
                self._names.setdefault(tuple(words(normal(name))), term)
        for state in library.state_law.states:
            term = f"us-{state.code.lower()}"
            self._classes[term] = (STATE,)
            for name in (state.state, *state.names):
                self._names.setdefault(tuple(words(normal(name))), term)
        self._longest = max(map(len, self._names), default=0)
        self._languages = {
            language: frozenset(words(normal(" ".join(known.words)))) for language, known in library.languages.items()
        }

    def read(self, text: str) -> Reading:
        """A message's reading. Any text at all has one."""
        form = normal(text)
        found = tuple(words(form))
        return Reading(form, found, self._language(form, found), tuple(self._mentions(found)))

    def _mentions(self, found: tuple[str, ...]) -> Iterator[Mention]:
        at = 0
        while at < len(found):
            for length in range(min(self._longest, len(found) - at), 0, -1):
                term = self._names.get(found[at : at + length])
                if term:
                    yield Mention(term, self._classes[term], at, at + length)
                    at += length
                    break
            else:
                at += 1

    def _language(self, form: str, found: tuple[str, ...]) -> str:
        letters = len(_LETTER.findall(form))
        for language, script in _SCRIPTS.items():
            if language == "ja" and not _KANA.search(form):
                continue  # only characters that Chinese has too
            if letters and len(script.findall(form)) * 2 > letters:
                return language
        counts = Counter[str]()
        for language, known in self._languages.items():
            counts[language] = sum(word in known for word in found)
        best, count = max(counts.items(), key=lambda item: (item[1], item[0] == "en"), default=("en", 0))
        return best if count > counts["en"] and count * 5 >= len(found) else "en"


def _closure(parents: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Each term's classes, and the classes of those, nearest first."""

    def above(term: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
        for parent in parents.get(term, ()):
            if parent not in seen:
                yield parent
                yield from above(parent, (*seen, parent))

    return {term: tuple(dict.fromkeys(above(term))) for term in parents}
