"""A linear model over hashed features: how much each speaks for each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from answers.conduct_rules import ConductLabel

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

LABELS: Final[tuple[ConductLabel, ...]] = (
    "vendor-promotion",
    "sourcing-request",
    "dose-advice",
    "unsafe-claim",
    "spam",
    "question",
    "fine",
    "crisis",
)
"""What the model tells apart. Of a crisis, which the urgency detector tells, it has a second opinion."""
BUCKETS = 1 << 17
"""Features are counted in this many buckets by a hash of their names; those that share one share their weights."""
_STEPS = 127
_TOGETHER = 1.5
"""The length that a message's features are brought to, so that a long one speaks no louder than a short one."""


@lru_cache(maxsize=1 << 17)
def bucket_of(name: str) -> int:
    """The bucket of a feature."""
    return crc32(name.encode("utf-8", "replace")) % BUCKETS


@dataclass(frozen=True, eq=False)
class Model:
    """A weight a bucket and label, a bias a label, and how rare each bucket is."""

    labels: tuple[ConductLabel, ...]
    rarity: Floats
    table: Floats
    bias: Floats
    digest: str

    def chances(self, found: Mapping[str, float]) -> Floats:
        """The probabilities of the labels for a message's features."""
        buckets, weights = vector(found, self.rarity)
        return softmax(self.bias + weights @ self.table[buckets])

    def to_bytes(self) -> bytes:
        """The model as a file's bytes, each weight of the table rounded to one of 255 steps."""
        scale = (np.maximum(np.abs(self.table).max(axis=0), 1e-9) / _STEPS).astype(np.float32)
        stored = BytesIO()
        np.savez_compressed(
            stored,
            labels=np.array(self.labels),
            rarity=self.rarity.astype(np.float16),
            table=np.round(self.table / scale).astype(np.int8),
            scale=scale,
            bias=self.bias,
            digest=np.array(self.digest),
        )
        return stored.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Model:
        """The model in a file's bytes. Raises `ValueError` or `KeyError` where they are none."""
        with np.load(BytesIO(stored), allow_pickle=False) as file:
            if tuple(file["labels"]) != LABELS:
                raise ValueError("it tells other labels apart")
            return cls(
                labels=LABELS,
                rarity=file["rarity"].astype(np.float32),
                table=file["table"].astype(np.float32) * file["scale"],
                bias=file["bias"],
                digest=str(file["digest"]),
            )


def vector(found: Mapping[str, float], rarity: Floats) -> tuple[Ints, Floats]:
    """The buckets of a message's features and their weights. Features that nothing was learnt about weigh nought."""
    buckets = np.array([bucket_of(name) for name in found], dtype=np.int64)
    weights = np.fromiter(found.values(), np.float32, len(found)) * rarity[buckets]
    length = float(np.sqrt(np.square(weights).sum())) or 1.0
    return buckets, weights * np.float32(_TOGETHER / length)


def rarities(messages: Sequence[Mapping[str, float]]) -> Floats:
    """How rare each bucket is among messages; nought where none has it."""
    counts = np.zeros(BUCKETS, np.int64)
    for found in messages:
        counts[[bucket_of(name) for name in found]] += 1
    rare: Floats = np.where(counts > 0, np.log((len(messages) + 1) / (counts + 1)) + 1, 0).astype(np.float32)
    return rare.astype(np.float16).astype(np.float32)


def softmax(scores: Floats) -> Floats:
    """Scores as probabilities."""
    raised = np.exp(scores - scores.max())
    chances: Floats = raised / raised.sum()
    return chances
