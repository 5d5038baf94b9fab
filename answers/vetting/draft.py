"""What the rules look at: a library, the evidence it rests on, and the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from answers.documents import Document, Loc, Problem
from answers.library import Library
from answers.models import Claim, CrisisCard, Entry, Evidence

ENTRY_PARTS = ("do_now", "answer", "more")
CARD_PARTS = ("steps", "do_not", "gentle")


@dataclass(frozen=True)
class ClaimAt:
    """A claim, whose it is, and where it stands."""

    claim: Claim
    owner: Entry | CrisisCard
    document: Document
    part: str
    index: int

    def problem(self, what: str, remedy: str, *within: str | int) -> Problem:
        """A problem with this claim, or with a field within it."""
        return self.document.problem((self.part, self.index, *within), what, remedy)


@dataclass(frozen=True)
class Draft:
    """Content that loads, on its way to being vetted."""

    library: Library
    evidence: dict[str, Evidence]
    content: Path
    today: date

    def document_of(self, owner: Entry | CrisisCard) -> Document:
        """The file of an entry or a card."""
        folder = f"entries/{owner.section}" if isinstance(owner, Entry) else "cards"
        return self.library.documents[f"{folder}/{owner.id}.yaml"]

    @cached_property
    def owners(self) -> tuple[Entry | CrisisCard, ...]:
        """Every entry and card."""
        return (*self.library.entries.values(), *self.library.cards.values())

    @cached_property
    def claims(self) -> tuple[ClaimAt, ...]:
        """Every claim of every entry and card."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[ClaimAt]:
        for owner in self.owners:
            document = self.document_of(owner)
            for part in ENTRY_PARTS if isinstance(owner, Entry) else CARD_PARTS:
                for index, claim in enumerate(getattr(owner, part)):
                    yield ClaimAt(claim, owner, document, part, index)

    def resting_on(self, claim: Claim) -> list[Evidence]:
        """The evidence records that a claim names and that exist."""
        return [self.evidence[name] for name in claim.evidence if name in self.evidence]

    def at(self, owner: Entry | CrisisCard, loc: Loc, what: str, remedy: str) -> Problem:
        """A problem with a field of an entry or a card."""
        return self.document_of(owner).problem(loc, what, remedy)
