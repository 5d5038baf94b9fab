"""Reading → the features by which messages are compared: stems, pairs of stems, letters within words, and terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log

from answers.reading import Reading
from answers.text import stem

STEM, PAIR, LETTERS, TERM, CLASS = 1.0, 0.5, 0.35, 1.2, 0.6
"""How much a feature of each kind weighs before its rarity is counted in."""


def features(reading: Reading) -> Mapping[str, float]:
    """The features of a message and their weights. A term counts under its own name and, less, under its classes."""
    stems = [stem(word) for word in reading.words]
    counts = Counter[str]()
    for one in stems:
        counts[f"w:{one}"] += 1
    for first, second in zip(["^", *stems], [*stems, "$"], strict=True):
        counts[f"p:{first} {second}"] += 1
    for word in reading.words:
        marked = f"<{word}>"
        for size in (3, 4, 5):
            for at in range(len(marked) - size + 1):
                counts[f"l:{marked[at : at + size]}"] += 1
    for mention in reading.mentions:
        counts[f"t:{mention.term}"] += 1
        for name in mention.classes:
            counts[f"c:{name}"] += 1
    return {name: _WEIGHTS[name[0]] * (1 + log(count)) for name, count in counts.items()}


_WEIGHTS = {"w": STEM, "p": PAIR, "l": LETTERS, "t": TERM, "c": CLASS}
