"""Short names of entries, for callback data, which holds 64 bytes."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256

LENGTH = 4


def code(entry_id: str) -> str:
    """The short name of an entry, always the same. A test shows that no two entries share one."""
    return urlsafe_b64encode(sha256(entry_id.encode()).digest())[:LENGTH].decode()


def by_code(entry_ids: Iterable[str]) -> Mapping[str, str]:
    """Each entry's id by its short name."""
    return {code(id_): id_ for id_ in entry_ids}
