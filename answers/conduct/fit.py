"""Fits the model of conduct to the written examples: `python -m answers.conduct.fit` writes `conduct/weights.npz`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from answers.conduct.examples import FOLDER, Example, read
from answers.conduct.features import features
from answers.conduct.model import BUCKETS, LABELS, Floats, Ints, Model, rarities, softmax, vector
from answers.conduct.signs import Signs
from answers.library import CONTENT, Library
from answers.reading import Reader
from answers.urgency.examples import NONE
from answers.urgency.examples import read as urgency_examples

EPOCHS, RATE, PULL, DROPPED = 12, 0.2, 2e-4, 0.3
"""Passes over the examples, the first step's size, the pull of weights to nought, and the share of a message's features
left out at each step, so that no single one is leant on."""
BESIDE, MISSPELT = 0.3, 0.25
"""The shares of examples that are tried beside a harmless one, and with a slip of the fingers."""
PHRASINGS, OF_A_PHRASING = 2500, 0.2
"""How many of the FAQ's phrasings are taken as questions, and how much one counts."""
CRISES, LOOK_ALIKES, OF_AN_ALARM = 1500, 1500, 0.4
"""How many of the examples of emergencies, and of what sounds like one, are taken, and how much one counts."""
_CODE = ("examples.py", "features.py", "fit.py", "model.py", "signs.py")
_SHORTEST_TYPO, _SHORT = 5, 60
_ASKS = ("what ", "how ", "why ", "when ", "who ", "can ", "is ", "are ", "does ", "do ", "did ", "will ", "should ")
_Row = tuple[tuple[Ints, Floats], int, float]


def digest(library: Library) -> str:
    """A hash of what the weights depend on most: the examples, the marks and ideas, the code.

    The FAQ's phrasings and the examples of emergencies are left out: who adds one need not fit this anew.
    """
    hashed = sha256(library.conduct.model_dump_json(include={"fragments", "marks", "ideas"}).encode())
    for file in sorted((library.content / FOLDER).glob("*.txt")):
        hashed.update(file.name.encode() + file.read_bytes())
    for name in _CODE:
        hashed.update((Path(__file__).parent / name).read_bytes())
    return hashed.hexdigest()


def fit(library: Library, examples: Sequence[Example]) -> Model:
    """The model that tells the examples' labels. The same examples give the same model."""
    reader, signs = Reader(library), Signs(library.conduct)

    def found(example: Example) -> dict[str, float]:
        reading = reader.read(example.text)
        row = signs.signs(reading.normal)
        return features(reading, row, signs.hear(row), forwarded=example.forwarded)

    weighted = [
        *((example, 1.0) for example in examples),
        *((example, 0.5) for example in varied(examples)),
        *((example, OF_A_PHRASING) for example in asked(library)),
        *((example, OF_AN_ALARM) for example in alarming(library)),
    ]
    messages = [found(example) for example, _ in weighted]
    rarity = rarities(messages)
    rows = [
        (vector(message, rarity), LABELS.index(example.label), weight)
        for message, (example, weight) in zip(messages, weighted, strict=True)
    ]
    table, bias = _descend(rows)
    return Model(LABELS, rarity, table, bias, digest(library))


def varied(examples: Sequence[Example]) -> Iterator[Example]:
    """The examples again as people type them: with a slip, or beside something harmless that is short."""
    harmless = [one.text for one in examples if one.label == "fine" and len(one.text) < _SHORT]
    for example in examples:
        rng = random.Random(example.text)  # noqa: S311  the same every time
        if rng.random() < BESIDE:
            parts = [rng.choice(harmless), example.text]
            rng.shuffle(parts)
            yield replace(example, text=rng.choice((". ", " ", "\n", ", ")).join(parts))
        if rng.random() < MISSPELT:
            yield replace(example, text=_misspelt(example.text, rng))


def asked(library: Library) -> list[Example]:
    """Phrasings of the FAQ's entries: each is how somebody asks."""
    entries = [entry for entry in library.entries.values() if not entry.declined]
    phrasings = [text for entry in entries for text in entry.phrasings]
    return [Example(text, "question") for text in _some(phrasings, PHRASINGS)]


def alarming(library: Library) -> list[Example]:
    """Emergencies in English, and what sounds like one, from the examples of the urgency detector."""
    written = [one for one in urgency_examples(library.content / "urgency/examples") if one.language == "en"]
    crises = _some([one.text for one in written if one.card != NONE], CRISES)
    alike = _some([one.text for one in written if one.sort == "lookalikes"], LOOK_ALIKES)
    return [
        *(Example(text, "crisis") for text in crises),
        *(Example(text, "question" if _asks(text) else "fine") for text in alike),
    ]


def _asks(text: str) -> bool:
    return text.endswith("?") or text.lower().startswith(_ASKS)


def _some(texts: Sequence[str], most: int) -> list[str]:
    return random.Random(most).sample(texts, min(most, len(texts)))  # noqa: S311  the same every time


def _misspelt(text: str, rng: random.Random) -> str:
    """A text with a letter of one long word left out, swapped or doubled."""
    words = text.split(" ")
    at = rng.randrange(len(words))
    word = words[at]
    if len(word) >= _SHORTEST_TYPO and word.isalpha():
        n = rng.randrange(1, len(word) - 1)
        words[at] = word[:n] + rng.choice((word[n + 1 :], word[n] + word[n:], word[n + 1] + word[n] + word[n + 2 :]))
    return " ".join(words)


def _descend(rows: Sequence[_Row]) -> tuple[Floats, Floats]:
    """Multinomial logistic regression by AdaGrad, one message after another: table and bias."""
    rng = np.random.default_rng(1)
    table, bias = np.zeros((BUCKETS, len(LABELS)), np.float32), np.zeros(len(LABELS), np.float32)
    steps, bias_steps = np.full_like(table, 1e-2), np.full_like(bias, 1e-2)
    for epoch in range(EPOCHS):
        rate = RATE * (1 - epoch / EPOCHS)
        for n in rng.permutation(len(rows)):
            (buckets, values), label, weight = rows[n]
            kept = rng.random(len(buckets)) > DROPPED
            buckets, values = buckets[kept], values[kept] / np.float32(1 - DROPPED)
            wrong = softmax(bias + values @ table[buckets])
            wrong[label] -= 1
            wrong *= np.float32(weight)
            slope = np.outer(values, wrong) + PULL * table[buckets]
            steps[buckets] += slope * slope
            table[buckets] -= rate * slope / np.sqrt(steps[buckets])
            bias_steps += wrong * wrong
            bias -= rate * wrong / np.sqrt(bias_steps)
    return table, bias


def main() -> None:
    """Fit, and write the weights beside the examples."""
    library = Library.load()
    (CONTENT / "conduct/weights.npz").write_bytes(fit(library, list(read(CONTENT))).to_bytes())


if __name__ == "__main__":
    main()
