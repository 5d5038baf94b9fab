"""Reply → Blocks: what is shown and in what order, before a channel puts its own marks on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from answers.library import INTERNATIONAL, Library
from answers.models import Citation, Claim, CrisisCard, Entry, Reply, Source
from answers.rendering.shapes import Block, Cite, Line
from answers.rendering.ways import ways
from answers.wording import Wording

View = Literal["whole", "short", "details", "sources", "brief"]
"""What is shown of a reply that is an entry: all of it; what is said first; that and the details; or what stands behind
it, source by source. Any other reply looks the same in these views.

`brief` is for where others read along, such as groups: an entry as in `short`, of a crisis card the first steps, what
not to do and whom to reach, and one sentence where there is no one answer."""
BRIEF_STEPS, BRIEF_DO_NOTS = 4, 2
"""How many steps and warnings of a crisis card the brief view shows. What matters most stands first."""


def blocks(reply: Reply, library: Library, *, view: View = "whole", today: date | None = None) -> list[Block]:
    """The blocks of a reply, in order. `today` (by default the clock's) decides whether a check is overdue."""
    wording = library.wording.get(reply.language, library.wording["en"])
    page = _Page(reply, library, wording, view, today or date.today())  # noqa: DTZ011  the reader's day, not an instant
    return list(page.sources() if view == "sources" and reply.entry else page.blocks())


class _Page:
    """One reply being set out."""

    def __init__(self, reply: Reply, library: Library, wording: Wording, view: View, today: date) -> None:
        self.reply = reply
        self.library = library
        self.wording = wording
        self.labels = wording.labels
        self.view = view
        self.today = today
        self.numbers = {source: n for n, source in enumerate(reply.citations, start=1)}
        emergency = [line.phone for line in library.lines_of(reply.country) if line.kind == "emergency" and line.phone]
        known = emergency and reply.country not in (None, INTERNATIONAL)
        self.emergency = emergency[0] if known else self.labels.emergency_number

    def blocks(self) -> Iterator[Block]:
        if self.reply.language != "en":
            yield from self._other_language()
        if self.reply.urgency and not self.reply.card:
            yield self._say(self.wording.worrying[self.reply.urgency.kind].format(emergency=self.emergency))
            yield from self._reach()
        if self.reply.card:
            yield from self._card(self.reply.card)
        if self.reply.entry:
            yield from self._entry(self.reply.entry)
        if self.reply.kind in ("choose", "no_answer") and self.view == "brief":
            sentences = self.wording.sentences
            yield self._say(sentences.choose_brief if self.reply.kind == "choose" else sentences.no_answer_brief)
        elif self.reply.kind == "choose":
            yield Block(self._questions(), heading=self.wording.sentences.choose, form="steps")
            yield self._say(f"{self.wording.sentences.choose_none} {self.wording.sentences.clinician_anyway}")
        elif self.reply.kind == "no_answer":
            yield self._say(self.wording.sentences.no_answer)
            if self.reply.offered:
                yield Block(self._questions(), heading=self.wording.sentences.nearest, form="steps")
            yield self._say(self.wording.sentences.clinician_anyway)
        if self.reply.social:
            yield self._say(self.wording.social[self.reply.social].says)

    def _other_language(self) -> Iterator[Block]:
        """Says that what follows is in English, where it is; then whom to reach, which needs few words."""
        shown = (self.reply.card, self.reply.entry, *self.reply.offered)
        if (
            all(one.language == self.reply.language for one in shown if one)
            and self.reply.language in self.library.wording
        ):
            return
        known = self.library.languages.get(self.reply.language)
        yield self._say((known and known.english_only) or self.wording.sentences.other_language)
        if not (self.reply.card or self.reply.urgency):
            yield from self._reach()

    def _card(self, card: CrisisCard) -> Iterator[Block]:
        brief = self.view == "brief"
        yield Block(self._claims(card.steps[: BRIEF_STEPS if brief else None]), heading=card.title, form="steps")
        yield from self._reach()
        if card.do_not:
            shown = card.do_not[: BRIEF_DO_NOTS if brief else None]
            yield Block(self._claims(shown), heading=self.labels.do_not, form="list")
        if card.gentle and not brief:
            yield Block(self._claims(card.gentle), heading=self.labels.gentle)
        if self.reply.country not in (None, INTERNATIONAL):
            country = self.wording.countries.get(self.reply.country or "", self.reply.country or "")
            yield self._say(self.labels.other_country.format(country=country))
        if not (self.reply.entry or brief):
            yield self._sources()
        if card.language != "en" and not card.reviews:
            yield self._say(self.labels.translation_not_reviewed)
        yield self._say(self.labels.crisis_clinician)

    def _entry(self, entry: Entry) -> Iterator[Block]:
        if self.reply.card:
            yield self._say(self.labels.see_also)
        if entry.urgent and not self.reply.card:
            yield self._say(self.labels.urgent.format(emergency=self.emergency))
        if entry.do_now:
            yield Block(self._claims(entry.do_now), heading=self.labels.do_now, form="steps")
        yield from self._state()
        yield Block(self._claims(entry.answer))
        if entry.more and self.view in ("whole", "details"):
            yield Block(self._claims(entry.more), heading=self.labels.more, form="list", folded=True)
        if self.view == "whole":
            yield self._sources()
        yield Block(tuple(self._vetting(entry)))
        yield Block((Line(entry.see_a_clinician),), heading=self.labels.clinician)

    def _state(self) -> Iterator[Block]:
        state = self.reply.state
        if state is None:
            return
        cites = self._cites(state.cites)
        lines = [Line(state.leaf.says, cites), Line(state.seven_oh.says, cites)]
        if state.confidence == "low" or state.conflict:
            lines.append(Line(" ".join(filter(None, (self.labels.state_disputed, state.conflict)))))
        if state.where_to_check:
            lines.append(Line(self.labels.state_check, url=state.where_to_check))
        heading = self.labels.state.format(state=state.state, as_of=state.as_of)
        yield Block(tuple(lines), heading=heading, form="list")

    def _vetting(self, entry: Entry) -> Iterator[Line]:
        strengths = dict.fromkeys(claim.strength for claim in entry.claims if claim.strength)
        if strengths:
            named = ", ".join(self.wording.strengths[strength] for strength in strengths)
            yield Line(self.labels.evidence.format(strengths=named))
        yield Line(self.labels.checked.format(date=self.wording.day(entry.checked.date)))
        for review in entry.reviews:
            day = self.wording.day(review.date)
            yield Line(self.labels.reviewed.format(role=review.role, organisation=review.organisation, date=day))
        if not entry.reviews:
            yield Line(self.labels.not_reviewed)
        if entry.recheck_by < self.today:
            yield Line(self.labels.overdue.format(date=self.wording.day(entry.recheck_by)))

    def _sources(self) -> Block:
        lines = (self._source(self.library.sources[source]) for source in self.reply.citations)
        return Block(tuple(lines), heading=self.labels.sources, form="sources", folded=True)

    def sources(self) -> Iterator[Block]:
        """Each source of the entry with what it supports here and how strong the evidence is."""
        for source, number in self.numbers.items():
            supported = [claim for claim in self._claimed() if any(cite.source == source for cite in claim.cites)]
            lines = tuple(Line(f"{claim.says}{self._strength(claim)}") for claim in supported)
            title = self._source(self.library.sources[source])
            yield Block((title,), form="sources", start=number)
            if lines:
                yield Block(lines, heading=self.labels.supports, form="list", folded=True)

    def _claimed(self) -> tuple[Claim, ...]:
        entry = self.reply.entry
        return (*entry.do_now, *entry.answer, *entry.more) if entry else ()

    def _strength(self, claim: Claim) -> str:
        return f" ({self.wording.strengths[claim.strength]})" if claim.strength else ""

    def _source(self, source: Source) -> Line:
        parts = (_sentence(source.title), _sentence(", ".join(filter(None, (source.where, source.year)))))
        return Line(" ".join(filter(None, parts)), url=source.url)

    def _reach(self) -> Iterator[Block]:
        if self.reply.lines:
            yield Block(ways(self.reply.lines, self.wording), heading=self.labels.reach, form="list")

    def _claims(self, claims: Iterable[Claim]) -> tuple[Line, ...]:
        lines = (Line(claim.says.replace("{emergency}", self.emergency), self._cites(claim.cites)) for claim in claims)
        return tuple(lines)

    def _cites(self, cites: Iterable[Citation]) -> tuple[Cite, ...]:
        return tuple(Cite(self.numbers[c.source], self.library.sources[c.source].url, c.at) for c in cites)

    def _questions(self) -> tuple[Line, ...]:
        return tuple(Line(entry.question) for entry in self.reply.offered)

    def _say(self, text: str) -> Block:
        return Block((Line(text),))


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."
