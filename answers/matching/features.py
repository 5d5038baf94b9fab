"""Reading → the features by which a message is compared with what an entry's phrasings have taught.

Stems and pairs of stems carry the words, letters within words carry misspellings, terms and their classes carry what a
word means ("zoloft" is an SSRI), and frames carry how it is asked: a frame is two or three words in a row in which a
term is replaced by its class, so that "can i take lexapro with it" and "can i take prozac with it" share theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise
from math import log

from answers.reading import Reading
from answers.text import spelled_out, stem

SUBJECT = frozenset(
    {
        "kratom",
        "7oh",
        "mitragynine",
        "mitragynine-pseudoindoxyl",
        "mgm-15",
        "mgm-16",
        "kratom-alkaloid",
        "kratom-product",
        "kratom-strain",
        "feel-free",
    }
)
"""The terms that name what this FAQ is about."""

STEM, PAIR, LETTERS, TERM, CLASS, FRAME, LONG_FRAME, SUBJECT_FLAG = 1.0, 0.5, 0.35, 1.2, 0.6, 0.5, 0.3, 0.6
"""How much a feature of each kind weighs before its rarity is counted in."""


def features(reading: Reading) -> dict[str, float]:
    """The features of a message and their weights. One that occurs again counts a little more, not twice."""
    counts: dict[str, int] = {}
    weights: dict[str, float] = {}
    for name, weight in _features(reading):
        counts[name] = counts.get(name, 0) + 1
        weights[name] = weight
    return {name: weight if counts[name] == 1 else weight * (1 + log(counts[name])) for name, weight in weights.items()}


def _features(reading: Reading) -> Iterator[tuple[str, float]]:
    by_word = [[stem(part) for part in spelled_out(word)] for word in reading.words]
    stems = [one for stems in by_word for one in stems]
    for one in stems:
        yield f"w:{one}", STEM
    for first, second in pairwise(["^", *stems, "$"]):
        yield f"p:{first} {second}", PAIR
    for word in reading.words:
        for letters in _letters(word):
            yield letters, LETTERS
    for mention in reading.mentions:
        yield f"t:{mention.term}", TERM
        for name in mention.classes:
            yield f"c:{name}", CLASS
    yield from _frames(["^", *_frame(reading, by_word), "$"])
    subject = any(mention.term in SUBJECT for mention in reading.mentions)
    other = any(mention.term not in SUBJECT for mention in reading.mentions)
    yield f"s:{subject:d}{other:d}", SUBJECT_FLAG


@lru_cache(maxsize=50_000)
def _letters(word: str) -> tuple[str, ...]:
    """Runs of three to five letters of a word, its ends marked."""
    marked = f"<{word}>"
    return tuple(f"l:{marked[at : at + size]}" for size in (3, 4, 5) for at in range(len(marked) - size + 1))


def _frames(frame: list[str]) -> Iterator[tuple[str, float]]:
    for first, second in pairwise(frame):
        if first[0] == "<" or second[0] == "<":
            yield f"f:{first} {second}", FRAME
    for first, second, third in zip(frame, frame[1:], frame[2:], strict=False):
        yield f"g:{first} {second} {third}", LONG_FRAME


def _frame(reading: Reading, by_word: list[list[str]]) -> Iterator[str]:
    """The stems of a message with each term replaced by its class."""
    at = 0
    for mention in reading.mentions:
        yield from chain.from_iterable(by_word[at : mention.start])
        if mention.term in SUBJECT:
            yield "<kratom>"
        else:
            yield f"<{mention.classes[0] if mention.classes else mention.term}>"
        at = mention.stop
    yield from chain.from_iterable(by_word[at:])
