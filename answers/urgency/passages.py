"""Where in a message an emergency may stand: the whole of a short one; each sentence, and each two, of any."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from answers.urgency.tokens import Token

SHORT = 60
"""Tokens of a message that is also read as a whole."""
_SENTENCE = 20
"""Tokens after which a sentence that does not end is cut."""
_FEWEST = 4
"""Tokens of a sentence that says something by itself."""


def passages(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The passages (start, stop) of a message: the first is the whole of a short one; the others are its parts."""
    starts = [0]
    for at, token in enumerate(tokens, 1):
        if at < len(tokens) and (token.ends_sentence or at - starts[-1] >= _SENTENCE):
            starts.append(at)
    whole = [(0, len(tokens))] if len(tokens) <= SHORT else []
    sentences = list(pairwise([*starts, len(tokens)]))
    if len(sentences) == 1:
        return whole or sentences
    alone = [(start, stop) for start, stop in sentences if stop - start >= _FEWEST]
    return [
        *whole,
        *alone,
        *((first[0], second[1]) for first, second in pairwise(sentences)),
    ]


def whole(tokens: Sequence[Token]) -> bool:
    """Whether the first passage of a message is the whole of it."""
    return len(tokens) <= SHORT
