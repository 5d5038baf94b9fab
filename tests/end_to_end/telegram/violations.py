"""What a bot does wrong that Telegram lets pass in silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Violation:
    """One thing done wrong: its kind, a sentence about it, and the method that was called."""

    kind: str
    says: str
    method: str = ""

    def __str__(self) -> str:
        """Give the violation on one line."""
        return f"{self.kind}: {self.says}" + (f" ({self.method})" if self.method else "")


@dataclass
class Violations:
    """The violations found so far. `notes` holds what is only worth knowing, such as link previews left on."""

    found: list[Violation] = field(default_factory=list)
    notes: list[Violation] = field(default_factory=list)

    def add(self, kind: str, says: str, method: str = "") -> None:
        """Record a violation."""
        self.found.append(Violation(kind, says, method))

    def note(self, kind: str, says: str, method: str = "") -> None:
        """Record what is no violation but worth knowing."""
        self.notes.append(Violation(kind, says, method))

    def of(self, kind: str) -> list[Violation]:
        """Take a kind; give the violations and notes of that kind."""
        return [violation for violation in self.found + self.notes if violation.kind == kind]

    def forgive(self, kind: str) -> list[Violation]:
        """Take a kind that a test expects; give the violations of it and forget them."""
        forgiven = [violation for violation in self.found if violation.kind == kind]
        self.found = [violation for violation in self.found if violation.kind != kind]
        return forgiven

    def __iter__(self) -> Iterator[Violation]:
        """Give the violations, without the notes."""
        return iter(self.found)

    def __len__(self) -> int:
        """Give the number of violations."""
        return len(self.found)

    def __str__(self) -> str:
        """Give the violations one a line."""
        return "\n".join(map(str, self.found)) or "no violations"
