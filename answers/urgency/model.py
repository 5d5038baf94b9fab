"""A linear model over a message's features: how much each token speaks for each card, or for no emergency."""

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


@dataclass(frozen=True)
class Model:
    """`table` holds one row of weights a feature, one column a label; `labels[0]` is no emergency."""

    labels: tuple[str, ...]
    table: Floats
    bias: Floats
    digest: str

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """The model in a file's bytes. Raises `ValueError` where they are none."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as file:
            scale = file["scale"].astype(np.float32)
            return cls(
                labels=tuple(str(label) for label in file["labels"]),
                table=file["table"].astype(np.float32) * scale,
                bias=file["bias"].astype(np.float32),
                digest=str(file["digest"]),
            )

    def to_bytes(self) -> bytes:
        """The model as a file's bytes, each weight rounded to one of 255 steps."""
        scale = np.maximum(np.abs(self.table).max(axis=0), 1e-9) / _STEPS
        stored = io.BytesIO()
        np.savez_compressed(
            stored,
            labels=np.array(self.labels),
            table=np.round(self.table / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=self.bias.astype(np.float32),
            digest=np.array(self.digest),
        )
        return stored.getvalue()

    def says(self, tokens: Sequence[Token], heard: Sequence[Heard]) -> Floats:
        """What each token adds to each label: a row a token, a column a label."""
        rows = np.stack([self._word(token.text) for token in tokens])
        placed = features.of_neighbours(tokens) + features.of_concepts(heard)
        numbers = np.array([feature for feature, _ in placed])
        where = np.array([at for _, at in placed])
        np.add.at(rows, where, self.table[numbers])
        return rows

    def chances(self, added: Floats) -> Floats:
        """Probabilities of the labels from what the tokens of each passage add, a row a passage."""
        scores = added + self.bias
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances: Floats = scores / scores.sum(axis=1, keepdims=True)
        return chances

    def _word(self, word: str) -> Floats:
        return _weights_of(self, word)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@lru_cache(maxsize=20_000)
def _weights_of(model: Model, word: str) -> Floats:
    weights: Floats = model.table[list(features.of_word(word))].sum(axis=0)
    return weights
