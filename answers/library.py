"""The content files as one immutable, indexed Library, or one list of everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from pydantic import RootModel

from answers.conduct_rules import ConductRules
from answers.documents import ContentError, Document, Loc, M, Problem
from answers.models import (
    Claim,
    Content,
    CrisisCard,
    CrisisLine,
    Entry,
    Evidence,
    Language,
    Slug,
    Source,
    StateLaw,
    Style,
    Term,
    UrgencyRules,
    UrgencyWords,
)
from answers.translating import Owner, Translation
from answers.wording import CrisisWording, Wording

CONTENT = Path(__file__).parent / "content"
INTERNATIONAL = "INTL"


class _Sources(Content):
    references: tuple[Source, ...]


class _Lines(RootModel[dict[str, tuple[CrisisLine, ...]]]):
    pass


class _Terms(RootModel[dict[Slug, Term]]):
    pass


class _Languages(RootModel[dict[str, Language]]):
    pass


class _Ids(RootModel[dict[Slug, tuple[Slug, ...]]]):
    pass


class _EvidenceFile(RootModel[dict[Slug, tuple[Evidence, ...]]]):
    pass


@dataclass(frozen=True)
class Library:
    """Everything the bot can say, indexed. Made by `Library.load`."""

    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    cards: Mapping[str, CrisisCard]
    lines: Mapping[str, tuple[CrisisLine, ...]]
    terms: Mapping[str, Term]
    languages: Mapping[str, Language]
    urgency: UrgencyRules
    urgency_words: UrgencyWords
    urgency_weights: bytes = field(repr=False)
    conduct: ConductRules
    conduct_weights: bytes = field(repr=False)
    wording: Mapping[str, Wording]
    state_law: StateLaw
    ids: Mapping[str, tuple[str, ...]]
    style: Style
    translations: Mapping[str, tuple[Translation, ...]]
    out_of_scope: tuple[str, ...]
    content: Path
    documents: Mapping[str, Document] = field(repr=False)

    @classmethod
    def load(cls, content: Path = CONTENT) -> Library:
        """Read a content folder (by default the one inside the package).

        Raises `ContentError` listing every problem, each with file, line, field, what is wrong and how to mend it.
        """
        return _Reading(content).library()

    @cached_property
    def sections(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each section."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.section, []).append(entry)
        return MappingProxyType({section: tuple(entries) for section, entries in found.items()})

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages in which the bot says everything of its own, English first."""
        others = (code for code in self.wording if f"wording/{code}.yaml" in self.documents and code != "en")
        return ("en", *sorted(others))

    def in_language(self, owner: Owner, language: str) -> Owner:
        """An entry or a card in a language where it has a translation that is not stale, else as it is."""
        for translation in self.translations.get(owner.id, ()):
            if translation.language == language and not any(translation.stale(owner)):
                return translation.apply(owner)
        return owner

    def translated_phrasings(self, entry_id: str) -> tuple[str, ...]:
        """How people ask an entry's question in the languages it is translated into."""
        found = self.translations.get(entry_id, ())
        return tuple(text for one in found for text in (*((one.question,) if one.question else ()), *one.phrasings))

    def lines_of(self, country: str | None) -> tuple[CrisisLine, ...]:
        """The crisis lines of a country by its two-letter code; the international ones where there are none."""
        return self.lines.get(country or INTERNATIONAL, self.lines[INTERNATIONAL])


def load_evidence(content: Path = CONTENT) -> dict[str, Evidence]:
    """The evidence records by id: what `check` holds claims against. Raises `ContentError`."""
    reading = _Reading(content)
    found = reading.each("evidence/*.yaml", _EvidenceFile)
    records = [record for _, file in found for records in file.root.values() for record in records]
    evidence = {record.id: record for record in records}
    if len(evidence) < len(records):
        ids = [record.id for record in records]
        twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
        reading.problems.append(
            Problem("evidence", 0, "", f"These ids stand twice: {', '.join(twice)}.", "Give one of each pair a new id.")
        )
    if reading.problems:
        raise ContentError(reading.problems)
    return evidence


class _Reading:
    """One pass over a content folder. It goes on after a problem, so that one run shows all of them."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        if not content.is_dir():
            raise ContentError(
                [Problem(str(content), 0, "", "There is no such content folder.", "Name one that exists.")]
            )

    def library(self) -> Library:
        sources = self.one("sources.yaml", _Sources)
        lines = self.one("crisis_lines.yaml", _Lines)
        terms = self.one("terms.yaml", _Terms)
        languages = self.one("languages.yaml", _Languages)
        urgency = self.one("urgency.yaml", UrgencyRules)
        urgency_words = self.one("urgency/concepts.yaml", UrgencyWords)
        urgency_weights = self._weights("urgency")
        conduct = self.one("conduct.yaml", ConductRules)
        conduct_weights = self._weights("conduct")
        law = self.one("state_law.yaml", StateLaw)
        ids = self.one("ids.yaml", _Ids)
        style = self.one("style.yaml", Style)
        wording = {Path(doc.shown).stem: text for doc, text in self.each("wording/*.yaml", Wording)}
        crises = self.each("wording/crisis/*.yaml", CrisisWording)
        entries = self.each("entries/*/*.yaml", Entry)
        cards = self.each("cards/*.yaml", CrisisCard)
        translations = self._translations()
        if sources:
            self._check_sources(sources)
            self._check_entries(entries, known := {source.id for source in sources.references})
            self._check_cards(cards, known)
        if urgency:
            self._check_urgency(urgency)
        if conduct:
            self._check_conduct(conduct)
        if lines:
            self._check_lines(lines)
        if "en" not in wording and not any(problem.path.startswith("wording/") for problem in self.problems):
            self.problems.append(Problem("wording/en.yaml", 0, "", "The English wording is missing.", "Put it back."))
        if self.problems or not (
            sources
            and lines
            and terms
            and languages
            and urgency
            and urgency_words
            and conduct
            and law
            and ids
            and style
        ):
            raise ContentError(self.problems)
        wording |= {Path(doc.shown).stem: wording["en"].in_crisis(text) for doc, text in crises}
        return Library(
            entries=MappingProxyType({entry.id: entry for _, entry in entries}),
            sources=MappingProxyType({source.id: source for source in sources.references}),
            cards=MappingProxyType({card.id: card for _, card in cards}),
            lines=MappingProxyType(lines.root),
            terms=MappingProxyType(terms.root),
            languages=MappingProxyType(languages.root),
            urgency=urgency,
            urgency_words=urgency_words,
            urgency_weights=urgency_weights,
            conduct=conduct,
            conduct_weights=conduct_weights,
            wording=MappingProxyType(wording),
            state_law=law,
            ids=MappingProxyType(ids.root),
            style=style,
            translations=MappingProxyType(translations),
            out_of_scope=self._out_of_scope(),
            content=self.content,
            documents=MappingProxyType(self.documents),
        )

    def _out_of_scope(self) -> tuple[str, ...]:
        """Messages that no entry answers, one a line: what refusal is learnt from. The file may be missing."""
        path = self.content / "out_of_scope.txt"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return tuple(line for line in lines if line and not line.startswith("#"))

    def _translations(self) -> dict[str, tuple[Translation, ...]]:
        found: dict[str, list[Translation]] = {}
        for document, translation in (
            *self.each("entries/*/*.??.yaml", Translation),
            *self.each("cards/*.??.yaml", Translation),
        ):
            id_, language = Path(document.shown).stem.split(".")
            if (translation.id, translation.language) != (id_, language):
                self._add(document, (), "The id and language are not those of the file's name.", "Correct them.")
            found.setdefault(id_, []).append(translation)
        return {id_: tuple(translations) for id_, translations in found.items()}

    def one(self, name: str, model: type[M]) -> M | None:
        """One file as a model, or None and its problems on the list."""
        try:
            document = Document.read(self.content / name, shown=name)
            self.documents[name] = document
            return document.parse(model)
        except ContentError as error:
            self.problems.extend(error.problems)
            return None

    def each(self, pattern: str, model: type[M]) -> list[tuple[Document, M]]:
        """Every file that matches, in the order of their names, less those with problems.

        A name with a dot in it is a translation; only a pattern that asks for one finds it.
        """
        paths = (path for path in self.content.glob(pattern) if ("." in path.stem) == (".??." in pattern))
        names = sorted(path.relative_to(self.content).as_posix() for path in paths)
        found = ((name, self.one(name, model)) for name in names)
        return [(self.documents[name], parsed) for name, parsed in found if parsed is not None]

    def _add(self, document: Document, loc: Loc, what: str, remedy: str) -> None:
        self.problems.append(document.problem(loc, what, remedy))

    def _check_sources(self, sources: _Sources) -> None:
        document, seen = self.documents["sources.yaml"], set[str]()
        for n, source in enumerate(sources.references):
            if source.id in seen:
                self._add(document, ("references", n, "id"), f"The source '{source.id}' stands twice.", "Remove one.")
            seen.add(source.id)

    def _check_entries(self, entries: Sequence[tuple[Document, Entry]], sources: set[str]) -> None:
        ids = {path.stem for path in self.content.glob("entries/*/*.yaml")}
        for document, entry in entries:
            self._check_name(document, entry.id)
            if entry.section != Path(document.shown).parent.name:
                self._add(
                    document, ("section",), "The file lies in another section's folder.", "Move it, or correct this."
                )
            for n, related in enumerate(entry.related):
                if related not in ids:
                    self._add(document, ("related", n), f"There is no entry '{related}'.", "Name one that exists.")
            for part in ("do_now", "answer", "more"):
                self._check_cites(document, part, getattr(entry, part), sources)

    def _check_cards(self, cards: Sequence[tuple[Document, CrisisCard]], sources: set[str]) -> None:
        for document, card in cards:
            self._check_name(document, card.id)
            for part in ("steps", "do_not", "gentle"):
                self._check_cites(document, part, getattr(card, part), sources)

    def _check_name(self, document: Document, id_: str) -> None:
        if id_ != Path(document.shown).stem:
            self._add(
                document, ("id",), f"The id '{id_}' is not the file's name.", "An id is permanent: rename the file."
            )

    def _check_cites(self, document: Document, part: str, claims: Sequence[Claim], sources: set[str]) -> None:
        for n, claim in enumerate(claims):
            for m, cite in enumerate(claim.cites):
                if cite.source not in sources:
                    what = f"There is no source '{cite.source}'."
                    self._add(document, (part, n, "cites", m), what, "Correct the id, or add it to sources.yaml.")

    def _check_urgency(self, urgency: UrgencyRules) -> None:
        document = self.documents["urgency.yaml"]
        cards = {path.stem for path in self.content.glob("cards/*.yaml")}
        for n, rule in enumerate(urgency.rules):
            if rule.card not in cards:
                self._add(document, ("rules", n, "card"), f"There is no card '{rule.card}'.", "Name one that exists.")
        for loc, pattern in urgency.patterns():
            try:
                urgency.compile(pattern)
            except (re.error, KeyError, RecursionError) as error:
                self._add(document, loc, f"The pattern does not compile: {error}.", "Correct it.")

    def _check_conduct(self, conduct: ConductRules) -> None:
        document = self.documents["conduct.yaml"]
        entries = {path.stem for path in self.content.glob("entries/*/*.yaml")}
        for n, claim in enumerate(conduct.claims):
            if claim.entry not in entries:
                what = f"There is no entry '{claim.entry}'."
                self._add(document, ("claims", n, "entry"), what, "Name one that exists.")
        for label, names in conduct.because.items():
            for n, name in enumerate(names):
                if name not in conduct.marks and name not in conduct.ideas:
                    what = f"There is no mark or idea '{name}'."
                    self._add(document, ("because", label, n), what, "Name one that exists.")
        self._check_marks(document, conduct)

    def _check_marks(self, document: Document, conduct: ConductRules) -> None:
        for loc, pattern in conduct.patterns():
            try:
                compiled = conduct.compile(pattern)
            except (re.error, KeyError, RecursionError) as error:
                self._add(document, loc, f"The pattern does not compile: {error}.", "Correct it.")
            else:
                if compiled.groups and loc[0] != "claims":
                    self._add(document, loc, "The pattern has a capturing group.", "Write (?: instead of (.")
                elif loc[0] != "fragments" and compiled.match(""):
                    self._add(document, loc, "The pattern matches where nothing stands.", "Let it ask for something.")

    def _weights(self, model: str) -> bytes:
        name = f"{model}/weights.npz"
        try:
            return (self.content / name).read_bytes()
        except OSError as error:
            what = f"The weights of a model cannot be read: {error.strerror}."
            self.problems.append(Problem(name, 0, "", what, f"Fit them: python -m answers.{model}.fit"))
            return b""

    def _check_lines(self, lines: _Lines) -> None:
        document, seen = self.documents["crisis_lines.yaml"], set[str]()
        if INTERNATIONAL not in lines.root:
            self._add(
                document, (), f"The key {INTERNATIONAL} is missing.", "Add the lines for readers of no known country."
            )
        for country, n, line in _numbered(lines.root):
            if line.id in seen:
                self._add(
                    document, (country, n, "id"), f"The line '{line.id}' stands twice.", "Give it an id of its own."
                )
            seen.add(line.id)


def _numbered(lines: Mapping[str, Sequence[CrisisLine]]) -> Iterator[tuple[str, int, CrisisLine]]:
    for country, group in lines.items():
        for n, line in enumerate(group):
            yield country, n, line
