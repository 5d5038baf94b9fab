"""Fits the model of emergencies to the written examples: `python -m answers.urgency.fit` writes `weights.npz`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answers.library import CONTENT, Library
from answers.text import normal
from answers.urgency import features
from answers.urgency.concepts import Lexicon
from answers.urgency.examples import NONE, Example, read
from answers.urgency.model import Floats, Model
from answers.urgency.passages import passages, whole

ROUNDS, BATCH = 10, 8
"""Passes over the messages, and messages a step."""
RATE, PULL = 0.15, 5e-4
"""The first step's size, and how strongly weights are drawn to nought, in the linear model."""
NETWORKS, HIDDEN = 3, 16
LAYERED_RATE, LAYERED_PULL = 0.05, 1e-4
"""Likewise in the models with a hidden layer, of which there are `NETWORKS`."""
SLOWING = 0.8
"""The share of its size that a step has lost at the end."""
DROPPED = 0.45
"""The share of a message's features left out at each step, so that no single one is leant on."""
MISSPELT, BESIDE, BETWEEN, WITHIN = 0.35, 0.3, 0.3, 0.1
"""The shares of examples that are tried with a slip, beside one ordinary message, between two, and within a story."""
REWORDED = 2
"""How often an example is tried with other words."""
QUESTIONS_VARIED = 0.25
"""The share of the FAQ's many questions that is varied like the written examples."""
_CODE = (
    "concepts.py",
    "examples.py",
    "features.py",
    "fit.py",
    "passages.py",
    "tokens.py",
)
_ORDINARY = "ordinary"
_QUESTIONS, _OFF_TOPIC = "questions", "off topic"
_WEIGHT = {_QUESTIONS: 0.4, _OFF_TOPIC: 0.4, "lookalikes": 1.3}
"""How much examples of a sort count: the many questions of the FAQ less, look-alikes, which are hard, more."""
_SHORTEST_TYPO = 4
_STORY = 200
"""Characters from which a question is a story, whose sentences may stand around an emergency."""
_Row = tuple[NDArray[np.int64], int, float]


@dataclass(frozen=True)
class _Message:
    """A message's features, how often it has each, the number of its label, and how much it counts."""

    found: NDArray[np.int64]
    counts: Floats
    label: int
    weight: float


def digest(content: Path = CONTENT) -> str:
    """A hash of what makes emergencies: the examples in normal form, the words of the concepts, the code.

    The FAQ's own questions, which are learnt from as ordinary, are left out: editing an entry asks for no new fit.
    """
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


def questions(library: Library) -> Iterator[Example]:
    """What people ask the FAQ, and what it does not answer, as examples of no emergency."""
    asked = [
        (text, _QUESTIONS)
        for entry in library.entries.values()
        if not entry.urgent
        for text in (entry.question, *entry.phrasings)
    ]
    for line, (text, sort) in enumerate((*asked, *((text, _OFF_TOPIC) for text in library.out_of_scope)), start=1):
        yield Example(text, NONE, "en", -line, sort)


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
        if example.sort in {_QUESTIONS, _OFF_TOPIC} and rng.random() > QUESTIONS_VARIED:
            continue
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
        for _ in range(0 if example.sort in {_QUESTIONS, _OFF_TOPIC} else REWORDED):
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
    messages = []
    for found, label, weight in rows:
        features_, counts = np.unique(found, return_counts=True)
        messages.append(_Message(features_, counts.astype(np.float32), label, weight))
    training = _Training(len(labels))
    for round_ in range(ROUNDS):
        order = training.random.permutation(len(messages))
        for at in range(0, len(order), BATCH):
            training.step([messages[n] for n in order[at : at + BATCH]], 1 - SLOWING * round_ / ROUNDS)
    return training.model(labels, digest_)


class _Training:
    """A linear model and some with a hidden layer, which learn side by side from the same messages.

    Multinomial logistic loss, steps by AdaGrad (Duchi et al. 2011). The models with a hidden layer see each message
    with some of its features left out (Srivastava et al. 2014).
    """

    def __init__(self, labels: int) -> None:
        self.random = np.random.default_rng(1)
        self._labels = labels
        hidden = NETWORKS * HIDDEN
        self._table = np.zeros((features.BUCKETS, labels + hidden), np.float32)
        self._table[:, labels:] = self.random.standard_normal((features.BUCKETS, hidden)) * 0.03
        self._spread = np.full_like(self._table, 1e-2)
        self._bias = np.zeros(labels, np.float32)
        self._bias_spread = np.full_like(self._bias, 1e-2)
        self._hidden_bias = np.full(hidden, 0.1, np.float32)
        self._out = (self.random.standard_normal((NETWORKS, HIDDEN, labels)) * 0.3).astype(np.float32)
        self._out_spread = np.full_like(self._out, 1e-2)
        self._out_bias = np.zeros((NETWORKS, labels), np.float32)
        self._rates = np.array([RATE] * labels + [LAYERED_RATE] * hidden, np.float32)
        self._pulls = np.array([PULL] * labels + [LAYERED_PULL] * hidden, np.float32)
        self._seen = np.zeros(features.BUCKETS, np.bool_)

    def step(self, batch: Sequence[_Message], speed: float) -> None:
        """Learn from a few messages, with steps of `speed` times their first size."""
        labels = self._labels
        rows, whole = _dense(batch)
        partial: Floats = whole * (self.random.random(whole.shape) > DROPPED) / np.float32(1 - DROPPED)
        weights = self._table[rows]
        within = (partial @ weights[:, labels:] + self._hidden_bias).reshape(len(batch), NETWORKS, HIDDEN)
        hidden = np.maximum(within, 0)
        wrong = _wrong(np.einsum("bnh,nhl->bnl", hidden, self._out) + self._out_bias, batch)
        wrong_linear = _wrong((whole @ weights[:, :labels] + self._bias)[:, np.newaxis], batch)[:, 0]
        back = np.einsum("bnl,nhl->bnh", wrong, self._out) * (within > 0)
        back = back.reshape(len(batch), NETWORKS * HIDDEN)
        self._learn_outer(hidden, wrong, back, speed)
        slope = wrong_linear.sum(axis=0)
        self._bias_spread += slope * slope
        self._bias -= speed * RATE * slope / np.sqrt(self._bias_spread)
        slope = np.hstack([whole.T @ wrong_linear, partial.T @ back]) + self._pulls * weights
        self._spread[rows] = spread = self._spread[rows] + slope * slope
        self._table[rows] = weights - speed * self._rates * slope / np.sqrt(spread)
        self._seen[rows] = True

    def _learn_outer(self, hidden: Floats, wrong: Floats, back: Floats, speed: float) -> None:
        slope = np.einsum("bnh,bnl->nhl", hidden, wrong) + LAYERED_PULL * self._out
        self._out_spread += slope * slope
        self._out -= speed * LAYERED_RATE * slope / np.sqrt(self._out_spread)
        self._out_bias -= 0.3 * speed * LAYERED_RATE * wrong.sum(axis=0)
        self._hidden_bias -= 0.3 * speed * LAYERED_RATE * back.sum(axis=0)

    def model(self, labels: tuple[str, ...], digest_: str) -> Model:
        """What has been learnt. A feature that no message had says nothing."""
        self._table[~self._seen] = 0
        return Model(
            labels=labels,
            table=self._table,
            bias=self._bias + self._out_bias.mean(axis=0),
            hidden_bias=self._hidden_bias,
            out=self._out.reshape(NETWORKS * HIDDEN, len(labels)) / np.float32(NETWORKS),
            digest=digest_,
        )


def _dense(batch: Sequence[_Message]) -> tuple[NDArray[np.int64], Floats]:
    """The features that some of the messages have, and how often each message has each of them."""
    rows, column = np.unique(np.concatenate([one.found for one in batch]), return_inverse=True)
    messages = np.repeat(np.arange(len(batch)), [len(one.found) for one in batch])
    whole = np.zeros((len(batch), len(rows)), np.float32)
    whole[messages, column] = np.concatenate([one.counts for one in batch])
    return rows, whole


def _wrong(scores: Floats, batch: Sequence[_Message]) -> Floats:
    """How far the probabilities that scores (message, model, label) give are from the truth, by what each counts."""
    wrong = np.exp(scores - scores.max(axis=2, keepdims=True))
    wrong /= wrong.sum(axis=2, keepdims=True)
    wrong[np.arange(len(batch)), :, [one.label for one in batch]] -= 1
    scaled: Floats = wrong * np.array([one.weight for one in batch], np.float32)[:, np.newaxis, np.newaxis]
    return scaled


def main() -> None:
    """Fit, and write the weights beside the examples. Takes some minutes."""
    stored = CONTENT / "urgency/weights.npz"
    stored.touch()  # so that the library loads without
    library = Library.load()
    lexicon = Lexicon(library.urgency_words.concepts, library.urgency_words.common)
    written = list(read(CONTENT / "urgency/examples"))
    model = fit([*written, *questions(library)], lexicon, digest())
    stored.write_bytes(model.to_bytes())


if __name__ == "__main__":
    main()
