"""A small network over hashed features: what turns a message into a score for every entry, and for none of them.

It is wide and deep (Cheng et al. 2016, "Wide & Deep Learning for Recommender Systems"): one weight a feature and entry,
which remembers, beside one hidden layer, which generalises. Weights are kept as bytes; a message costs a few hundred
row look-ups and no library but numpy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

BUCKETS = 2**15
"""Features are counted in this many buckets by a hash of their names; those that share one share their weights."""
HIDDEN = 96
WIDE_SCALE = 8.0
"""Speeds up the learning of the wide part: its weights are that much smaller than what they do."""
UNKNOWN_FLAG = 0.6
_UNKNOWN_STEPS, MOST_UNKNOWN = 6, 4


@dataclass(frozen=True)
class Vector:
    """A message as the network sees it: buckets and their weights, together of length one."""

    buckets: Ints
    weights: Floats


@dataclass(frozen=True)
class Vocabulary:
    """How rare each bucket is, and which buckets hold a word that some phrasing has."""

    rarity: Floats
    words: NDArray[np.bool_]

    def vector(self, found: Mapping[str, float]) -> Vector:
        """A message's features as a vector. Features that nothing was learnt about are left out.

        How many of its words no phrasing has is a feature itself: the more, the likelier it asks for something else.
        """
        heard = [bool(self.words[bucket_of(name)]) for name in found if name[0] == "w"]
        strange = heard.count(False) * _UNKNOWN_STEPS // max(1, len(heard))
        names = [*found, f"u:{min(MOST_UNKNOWN, strange)}"]
        buckets = np.array([bucket_of(name) for name in names])
        weights = np.array([*found.values(), UNKNOWN_FLAG], dtype=np.float32) * self.rarity[buckets]
        kept = weights > 0
        length = float(np.sqrt(np.square(weights).sum())) or 1.0
        return Vector(buckets[kept], weights[kept] / np.float32(length))


@lru_cache(maxsize=2**17)
def bucket_of(name: str) -> int:
    """The bucket of a feature."""
    return crc32(name.encode()) % BUCKETS


@dataclass(frozen=True)
class Bytes:
    """A matrix kept as bytes, with one scale a column."""

    values: NDArray[np.int8]
    scale: Floats

    @classmethod
    def of(cls, matrix: Floats) -> Bytes:
        """The nearest matrix of bytes."""
        scale = np.abs(matrix).max(axis=0) / 127
        scale[scale == 0] = 1
        return cls(np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32))

    def times(self, vector: Vector) -> Floats:
        """The vector times this matrix."""
        product: Floats = (vector.weights @ self.values[vector.buckets].astype(np.float32)) * self.scale
        return product


@dataclass(frozen=True)
class Network:
    """Weights, and the entries that its scores stand for. The last score is that of none of them."""

    entries: tuple[str, ...]
    fitted_on: str
    vocabulary: Vocabulary
    inner: Bytes
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    wide: Bytes | None

    def scores(self, found: Mapping[str, float]) -> Floats:
        """A score for each entry, and last one for none of them: differences of log-odds, before calibration."""
        vector = self.vocabulary.vector(found)
        hidden = np.maximum(self.inner.times(vector) + self.inner_bias, 0)
        scores: Floats = hidden @ self.outer + self.outer_bias
        if self.wide is not None:
            scores = scores + WIDE_SCALE * self.wide.times(vector)
        return scores

    def to_bytes(self) -> bytes:
        """It as the bytes of a file (numpy's format, compressed)."""
        arrays = {
            "entries": np.array(self.entries),
            "fitted_on": np.array(self.fitted_on),
            "rarity": self.vocabulary.rarity.astype(np.float16),
            "words": np.packbits(self.vocabulary.words),
            "inner": self.inner.values,
            "inner_scale": self.inner.scale,
            "inner_bias": self.inner_bias,
            "outer": self.outer.astype(np.float16),
            "outer_bias": self.outer_bias,
        }
        if self.wide is not None:
            arrays |= {"wide": self.wide.values, "wide_scale": self.wide.scale}
        file = BytesIO()
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def load(cls, path: Path) -> Network:
        """Read a file of what `to_bytes` gave. Raises `OSError`, or `ValueError` for what is no such file."""
        file = BytesIO(path.read_bytes())
        try:
            with np.load(file, allow_pickle=False) as arrays:
                network = cls(
                    entries=tuple(str(entry) for entry in arrays["entries"]),
                    fitted_on=str(arrays["fitted_on"]),
                    vocabulary=Vocabulary(
                        rarity=arrays["rarity"].astype(np.float32),
                        words=np.unpackbits(arrays["words"]).astype(np.bool_),
                    ),
                    inner=Bytes(arrays["inner"], arrays["inner_scale"]),
                    inner_bias=arrays["inner_bias"],
                    outer=arrays["outer"].astype(np.float32),
                    outer_bias=arrays["outer_bias"],
                    wide=Bytes(arrays["wide"], arrays["wide_scale"]) if "wide" in arrays else None,
                )
        except Exception as error:  # numpy, zipfile and zlib each have their own for a damaged file
            raise ValueError(f"it is damaged, or no network: {error}") from error
        if not network._fits():
            raise ValueError("its weights do not fit each other, or are of another version")
        return network

    def _fits(self) -> bool:
        """Whether all weights have the sizes that their use expects."""
        scores = len(self.entries) + 1
        sizes = [
            (self.vocabulary.rarity, (BUCKETS,)),
            (self.vocabulary.words, (BUCKETS,)),
            (self.inner.values, (BUCKETS, HIDDEN)),
            (self.inner.scale, (HIDDEN,)),
            (self.inner_bias, (HIDDEN,)),
            (self.outer, (HIDDEN, scores)),
            (self.outer_bias, (scores,)),
        ]
        if self.wide:
            sizes += [(self.wide.values, (BUCKETS, scores)), (self.wide.scale, (scores,))]
        return all(array.shape == size for array, size in sizes)
