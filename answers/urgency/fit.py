"""Fits the model of emergencies to the written examples: `python -m answers.urgency.fit` writes `weights.npz`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answers.documents import Document
from answers.library import CONTENT
from answers.models import UrgencyWords
from answers.text import normal
from answers.urgency import features
from answers.urgency.concepts import Lexicon
from answers.urgency.examples import NONE, Example, read
from answers.urgency.model import Model

EPOCHS = 12
RATE = 0.15
PULL = 5e-4
"""How strongly weights are drawn to nought."""
_CODE = ("concepts.py", "examples.py", "features.py", "fit.py", "tokens.py")
_ORDINARY = "ordinary"
_WEIGHT = {"questions": 0.25, "lookalikes": 1.3}
"""How much examples of a sort count: the many alike questions of the FAQ less, look-alikes, which are hard, more."""
_SHORTEST_TYPO = 4
_Row = tuple[NDArray[np.int64], int, float]


def digest(content: Path = CONTENT) -> str:
    """A hash of everything that the weights depend on: the examples, the words of the concepts, the code that reads them."""
    here = Path(__file__).parent
    files = [*sorted(content.glob("urgency/examples/*/*.txt")), content / "urgency/concepts.yaml"]
    files += [here.parent / "text.py", *(here / name for name in _CODE)]
    hashed = sha256()
    for file in files:
        hashed.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return hashed.hexdigest()


def fit(examples: Sequence[Example], lexicon: Lexicon, digest_: str) -> Model:
    """The model that tells the examples' cards. The same examples give the same model."""
    labels = (NONE, *sorted({example.card for example in examples} - {NONE}))
    messages = [*((example.text, example) for example in examples), *varied(examples)]
    often = Counter(example.line for _, example in messages)
    rows = [
        (numbers(text, lexicon), labels.index(example.card), _WEIGHT.get(example.sort, 1) * often[example.line] ** -0.5)
        for text, example in messages
    ]
    return _descend(rows, labels, digest_)


def numbers(text: str, lexicon: Lexicon) -> NDArray[np.int64]:
    """The features of a message."""
    tokens = lexicon.tokeniser.tokens(normal(text))
    found = [feature for token in tokens for feature in features.of_word(token.text)]
    found += [feature for feature, _ in features.of_neighbours(tokens)]
    found += [feature for feature, _ in features.of_concepts(lexicon.hear(tokens))]
    return np.array(found, dtype=np.int64)


def varied(examples: Iterable[Example]) -> Iterator[tuple[str, Example]]:
    """The examples again as people type them: with a slip, with something ordinary before or after."""
    examples = list(examples)
    ordinary: dict[str, list[str]] = {}
    harmless: dict[str, list[str]] = {}
    for example in examples:
        if example.card == NONE:
            harmless.setdefault(example.language, []).append(example.text)
            if example.sort == _ORDINARY:
                ordinary.setdefault(example.language, []).append(example.text)
    for example in examples:
        rng = random.Random(example.text)  # noqa: S311
        beside = ordinary[example.language]
        if rng.random() < 0.35:
            yield misspelt(example.text, rng), example
        if rng.random() < 0.3:
            parts = [rng.choice(beside), example.text]
            rng.shuffle(parts)
            yield rng.choice((". ", " ", ", ", "? ", "\n")).join(parts), example
        if rng.random() < 0.15:
            yield f"{rng.choice(beside)}{rng.choice('.?!')} {example.text}. {rng.choice(beside)}", example
        if example.card == NONE and rng.random() < 0.3:
            yield f"{example.text}{rng.choice(('. ', '? ', ' '))}{rng.choice(harmless[example.language])}", example


def misspelt(text: str, rng: random.Random) -> str:
    """A text with one slip of the fingers: a letter left out, swapped, doubled or wrong."""
    words = text.split()
    at = rng.randrange(len(words))
    word = words[at]
    if len(word) < _SHORTEST_TYPO:
        return text
    n = rng.randrange(1, len(word) - 1)
    words[at] = rng.choice(
        (
            word[:n] + word[n + 1 :],
            word[:n] + word[n + 1] + word[n] + word[n + 2 :],
            word[:n] + word[n] + word[n:],
            word[:n] + rng.choice("aeiourstn") + word[n + 1 :],
        )
    )
    return " ".join(words)


def _descend(rows: Sequence[_Row], labels: tuple[str, ...], digest_: str) -> Model:
    """Logistic regression over all labels by AdaGrad, one message after another."""
    table = np.zeros((features.BUCKETS, len(labels)), np.float32)
    steps = np.full_like(table, 1e-2)
    bias = np.zeros(len(labels), np.float32)
    bias_steps = np.full_like(bias, 1e-2)
    rng = np.random.default_rng(0)
    counted = [(*np.unique(found, return_counts=True), label, weight) for found, label, weight in rows]
    for _ in range(EPOCHS):
        for n in rng.permutation(len(counted)):
            found, counts, label, weight = counted[n]
            scores = bias + counts.astype(np.float32) @ table[found]
            wrong = np.exp(scores - scores.max())
            wrong /= wrong.sum()
            wrong[label] -= 1
            wrong *= weight
            slope = np.outer(counts, wrong).astype(np.float32) + PULL * table[found]
            steps[found] += slope * slope
            table[found] -= RATE * slope / np.sqrt(steps[found])
            bias_steps += wrong * wrong
            bias -= RATE * wrong / np.sqrt(bias_steps)
    return Model(labels, table, bias, digest_)


def main() -> None:
    """Fit, and write the weights beside the examples."""
    words = Document.read(CONTENT / "urgency/concepts.yaml", shown="urgency/concepts.yaml").parse(UrgencyWords)
    lexicon = Lexicon(words.concepts, words.common)
    model = fit(list(read(CONTENT / "urgency/examples")), lexicon, digest())
    (CONTENT / "urgency/weights.npz").write_bytes(model.to_bytes())


if __name__ == "__main__":
    main()
