"""What the FAQ's content looks like in figures, and those figures as one HTML page that needs nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

from jinja2 import Environment, PackageLoader, StrictUndefined

from answers.exporting.charts import MONTHS, Bar, Column, by_month, by_step, by_year
from answers.exporting.thin import CARDS, Footing, Thin, ThinClaim, footings, thin_spots, thinnest
from answers.library import Library
from answers.models import CrisisCard, Entry, Evidence, Strength
from answers.text import normal, words
from answers.vetting.language import HIGHEST_GRADE, reading_grade
from answers.vetting.phrasings import FEWEST

FEW_SOURCES = 3
"""An entry that cites fewer sources than this is a thin spot."""
LISTED = 10
"""How many entries a list of the hardest or the thinnest holds, and how many days the list of what is next due."""
RESEARCH = ("peer-reviewed", "review", "guideline")
"""The kinds of source that are set apart from web pages, law and news where sources are counted by age."""
STRENGTHS: Mapping[Strength, tuple[str, str, str]] = {
    Strength.SYSTEMATIC_REVIEW: ("people", "Reviews of studies", "Reviews"),
    Strength.CONTROLLED_HUMAN: ("people", "Controlled studies in people", "Controlled"),
    Strength.OBSERVATIONAL: ("people", "Surveys and other observation", "Observed"),
    Strength.CASE_REPORTS: ("people", "Case reports", "Cases"),
    Strength.GUIDELINE: ("official", "Clinical guidelines", "Guidelines"),
    Strength.REGULATOR_POSITION: ("official", "Positions of health agencies", "Agencies"),
    Strength.LEGAL_FACT: ("official", "Law", "Law"),
    Strength.EXPERT_CONSENSUS: ("expert", "Expert advice", "Experts"),
    Strength.ANIMAL_OR_IN_VITRO: ("none", "Animal or lab work only", "Lab only"),
    Strength.NO_EVIDENCE_FOUND: ("none", "Searched, no good study found", "None found"),
}
"""Every strength in the order shown: its family (one tone each), its name, and its name where there is little room."""
FAMILIES = {
    "people": "studies of people",
    "official": "guidelines, agencies and law",
    "expert": "expert advice",
    "none": "lab work only, or no study found",
}


@dataclass(frozen=True)
class Group:
    """A section of the FAQ, or the crisis cards: its size, and its claims by strength in the order of `STRENGTHS`."""

    name: str
    entries: int
    claims: int
    strengths: tuple[Bar, ...]


@dataclass(frozen=True)
class EntryFigures:
    """One entry. `single` and `once` count its claims that rest on one source, and on evidence read once."""

    id: str
    question: str
    grade: float
    phrasings: int
    sources: int
    claims: int
    single: int
    once: int


@dataclass(frozen=True)
class Due:
    """What is due on one day: kinds of thing, each with the names of its items."""

    when: date
    items: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Report:
    """The figures of a library on a day."""

    today: date
    evidence: int
    countries: int
    reviewed: int
    groups: tuple[Group, ...]
    strengths: tuple[Bar, ...]
    kinds: tuple[Bar, ...]
    sources: int
    years: tuple[Column, ...]
    due: Mapping[str, tuple[Column, ...]]
    due_days: tuple[Due, ...]
    entries: tuple[EntryFigures, ...]
    thin: tuple[Thin, ...]
    thinnest: tuple[ThinClaim, ...]

    @property
    def claims(self) -> int:
        """The claims of all entries and cards."""
        return sum(group.claims for group in self.groups)

    @property
    def overdue(self) -> int:
        """How many things should have been checked again by now."""
        return sum(len(names) for due in self.due_days if due.when < self.today for _, names in due.items)

    @property
    def grade(self) -> float:
        """The middle reading grade."""
        return median(entry.grade for entry in self.entries) if self.entries else 0.0

    @property
    def grades(self) -> tuple[Column, ...]:
        """Entries by reading grade."""
        return by_step((entry.grade for entry in self.entries), 0.5, to=HIGHEST_GRADE + 1)

    @property
    def phrasings(self) -> tuple[Column, ...]:
        """Entries by how many phrasings they have."""
        return by_step((entry.phrasings for entry in self.entries), 1)

    @property
    def sources_per_entry(self) -> tuple[Column, ...]:
        """Entries by how many sources they cite."""
        return by_step((entry.sources for entry in self.entries), 1)

    @property
    def hardest(self) -> tuple[EntryFigures, ...]:
        """The entries with the highest reading grades."""
        return tuple(sorted(self.entries, key=lambda entry: (-entry.grade, entry.id))[:LISTED])

    @property
    def fewest_phrasings(self) -> tuple[EntryFigures, ...]:
        """The entries with the fewest phrasings."""
        return tuple(sorted(self.entries, key=lambda entry: (entry.phrasings, entry.id))[:LISTED])

    @property
    def fewest_sources(self) -> tuple[EntryFigures, ...]:
        """The entries with the fewest sources; among equals, first those with the most claims on one source."""
        return tuple(sorted(self.entries, key=lambda entry: (entry.sources, -entry.single, entry.id))[:LISTED])

    @property
    def few_sources(self) -> int:
        """How many entries cite fewer than `FEW_SOURCES`."""
        return sum(entry.sources < FEW_SOURCES for entry in self.entries)


def summarise(library: Library, evidence: Mapping[str, Evidence], today: date) -> Report:
    """The figures of a library, and of the evidence it rests on, on a day."""
    claims = footings(library, evidence)
    sections = _groups(library)
    groups = tuple(sections.values())
    cited = {source.id: source for one in claims for source in one.sources}
    cited |= {c.source: library.sources[c.source] for state in library.state_law.states for c in state.cites}
    dated = [(int(source.year), source.custom.kind in RESEARCH) for source in cited.values() if source.year]
    due = _due(library)
    return Report(
        today=today,
        evidence=len(evidence),
        countries=sum(len(code) == 2 for code in library.lines),  # noqa: PLR2004  a country's code; INTL is none
        reviewed=sum(bool(entry.reviews) for entry in library.entries.values()),
        groups=groups,
        strengths=_totals(groups),
        kinds=_kinds(claims),
        sources=len(cited),
        years=by_year(dated, today),
        due={kind: by_month([day for day, _ in items], today) for kind, items in due.items()},
        due_days=_days(due),
        entries=_entries(library, claims),
        thin=thin_spots(claims, {id_: group.name for id_, group in sections.items()}),
        thinnest=thinnest(claims),
    )


def _groups(library: Library) -> dict[str, Group]:
    names = library.wording["en"].telegram.sections
    order = sorted(library.sections, key=[*names, *library.sections].index)
    groups = {id_: _group(names.get(id_, id_), library.sections[id_]) for id_ in order}
    return groups | {CARDS: _group("Crisis cards", tuple(library.cards.values()))}


def _group(name: str, owners: Sequence[Entry | CrisisCard]) -> Group:
    found = [claim.strength for owner in owners for claim in owner.claims]
    whole = sum(strength is not None for strength in found)
    bars = (Bar(short, found.count(strength), of=whole) for strength, (_, _, short) in STRENGTHS.items())
    return Group(name, len(owners), len(found), tuple(bars))


def _totals(groups: Sequence[Group]) -> tuple[Bar, ...]:
    whole = sum(bar.count for group in groups for bar in group.strengths)
    names = (name for _, name, _ in STRENGTHS.values())
    return tuple(
        Bar(name, sum(bar.count for bar in bars), of=whole)
        for name, bars in zip(names, zip(*(group.strengths for group in groups), strict=True), strict=True)
    )


def _kinds(claims: Sequence[Footing]) -> tuple[Bar, ...]:
    """Claims by the kinds of source they cite; the part are those that cite no other kind."""
    cited, alone = defaultdict[str, int](int), defaultdict[str, int](int)
    for one in claims:
        kinds = {source.custom.kind for source in one.sources}
        for kind in kinds:
            cited[kind] += 1
            alone[kind] += len(kinds) == 1
    order = sorted(cited, key=lambda kind: (-cited[kind], kind))
    return tuple(Bar(_plain(kind), cited[kind], of=len(claims), part=alone[kind]) for kind in order)


def _plain(id_: str) -> str:
    return id_.replace("-", " ").capitalize()


def _due(library: Library) -> dict[str, list[tuple[date, str]]]:
    return {
        "Entries": [(entry.recheck_by, entry.id) for entry in library.entries.values()],
        "Crisis cards": [(card.recheck_by, card.id) for card in library.cards.values()],
        "Crisis lines": [(line.recheck_by, line.id) for lines in library.lines.values() for line in lines],
        "Table of state law": [(library.state_law.recheck_by, "state-law table")],
    }


def _days(due: Mapping[str, Sequence[tuple[date, str]]]) -> tuple[Due, ...]:
    """Every day on which something is due, in order."""
    found = sorted((day, kind, name) for kind, items in due.items() for day, name in items)
    return tuple(
        Due(day, tuple((kind, tuple(row[2] for row in rows)) for kind, rows in groupby(on_day, lambda row: row[1])))
        for day, on_day in groupby(found, lambda row: row[0])
    )


def _entries(library: Library, claims: Sequence[Footing]) -> tuple[EntryFigures, ...]:
    names = frozenset(word for term in library.terms.values() for name in term.names for word in words(normal(name)))
    owned: dict[str, list[Footing]] = defaultdict(list)
    for one in claims:
        owned[one.owner].append(one)
    return tuple(
        EntryFigures(
            entry.id,
            entry.question,
            reading_grade(
                " ".join([*(claim.says for claim in entry.claims), entry.question, entry.see_a_clinician]), names
            ),
            len(entry.phrasings),
            len({source.id for one in owned[entry.id] for source in one.sources}),
            len(owned[entry.id]),
            sum(one.single for one in owned[entry.id]),
            sum(one.once for one in owned[entry.id]),
        )
        for entry in library.entries.values()
    )


def _day(day: date) -> str:
    return f"{day.day}\N{NO-BREAK SPACE}{MONTHS[day.month - 1]}\N{NO-BREAK SPACE}{day.year}"


_environment = Environment(
    loader=PackageLoader("answers.exporting"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["day"] = _day
_environment.filters["thousands"] = "{:,}".format
_environment.filters["percent"] = lambda share: f"{100 * share:.0f}%" if share >= 0.01 or not share else "<1%"  # noqa: PLR2004
_PAGE = _environment.get_template("report.html.j2")


def render(report: Report) -> str:
    """The page: one HTML document with its charts drawn in it, that asks for nothing from outside."""
    return _PAGE.render(
        report=report,
        strengths=list(STRENGTHS.values()),
        families=FAMILIES,
        zip=zip,
        limit=HIGHEST_GRADE,
        fewest=FEWEST,
        few=FEW_SOURCES,
        listed=LISTED,
    )
