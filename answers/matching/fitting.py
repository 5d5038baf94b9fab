"""Phrasings, and messages that no entry answers → a Network. Plain numpy; the same examples give the same network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from answers.library import Library
from answers.matching.features import features
from answers.matching.network import (
    BUCKETS,
    HIDDEN,
    MOST_UNKNOWN,
    WIDE_SCALE,
    Bytes,
    Floats,
    Ints,
    Network,
    Vector,
    Vocabulary,
    bucket_of,
)
from answers.matching.variations import Variations
from answers.reading import Reader

ROUNDS, BATCH, STEP, SLOWING = 6, 64, 3e-3, 0.85
"""Passes over the examples, examples a step, the first step's size, and how much smaller steps get with each pass."""
FORGET_FEATURES, FORGET_HIDDEN, SMOOTHING = 0.1, 0.3, 0.05
"""Shares of features and of hidden units left out at each step (Srivastava et al. 2014), and of certainty held back."""
MOST_WIDE = 1_000
"""With more entries than this the wide part is left out, since it grows with features times entries."""
SEED = 20261125

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Example:
    """A message and the entry that answers it; None where no entry does."""

    text: str
    entry: str | None


def examples(library: Library) -> list[Example]:
    """Every question and phrasing of every entry, and the messages that no entry answers."""
    known = [
        Example(text, entry.id)
        for entry in library.entries.values()
        for text in (entry.question, *entry.phrasings, *library.translated_phrasings(entry.id))
    ]
    return known + [Example(text, None) for text in library.out_of_scope]


def fingerprint(library: Library) -> str:
    """Changes when anything changes that a network is fitted on."""
    digest = sha256()
    for example in examples(library):
        digest.update(f"{example.entry}\t{example.text}\n".encode())
    for name in ("terms.yaml", "state_law.yaml"):
        digest.update(library.documents[name].text.encode())
    return digest.hexdigest()


def fit(library: Library, reader: Reader, *, progress: Progress | None = None) -> Network:
    """A network fitted on a library's examples. `progress` is told the steps done and their total.

    A few minutes for the whole FAQ. Method: multinomial logistic loss, steps by Adam (Kingma and Ba 2015) with
    one second moment a row, which sparse rows need.
    """
    known = examples(library)
    readings = [reader.read(example.text) for example in known]
    variations = Variations(library, SEED)
    varied = [(example, variations.of(reading)) for example, reading in zip(known, readings, strict=True)]
    known += [Example(text, example.entry) for example, text in varied if text]
    found = [features(reading) for reading in readings] + [features(reader.read(text)) for _, text in varied if text]
    vocabulary = _vocabulary(known, found)
    entries = tuple(library.entries)
    number = {entry: n for n, entry in enumerate(entries)}
    targets = np.array([number[example.entry] if example.entry else len(entries) for example in known])
    training = _Training(len(entries) + 1, wide=len(entries) <= MOST_WIDE)
    training.run([vocabulary.vector(one) for one in found], targets, progress)
    return Network(
        entries=entries,
        fitted_on=fingerprint(library),
        vocabulary=vocabulary,
        inner=Bytes.of(training.inner.values),
        inner_bias=training.inner_bias.values,
        outer=training.outer.values.astype(np.float16).astype(np.float32),  # as the file keeps it
        outer_bias=training.outer_bias.values,
        wide=Bytes.of(training.wide.values) if training.wide else None,
    )


def _vocabulary(known: Sequence[Example], found: Sequence[dict[str, float]]) -> Vocabulary:
    counts = np.zeros(BUCKETS, dtype=np.int64)
    heard = np.zeros(BUCKETS, dtype=np.bool_)
    for example, names in zip(known, found, strict=True):
        counts[[bucket_of(name) for name in names]] += 1
        if example.entry:
            heard[[bucket_of(name) for name in names if name[0] == "w"]] = True
    rarity = np.where(counts > 0, np.log((len(known) + 1) / (counts + 0.5)), 0).astype(np.float32)
    for step in range(MOST_UNKNOWN + 1):
        rarity[bucket_of(f"u:{step}")] = max(1.0, float(rarity[bucket_of(f"u:{step}")]))
    return Vocabulary(rarity.astype(np.float16).astype(np.float32), heard)


@dataclass
class _Weights:
    """A matrix or vector that learns by Adam; rows that take no part in a step stay as they are."""

    values: Floats
    mean: Floats = field(init=False)
    spread: Floats = field(init=False)
    steps: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.mean = np.zeros_like(self.values)
        self.spread = np.zeros((len(self.values), 1) if self.values.ndim > 1 else self.values.shape, np.float32)
        self.steps = np.zeros_like(self.spread)

    def learn(self, gradient: Floats, step: float, rows: Ints | slice = slice(None)) -> None:
        square = (gradient * gradient).mean(axis=1, keepdims=True) if gradient.ndim > 1 else gradient * gradient
        self.steps[rows] += 1
        self.mean[rows] = mean = 0.9 * self.mean[rows] + 0.1 * gradient
        self.spread[rows] = spread = 0.999 * self.spread[rows] + 0.001 * square
        count = self.steps[rows]
        self.values[rows] -= step * (mean / (1 - 0.9**count)) / (np.sqrt(spread / (1 - 0.999**count)) + 1e-8)


class _Training:
    """The network while it learns, in full precision."""

    def __init__(self, classes: int, *, wide: bool) -> None:
        self.random = np.random.default_rng(SEED)
        self.classes = classes
        self.inner = _Weights(self._normal((BUCKETS, HIDDEN), 0.3))
        self.inner_bias = _Weights(np.zeros(HIDDEN, np.float32))
        self.outer = _Weights(self._normal((HIDDEN, classes), HIDDEN**-0.5))
        self.outer_bias = _Weights(np.zeros(classes, np.float32))
        self.wide = _Weights(np.zeros((BUCKETS, classes), np.float32)) if wide else None

    def _normal(self, shape: tuple[int, int], spread: float) -> Floats:
        return self.random.normal(scale=spread, size=shape).astype(np.float32)

    def run(self, vectors: Sequence[Vector], targets: Ints, progress: Progress | None) -> None:
        step, done = STEP, 0
        total = ROUNDS * -(-len(vectors) // BATCH)
        for _ in range(ROUNDS):
            order = self.random.permutation(len(vectors))
            for at in range(0, len(order), BATCH):
                chosen = order[at : at + BATCH]
                self._learn([vectors[n] for n in chosen], targets[chosen], step)
                done += 1
                if progress:
                    progress(done, total)
            step *= SLOWING

    def _learn(self, batch: Sequence[Vector], targets: Ints, step: float) -> None:
        rows, x = self._dense(batch)
        before = x @ self.inner.values[rows] + self.inner_bias.values
        kept = self.random.random(before.shape) > FORGET_HIDDEN
        passing = (kept & (before > 0)).astype(np.float32) / np.float32(1 - FORGET_HIDDEN)
        hidden = before * passing
        scores = hidden @ self.outer.values + self.outer_bias.values
        if self.wide:
            scores += WIDE_SCALE * (x @ self.wide.values[rows])
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        wanted = np.full(chances.shape, SMOOTHING / self.classes, np.float32)
        wanted[np.arange(len(batch)), targets] += 1 - SMOOTHING
        error = (chances - wanted) / np.float32(len(batch))
        inner_error = (error @ self.outer.values.T) * passing
        self.outer.learn(hidden.T @ error, step)
        self.outer_bias.learn(error.sum(axis=0), step)
        self.inner.learn(x.T @ inner_error, step, rows)
        self.inner_bias.learn(inner_error.sum(axis=0), step)
        if self.wide:
            self.wide.learn(np.float32(WIDE_SCALE) * (x.T @ error), step, rows)

    def _dense(self, batch: Sequence[Vector]) -> tuple[Ints, Floats]:
        """The rows of weights that a batch touches, and the batch as a matrix over them."""
        buckets = np.concatenate([one.buckets for one in batch])
        weights = np.concatenate([one.weights for one in batch])
        messages = np.repeat(np.arange(len(batch)), [len(one.buckets) for one in batch])
        kept = self.random.random(len(buckets)) > FORGET_FEATURES
        rows, column = np.unique(buckets[kept], return_inverse=True)
        x = np.zeros((len(batch), len(rows)), np.float32)
        np.add.at(x, (messages[kept], column), weights[kept] / np.float32(1 - FORGET_FEATURES))
        return rows, x
