"""Where in a message an emergency may stand: the whole of a short one, runs of sentences of a long one."""

from __future__ import annotations

from collections.abc import Sequence

from answers.urgency.tokens import Token

SHORT = 60
"""Tokens of a message that is read as one passage."""
_PASSAGE = 40
"""Tokens that a passage of a longer message has at most."""


def passages(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The passages (start, stop) of a message; each sentence of a long one begins one."""
    if len(tokens) <= SHORT:
        return [(0, len(tokens))]
    starts = [0]
    for at, token in enumerate(tokens, 1):
        if at < len(tokens) and (token.ends_sentence or at - starts[-1] >= _PASSAGE // 2):
            starts.append(at)
    stops = [*starts[1:], len(tokens)]
    found = []
    for n, start in enumerate(starts):
        stop = stops[n]
        for later in stops[n + 1 :]:
            if later - start > _PASSAGE:
                break
            stop = later
        found.append((start, stop))
    return found
