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
from answers.urgency.model import Floats, Model
from answers.urgency.passages import passages, whole

EPOCHS = 8
RATE = 0.15
PULL = 5e-4
"""How strongly weights are drawn to nought."""
MISSPELT, BESIDE, BETWEEN, WITHIN = 0.35, 0.3, 0.3, 0.1
"""The shares of examples that are tried with a slip, beside one ordinary message, between two, and within a story."""
REWORDED = 2
"""How often an example is tried with other words."""
NETWORKS = 3
HIDDEN = 16
LAYERED_EPOCHS = 10
LAYERED_RATE = 0.05
LAYERED_PULL = 1e-4
DROPPED = 0.45
"""The share of a message's features left out at each step, so that no single one is leant on."""
_CODE = (
    "concepts.py",
    "examples.py",
    "features.py",
    "fit.py",
    "passages.py",
    "tokens.py",
)
_ORDINARY = "ordinary"
_QUESTIONS = "questions"
_WEIGHT = {_QUESTIONS: 0.5, "lookalikes": 1.3}
"""How much examples of a sort count: the many alike questions of the FAQ less, look-alikes, which are hard, more."""
_SHORTEST_TYPO = 4
_STORY = 200
"""Characters from which a question is a story, whose sentences may stand around an emergency."""
_Row = tuple[NDArray[np.int64], int, float]
_Message = tuple[NDArray[np.int64], Floats, int, float]


def digest(content: Path = CONTENT) -> str:
    """A hash of all that the weights depend on: the examples in normal form, the words of the concepts, the code."""
    here = Path(__file__).parent
    hashed = sha256((content / "urgency/concepts.yaml").read_bytes())
    for file in sorted(content.glob("urgency/examples/*/*.txt")):
        lines = file.read_text("utf-8").splitlines()
        hashed.update("\n".join((file.relative_to(content).as_posix(), *map(normal, lines))).encode())
    for name in _CODE:
        hashed.update((here / name).read_bytes())
    return hashed.hexdigest()


def fit(examples: Sequence[Example], lexicon: Lexicon, digest_: str) -> Model:
    """The model that tells the examples' cards. The same examples give the same model."""
    labels = (NONE, *sorted({example.card for example in examples} - {NONE}))
    messages = [
        *((example.text, example) for example in examples),
        *varied(examples),
        *reworded(examples, lexicon),
    ]
    read_ = [(found, example) for text, example in messages for found in numbers(text, lexicon)]
    often = Counter(example.line for _, example in read_)
    rows = [
        (
            found,
            labels.index(example.card),
            _WEIGHT.get(example.sort, 1) * often[example.line] ** -0.5,
        )
        for found, example in read_
    ]
    return _descend(rows, labels, digest_)


def numbers(text: str, lexicon: Lexicon) -> Iterator[NDArray[np.int64]]:
    """The features of a message as a whole; of each part of a long one."""
    message = lexicon.tokeniser.tokens(normal(text))
    for start, stop in passages(message)[: 1 if whole(message) else None]:
        tokens = message[start:stop]
        found = [feature for token in tokens for feature in features.of_word(token.text)]
        found += [feature for feature, _ in features.of_neighbours(tokens)]
        found += [feature for feature, _ in features.of_concepts(lexicon.hear(tokens))]
        yield np.array(found, dtype=np.int64)


def varied(examples: Sequence[Example]) -> Iterator[tuple[str, Example]]:
    """The examples again as people type them: with a slip, with something ordinary before or after, within a story."""
    ordinary = _texts(example for example in examples if example.sort == _ORDINARY)
    harmless = _texts(example for example in examples if example.card == NONE)
    stories = _texts(example for example in examples if example.sort == _QUESTIONS and len(example.text) > _STORY)
    for example in examples:
        rng = random.Random(example.text)  # noqa: S311
        beside = ordinary[example.language]
        if rng.random() < MISSPELT:
            yield misspelt(example.text, rng), example
        if rng.random() < BESIDE:
            parts = [rng.choice(beside), example.text]
            rng.shuffle(parts)
            yield rng.choice((". ", " ", ", ", "? ", "\n")).join(parts), example
        if rng.random() < BETWEEN:
            yield (
                f"{rng.choice(beside)}{rng.choice('.?!')} {example.text}. {rng.choice(beside)}",
                example,
            )
        if example.card == NONE:
            if rng.random() < BESIDE:
                after = rng.choice(harmless[example.language])
                yield f"{example.text}{rng.choice(('. ', '? ', ' '))}{after}", example
        elif example.language in stories and rng.random() < WITHIN:
            before, after = (_part(rng.choice(stories[example.language]), rng) for _ in range(2))
            yield f"{before} {example.text}. {after}", example


def _texts(examples: Iterable[Example]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for example in examples:
        texts.setdefault(example.language, []).append(example.text)
    return texts


def _part(text: str, rng: random.Random) -> str:
    """A sentence of a text."""
    return f"{rng.choice([part for part in text.split('. ') if part])}."


def reworded(examples: Iterable[Example], lexicon: Lexicon) -> Iterator[tuple[str, Example]]:
    """The examples again with some words changed for others of the same concept and language."""
    for example in examples:
        rng = random.Random(f"{example.text} reworded")  # noqa: S311
        for _ in range(0 if example.sort == _QUESTIONS else REWORDED):
            text = lexicon.reworded(normal(example.text), example.language, rng)
            if text is not None:
                yield text, example


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
    counted = [(*np.unique(found, return_counts=True), label, weight) for found, label, weight in rows]
    messages = [(found, counts.astype(np.float32), label, weight) for found, counts, label, weight in counted]
    linear, bias = _linear(messages, len(labels))
    layered = [_layered(messages, len(labels), seed) for seed in range(1, NETWORKS + 1)]
    return Model(
        labels=labels,
        table=np.hstack([linear, *(table for table, _, _, _ in layered)]),
        bias=(bias + sum(bias_ for _, _, _, bias_ in layered) / NETWORKS).astype(np.float32),
        hidden_bias=np.concatenate([inner for _, inner, _, _ in layered]),
        out=(np.vstack([out for _, _, out, _ in layered]) / NETWORKS).astype(np.float32),
        digest=digest_,
    )


def _linear(messages: Sequence[_Message], labels: int) -> tuple[Floats, Floats]:
    """Logistic regression by AdaGrad, one message after another: weights and bias."""
    table, bias = (
        np.zeros((features.BUCKETS, labels), np.float32),
        np.zeros(labels, np.float32),
    )
    steps, bias_steps = np.full_like(table, 1e-2), np.full_like(bias, 1e-2)
    rng = np.random.default_rng(0)
    for _ in range(EPOCHS):
        for n in rng.permutation(len(messages)):
            found, counts, label, weight = messages[n]
            wrong = _wrong(bias + counts @ table[found], label, weight)
            slope = np.outer(counts, wrong) + PULL * table[found]
            steps[found] += slope * slope
            table[found] -= RATE * slope / np.sqrt(steps[found])
            bias_steps += wrong * wrong
            bias -= RATE * wrong / np.sqrt(bias_steps)
    return table, bias


def _layered(messages: Sequence[_Message], labels: int, seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """A network with one hidden layer, by AdaGrad with dropped features: its weights and biases, inner then outer."""
    rng = np.random.default_rng(seed)
    table = (rng.standard_normal((features.BUCKETS, HIDDEN)) * 0.03).astype(np.float32)
    out = (rng.standard_normal((HIDDEN, labels)) * 0.3).astype(np.float32)
    hidden_bias, bias = np.full(HIDDEN, 0.1, np.float32), np.zeros(labels, np.float32)
    steps, out_steps = np.full_like(table, 1e-2), np.full_like(out, 1e-2)
    seen = np.zeros(features.BUCKETS, np.bool_)
    for epoch in range(LAYERED_EPOCHS):
        rate = LAYERED_RATE * (1 - 0.8 * epoch / LAYERED_EPOCHS)
        for n in rng.permutation(len(messages)):
            found, counts, label, weight = messages[n]
            seen[found] = True
            kept = rng.random(len(found)) > DROPPED
            found, counts = found[kept], counts[kept] / (1 - DROPPED)
            within = hidden_bias + counts @ table[found]
            hidden = np.maximum(within, 0)
            wrong = _wrong(bias + hidden @ out, label, weight)
            back = np.where(within > 0, out @ wrong, 0).astype(np.float32)
            slope = np.outer(hidden, wrong) + LAYERED_PULL * out
            out_steps += slope * slope
            out -= rate * slope / np.sqrt(out_steps)
            bias -= 0.3 * rate * wrong
            hidden_bias -= 0.3 * rate * back
            slope = np.outer(counts, back) + LAYERED_PULL * table[found]
            steps[found] += slope * slope
            table[found] -= rate * slope / np.sqrt(steps[found])
    table[~seen] = 0
    return table, hidden_bias, out, bias


def _wrong(scores: Floats, label: int, weight: float) -> Floats:
    """How far the probabilities that the scores give are from the truth."""
    wrong = np.exp(scores - scores.max())
    wrong /= wrong.sum()
    wrong[label] -= 1
    scaled: Floats = (wrong * weight).astype(np.float32)
    return scaled


def main() -> None:
    """Fit, and write the weights beside the examples."""
    words = Document.read(CONTENT / "urgency/concepts.yaml", shown="urgency/concepts.yaml").parse(UrgencyWords)
    lexicon = Lexicon(words.concepts, words.common)
    model = fit(list(read(CONTENT / "urgency/examples")), lexicon, digest())
    (CONTENT / "urgency/weights.npz").write_bytes(model.to_bytes())


if __name__ == "__main__":
    main()
