"""The file of a backup: JSON lines, gzipped, with checksums; the same whatever database they come from or go to.

{"kratom-answers": "backup", "format": 1, "revision": "0001", "made": "2026-11-25T16:30:00+00:00"}
{"table": "users", "columns": ["id", "country", "language", "changed"]}
[42, "DE", null, "2026-11-24T08:00:00+00:00"]
{"rows": 1, "sha256": …}            of the table's rows
{"tables": 1, "sha256": …}          of every line before this one
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.store.errors import StoreError

FORMAT = 1
_OF_FILES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@dataclass(frozen=True)
class Row:
    """One row of a backup: values as JSON has them, in the order of the columns."""

    table: str
    columns: tuple[str, ...]
    values: tuple[Any, ...]


class Writer:
    """Writes a backup: `table`, its `row`s, the next `table` …, `end`."""

    def __init__(self, out: gzip.GzipFile, revision: str) -> None:
        self._out = out
        self._all = hashlib.sha256()
        self._of_table = hashlib.sha256()
        self._tables = 0
        self._rows = 0
        made = datetime.now(UTC).isoformat(timespec="seconds")
        self._line({"kratom-answers": "backup", "format": FORMAT, "revision": revision, "made": made})

    def table(self, name: str, columns: tuple[str, ...]) -> None:
        """Begin a table."""
        self._close_table()
        self._tables += 1
        self._line({"table": name, "columns": columns})

    def row(self, values: tuple[Any, ...]) -> None:
        """Write a row of the table begun last."""
        self._rows += 1
        self._of_table.update(self._line(values))

    def end(self) -> None:
        """Write the last line, without which a backup is not whole."""
        self._close_table()
        self._line({"tables": self._tables, "sha256": self._all.hexdigest()})

    def _close_table(self) -> None:
        if self._tables:
            self._line({"rows": self._rows, "sha256": self._of_table.hexdigest()})
        self._rows, self._of_table = 0, hashlib.sha256()

    def _line(self, value: Any) -> bytes:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._all.update(line)
        self._out.write(line)
        return line


@contextmanager
def new_file(file: Path) -> Iterator[gzip.GzipFile]:
    """A new gzipped file, which only its owner can read; nothing stays of it if something is raised.

    Raises `StoreError` if it exists or cannot be written.
    """
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise StoreError(f"{file} exists already and is not overwritten. Name another file.") from None
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}. Name another file.") from None
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
                yield out
            raw.flush()
            os.fsync(raw.fileno())
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _OF_FILES:
            raise StoreError(
                f"{file} cannot be written: {error.strerror}. Make room for it, or name another."
            ) from None
        raise


def revision(file: Path) -> str:
    """The revision of a backup that is whole. Raises `StoreError` if it is damaged, or no backup."""
    for _ in rows(file):
        pass
    with gzip.open(file) as lines:
        return str(json.loads(lines.readline())["revision"])


def rows(file: Path) -> Iterator[Row]:
    """The rows of a backup, each checked. Raises `StoreError`, at the latest at the end, if it is damaged."""
    number = 0
    try:
        with gzip.open(file) as raw:
            lines = _Lines(raw)
            for row in _whole(lines):
                number = lines.number
                yield row
    except (EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError) as error:
        said = "it ends too early" if isinstance(error, EOFError) else str(error)
        raise StoreError(f"{file} is damaged, after line {number} or there: {said}. Use another backup.") from None
    except OSError as error:  # gzip.BadGzipFile is one
        raise StoreError(f"{file} cannot be read as a backup: {error.strerror or error}. Name another file.") from None


class _Lines:
    """The lines of a backup as they are read, and the checksum of those before the current one."""

    def __init__(self, raw: gzip.GzipFile) -> None:
        self._raw = raw
        self._all = hashlib.sha256()
        self.number = 0
        self.line = b""

    def next(self) -> Any:
        """The next line's value. Raises `EOFError` where there is none, `ValueError` where it is no JSON."""
        self._all.update(self.line)
        self.line = self._raw.readline()
        self.number += 1
        if not self.line:
            raise EOFError
        return json.loads(self.line)

    def ended(self) -> bool:
        """Whether the file ends here. Raises `EOFError` where it breaks off."""
        return not self._raw.read(1)

    @property
    def before(self) -> str:
        return self._all.hexdigest()


def _whole(lines: _Lines) -> Iterator[Row]:
    first = lines.next()
    if not isinstance(first, dict) or first.get("kratom-answers") != "backup":
        raise ValueError("this is no backup of kratom-answers")
    if first["format"] != FORMAT:
        raise ValueError(f"this program reads format {FORMAT}, not {first['format']}; a newer one made it")
    tables = 0
    while "table" in (given := lines.next()):
        yield from _table(lines, str(given["table"]), tuple(map(str, given["columns"])))
        tables += 1
    if given != {"tables": tables, "sha256": lines.before}:
        raise ValueError("the checksum of the whole does not fit")
    if not lines.ended():
        raise ValueError("something follows its end")


def _table(lines: _Lines, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    count, digest = 0, hashlib.sha256()
    while isinstance(values := lines.next(), list):
        if len(values) != len(columns):
            raise ValueError(f"a row does not fit its table, {name}")
        count += 1
        digest.update(lines.line)
        yield Row(name, columns, tuple(values))
    if values != {"rows": count, "sha256": digest.hexdigest()}:
        raise ValueError(f"the checksum of the table {name} does not fit")
