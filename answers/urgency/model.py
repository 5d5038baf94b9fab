"""A small model over a message's features: how much each token speaks for each card, or for no emergency."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from answers.urgency import features
from answers.urgency.concepts import Heard
from answers.urgency.tokens import Token

Floats = NDArray[np.float32]
_STEPS = 127


@dataclass(frozen=True, eq=False)
class Model:
    """The mean of a linear model and of one with a hidden layer, which also weighs what stands together.

    `table` holds a row a feature: what it adds to each label, then what it adds to each hidden unit. `hidden_bias` and
    `out` lead from the hidden units to the labels. `labels[0]` is no emergency.
    """

    labels: tuple[str, ...]
    table: Floats
    bias: Floats
    hidden_bias: Floats
    out: Floats
    digest: str

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """The model in a file's bytes. Raises `ValueError` or `KeyError` where they are none."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as file:
            return cls(
                labels=tuple(str(label) for label in file["labels"]),
                table=file["table"].astype(np.float32) * file["scale"],
                bias=file["bias"],
                hidden_bias=file["hidden_bias"],
                out=file["out"],
                digest=str(file["digest"]),
            )

    def to_bytes(self) -> bytes:
        """The model as a file's bytes, each weight of the table rounded to one of 255 steps."""
        scale = (np.maximum(np.abs(self.table).max(axis=0), 1e-9) / _STEPS).astype(np.float32)
        stored = io.BytesIO()
        np.savez_compressed(
            stored,
            labels=np.array(self.labels),
            table=np.round(self.table / scale).astype(np.int8),
            scale=scale,
            bias=self.bias.astype(np.float32),
            hidden_bias=self.hidden_bias.astype(np.float32),
            out=self.out.astype(np.float32),
            digest=np.array(self.digest),
        )
        return stored.getvalue()

    def adds(self, tokens: Sequence[Token], heard: Sequence[Heard]) -> Floats:
        """What each token adds to labels and hidden units: a row a token."""
        placed = features.of_neighbours(tokens) + features.of_concepts(heard)
        placed.sort(key=_token)
        starts = [0] * (len(tokens) + 1)
        for _, at in placed:
            starts[at + 1] += 1
        together = self.table[[feature for feature, _ in placed]]
        upto = np.vstack([np.zeros((1, together.shape[1]), np.float32), together.cumsum(axis=0)])
        edges = np.cumsum(starts)
        rows: Floats = np.stack([_alone(self, token.text) for token in tokens])
        rows += upto[edges[1:]] - upto[edges[:-1]]
        return rows

    def sums(self, tokens: Sequence[Token], heard: Sequence[Heard]) -> Floats:
        """What all the tokens add together: one row."""
        placed = features.of_neighbours(tokens) + features.of_concepts(heard)
        rows = self.table[[feature for feature, _ in placed]].sum(axis=0)
        for token in tokens:
            rows = rows + _alone(self, token.text)
        whole: Floats = rows[np.newaxis, :]
        return whole

    def chances(self, sums: Floats) -> Floats:
        """Probabilities of the labels from what the tokens of each passage add together, a row a passage."""
        count = len(self.labels)
        hidden = np.maximum(sums[:, count:] + self.hidden_bias, 0)
        scores = (sums[:, :count] + self.bias + hidden @ self.out) / 2
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances: Floats = scores / scores.sum(axis=1, keepdims=True)
        return chances

    def speaks(self, rows: Floats, label: int) -> Floats:
        """How much each token of a passage speaks for a label and against no emergency."""
        count = len(self.labels)
        awake = (rows[:, count:].sum(axis=0) + self.hidden_bias) > 0
        speaks: Floats = rows[:, label] - rows[:, 0] + rows[:, count:] @ (awake * (self.out[:, label] - self.out[:, 0]))
        return speaks


def _token(placed: tuple[int, int]) -> int:
    return placed[1]


@lru_cache(maxsize=20_000)
def _alone(model: Model, word: str) -> Floats:
    weights: Floats = model.table[list(features.of_word(word))].sum(axis=0)
    return weights
