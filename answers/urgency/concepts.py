"""Tokens → concepts: what a word or phrase means for an emergency (`wake`, `not`, `child`), whatever the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from answers.text import normal
from answers.urgency.tokens import Token, Tokeniser

ENGLISH = "en"
_TOGETHER = {"ms": "id"}
"""Languages too close to be told apart in a short message are read as one."""
_SHORTEST_FOREIGN = 4
_NOT_REWORDED = {
    "self",
    "not",
    "ask",
    "if",
    "they",
    "past",
    "fine",
    "general",
    "story",
    "laugh",
    "thing",
}
_REWORDED = 0.4
_THAI = range(0x0E00, 0x0E80)


@dataclass(frozen=True, slots=True)
class Heard:
    """A concept and the tokens (`start` to `stop`) that express it."""

    concept: str
    start: int
    stop: int


class Lexicon:
    """The words and phrases of every concept in every language.

    `concepts` maps concept → language → words, parted by commas; a word that ends in `*` stands for all that begin so.
    `common` are each language's commonest words, parted likewise: they tell the language, and mean nothing.
    """

    def __init__(self, concepts: Mapping[str, Mapping[str, str]], common: Mapping[str, str]) -> None:
        thai = {
            normal(word)
            for languages in concepts.values()
            for word in languages.get("th", "").split(",")
            if word.strip() and ord(normal(word)[0]) in _THAI
        }
        self.tokeniser = Tokeniser(thai)
        self.names = tuple(concepts)
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        self._stems: dict[str, dict[str, str]] = {}
        self._words: dict[tuple[str, str], list[str]] = {}
        votes: dict[str, set[str]] = {}
        for language, listed in common.items():
            for word in listed.split(","):
                votes.setdefault(self._one(word), set()).add(_TOGETHER.get(language, language))
        for concept, languages in concepts.items():
            for code, words_ in languages.items():
                language = _TOGETHER.get(code, code)
                for one in words_.split(","):
                    self._add(concept, language, one.strip(), votes)
        for phrases in self._phrases.values():
            for options in phrases.values():
                options.sort(key=lambda option: -len(option[0]))
        self._votes = {
            word: tuple((language, 1 / len(known)) for language in sorted(known)) for word, known in votes.items()
        }
        self._common = {
            language: frozenset(self._one(word) for word in words.split(",")) for language, words in common.items()
        }
        self._foreign = self._without_short()
        english = self._phrases.get(ENGLISH, {})
        spelt = {word for options in english.values() for phrase, _ in options for word in phrase}
        self.tokeniser.known = frozenset({*spelt, *self._common.get(ENGLISH, ())})

    def _add(self, concept: str, language: str, word: str, votes: dict[str, set[str]]) -> None:
        stem = word.endswith("*")
        tokens = tuple(token.text for token in self.tokeniser.tokens(normal(word.rstrip("*"))))
        if word.startswith("<") or not tokens:
            tokens = (word,)
        if not word.startswith("<"):
            self._words.setdefault((concept, language), []).append(word.rstrip("*"))
        if stem:
            self._stems.setdefault(language, {}).setdefault(tokens[-1], concept)
            return
        options = self._phrases.setdefault(language, {}).setdefault(tokens[0], [])
        if not any(option == tokens for option, _ in options):
            options.append((tokens, concept))
        for token in tokens:
            votes.setdefault(token, set()).add(language)

    def _one(self, word: str) -> str:
        tokens = self.tokeniser.tokens(normal(word))
        return tokens[0].text if tokens else word

    def _without_short(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        together: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for language in sorted(self._phrases):
            for first, options in self._phrases[language].items():
                kept = [option for option in options if len("".join(option[0])) >= _SHORTEST_FOREIGN]
                if language != ENGLISH and kept:
                    together.setdefault(first, []).extend(kept)
        for options in together.values():
            options.sort(key=lambda option: -len(option[0]))
        return together

    def language(self, tokens: Sequence[Token]) -> str:
        """The language that most of the words belong to; English where none stands out."""
        counts: dict[str, float] = {ENGLISH: 0.01}
        for token in tokens:
            for language, vote in self._votes.get(token.text, ()):
                counts[language] = counts.get(language, 0.0) + vote
        return max(counts, key=counts.__getitem__)

    def hear(self, tokens: Sequence[Token]) -> list[Heard]:
        """The concepts in a message, in order; the longest phrase wins, then the message's language, then English."""
        language = self.language(tokens)
        own, common = (
            self._phrases.get(language, {}),
            self._common.get(language, frozenset()),
        )
        english = self._phrases.get(ENGLISH, {})
        words = [token.text for token in tokens]
        found: list[Heard] = []
        at = 0
        while at < len(words):
            heard = self._at(words, at, own)
            if heard is None and words[at] not in common:
                heard = self._at(words, at, english) or self._stem(words[at], at, language)
                heard = heard or self._at(words, at, self._foreign)
            if heard is None:
                at += 1
            else:
                found.append(heard)
                at = heard.stop
        return found

    def reworded(self, form: str, language: str, rng: Random) -> str | None:
        """A normal form with some words changed for others of their concept; None where none was."""
        tokens, parts, at = self.tokeniser.tokens(form), list[str](), 0
        for one in self.hear(tokens):
            others = self._words.get((one.concept, _TOGETHER.get(language, language)))
            if one.concept in _NOT_REWORDED or not others or rng.random() > _REWORDED:
                continue
            parts += (form[at : tokens[one.start].start], rng.choice(others))
            at = tokens[one.stop - 1].stop
        return "".join(parts) + form[at:] if parts else None

    @staticmethod
    def _at(
        words: Sequence[str],
        at: int,
        phrases: Mapping[str, list[tuple[tuple[str, ...], str]]],
    ) -> Heard | None:
        for phrase, concept in phrases.get(words[at], ()):
            if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
                return Heard(concept, at, at + len(phrase))
        return None

    def _stem(self, word: str, at: int, language: str) -> Heard | None:
        for known in (language, ENGLISH):
            for stem, concept in self._stems.get(known, {}).items():
                if word.startswith(stem):
                    return Heard(concept, at, at + 1)
        return None
