"""Tokens and concepts → numbered features, each with the token at which it stands: what the model weighs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

from answers.urgency.concepts import Heard
from answers.urgency.tokens import Token

BITS = 16
BUCKETS = 1 << BITS
_MASK = BUCKETS - 1
_NEAR = 3
"""How many concepts before it one is paired with."""
_REACH = 10
"""How many tokens such a pair may span."""
_LONGEST_WORD = 24
_FIRST = "^"


@lru_cache(maxsize=100_000)
def word_hash(word: str) -> int:
    """A number for a word, the same in every run."""
    return crc32(word.encode("utf-8", "replace"))


@lru_cache(maxsize=50_000)
def of_word(word: str) -> tuple[int, ...]:
    """The features of a word alone: itself, and its runs of 3 to 5 letters."""
    edged = f"^{word[:_LONGEST_WORD]}$"
    grams = [word]
    if not word.startswith("<"):
        grams += [f"~{edged[n : n + size]}" for size in (3, 4, 5) for n in range(len(edged) - size + 1)]
    return tuple(dict.fromkeys(word_hash(gram) & _MASK for gram in grams))


def of_neighbours(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """(feature, token) for words that stand together: pairs, pairs with one word between, and triples."""
    found: list[tuple[int, int]] = []
    before2, before = 0, word_hash(_FIRST)
    for at, token in enumerate(tokens):
        here = word_hash(token.text)
        found.append((_mix(before, here, 3), at))
        if at:
            found.append((_mix(before2, here, 5), at))
            found.append((_mix(_mix(before2, before, 7), here, 11), at))
        before2, before = before, here
    return found


def of_concepts(heard: Sequence[Heard]) -> list[tuple[int, int]]:
    """(feature, token) for concepts: each, each after one of those shortly before it, and each three in a row."""
    found: list[tuple[int, int]] = []
    before: list[tuple[int, int]] = [(word_hash("#^"), -1)]
    for one in heard:
        here = word_hash("#" + one.concept)
        found.append((here & _MASK, one.start))
        for back, (earlier, where) in enumerate(reversed(before)):
            if one.start - where > _REACH:
                break
            found.append((_mix(earlier, here, 13), one.start))
            if back == 0:
                found.append((_mix(earlier, here, 17), one.start))
        if len(before) > 1:
            found.append((_mix(_mix(before[-2][0], before[-1][0], 19), here, 23), one.start))
        before.append((here, one.start))
        if len(before) > _NEAR:
            before.pop(0)
    return found


def _mix(first: int, second: int, salt: int) -> int:
    mixed = (first * 0x9E3779B1 + second * 0x85EBCA6B + salt * 0xC2B2AE35) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    return (mixed * 0x2C1B3C6D >> 7) & _MASK
