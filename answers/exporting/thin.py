"""Thin spots: claims that stand, but on less than a reader may think."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from answers.exporting.charts import Bar
from answers.library import Library
from answers.models import Claim, CrisisCard, Entry, Evidence, Source

CARDS = "crisis-cards"
"""What the crisis cards are called where entries are named by their section."""


@dataclass(frozen=True)
class Footing:
    """A cited claim, whose it is, the sources it cites, and whether all its evidence was read only `once`."""

    owner: str
    section: str
    claim: Claim
    sources: tuple[Source, ...]
    once: bool

    @property
    def single(self) -> bool:
        """Whether it rests on one source alone."""
        return len({source.id for source in self.sources}) == 1

    @property
    def second_hand(self) -> bool:
        """Whether of none of its sources the own words were read."""
        return all(source.custom.seen == "secondary" for source in self.sources)

    @property
    def unconfirmed(self) -> bool:
        """Whether the address of one of its sources could not be confirmed."""
        return any(not source.custom.url_confirmed for source in self.sources)

    @property
    def thinnest(self) -> bool:
        """Whether it rests on one source, of which the own words were not read, and that was read once."""
        return self.single and self.second_hand and self.once


@dataclass(frozen=True)
class Thin:
    """One way to stand on thin ground: how many cited claims do, in all and by section."""

    name: str
    total: Bar
    sections: tuple[Bar, ...]


@dataclass(frozen=True)
class ThinClaim:
    """One of the thinnest claims, and the one source it rests on."""

    owner: str
    says: str
    source: str
    url: str


def footings(library: Library, evidence: Mapping[str, Evidence]) -> tuple[Footing, ...]:
    """Every cited claim of every entry and crisis card with what it stands on."""
    owners: tuple[Entry | CrisisCard, ...] = (*library.entries.values(), *library.cards.values())
    return tuple(
        Footing(
            owner.id,
            owner.section if isinstance(owner, Entry) else CARDS,
            claim,
            tuple(library.sources[cite.source] for cite in claim.cites),
            all(evidence[name].read == "once" for name in claim.evidence if name in evidence),
        )
        for owner in owners
        for claim in owner.claims
        if claim.cites
    )


def thin_spots(claims: Sequence[Footing], sections: Mapping[str, str]) -> tuple[Thin, ...]:
    """The ways to stand on thin ground. `sections` are the ids and names of those to count, in order."""

    def thin(name: str, found: Iterable[Footing]) -> Thin:
        owned = [one.section for one in found]
        wholes = [one.section for one in claims]
        bars = (Bar(shown, owned.count(id_), of=wholes.count(id_)) for id_, shown in sections.items())
        return Thin(name, Bar(name, len(owned), of=len(wholes)), tuple(bars))

    return (
        thin("On a single source", (one for one in claims if one.single)),
        thin("Evidence read once only", (one for one in claims if one.once)),
        thin("Sources seen second-hand only", (one for one in claims if one.second_hand)),
        thin("A source's address not confirmed", (one for one in claims if one.unconfirmed)),
    )


def thinnest(claims: Iterable[Footing]) -> tuple[ThinClaim, ...]:
    """The claims to look at first, in the order of the content."""
    return tuple(
        ThinClaim(
            one.owner,
            one.claim.says.replace("{emergency}", "the emergency number"),
            one.sources[0].title,
            one.sources[0].url,
        )
        for one in claims
        if one.thinnest
    )
