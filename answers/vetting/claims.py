"""Rules for claims: each is cited, tied to evidence, and says no more than its sources bear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from answers.documents import Problem
from answers.models import Entry, Source, Strength
from answers.vetting.draft import ClaimAt, Draft

_STUDIES = {"peer-reviewed", "review"}
_OFFICIAL = {"regulator", "government"}
_REFERENCE = {"clinical-reference", "poison-centre", "guideline"}
BEARERS = {
    Strength.GUIDELINE: {"guideline"} | _OFFICIAL,
    Strength.SYSTEMATIC_REVIEW: _STUDIES | {"guideline"},
    Strength.CONTROLLED_HUMAN: _STUDIES | _OFFICIAL,
    Strength.OBSERVATIONAL: _STUDIES | _OFFICIAL | _REFERENCE,
    Strength.CASE_REPORTS: _STUDIES | _OFFICIAL | _REFERENCE,
    Strength.ANIMAL_OR_IN_VITRO: _STUDIES | _OFFICIAL | _REFERENCE,
    Strength.REGULATOR_POSITION: _OFFICIAL,
}
"""The kinds of source of which a claim of each strength needs at least one. Strengths not named take any."""
WEAKEST = (Strength.EXPERT_CONSENSUS, Strength.NO_EVIDENCE_FOUND)

_NOT_FIGURES = re.compile(r"7-?(?:OH|hydroxy\w*)|\b[A-Za-z]+-?\d\w*|\b(?:911|988|112|999)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_ABSOLUTE = re.compile(r"\b(always|never|safe|safely|proven|cures?|guaranteed?)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(not|no|nobody|none|nothing|cannot|can't|isn't|aren't|doesn't|don't|without|whether|never|how|less|more|than|"
    r"if|is it|nor|hard to)\b[^.;:]*$",
    re.IGNORECASE,
)


def uncited(draft: Draft) -> Iterator[Problem]:
    """A claim has a citation and a strength; facts about the bot itself need them once an entry."""
    for at in draft.claims:
        about = isinstance(at.owner, Entry) and at.owner.section == "about"
        if about and any(claim.cites for claim in at.owner.claims):
            continue
        if not at.claim.cites:
            yield at.problem("This claim has no citation.", "Cite the source it comes from.")
        if at.claim.strength is None:
            yield at.problem("This claim does not say how strong its evidence is.", "Add 'strength'.")


def untied_to_evidence(draft: Draft) -> Iterator[Problem]:
    """A cited claim names the evidence records it rests on, and those name its sources."""
    for at in draft.claims:
        if not at.claim.cites:
            continue
        if not at.claim.evidence:
            yield at.problem("This claim names no evidence.", "Add 'evidence' with the ids of the records it rests on.")
            continue
        for n, name in enumerate(at.claim.evidence):
            if name not in draft.evidence:
                what = f"There is no evidence record '{name}'."
                yield at.problem(what, "Correct the id, or add it to evidence/.", "evidence", n)
        known = {source for record in draft.resting_on(at.claim) for source in record.sources}
        for n, cite in enumerate(at.claim.cites):
            if cite.source not in known:
                what = f"'{cite.source}' is cited, but none of the evidence named here comes from it."
                yield at.problem(what, "Name the record that does, or cite another source.", "cites", n)


def _sources(draft: Draft, at: ClaimAt) -> list[Source]:
    return [draft.library.sources[cite.source] for cite in at.claim.cites]


def weak_sources(draft: Draft) -> Iterator[Problem]:
    """No claim rests on news alone, or on addresses alone that nobody confirmed."""
    for at in draft.claims:
        sources = _sources(draft, at)
        if sources and all(source.custom.kind == "news" for source in sources):
            yield at.problem("This claim rests on news alone.", "Cite what the news reports on.", "cites")
        elif sources and not any(source.custom.url_confirmed for source in sources):
            what = "This claim rests only on sources whose address is not confirmed."
            yield at.problem(what, "Confirm one at its publisher's page, or cite another.", "cites")


def retracted(draft: Draft) -> Iterator[Problem]:
    """No claim cites a retracted source."""
    for at in draft.claims:
        for n, source in enumerate(_sources(draft, at)):
            if source.custom.retracted:
                yield at.problem(f"'{source.id}' has been retracted.", "Cite another source.", "cites", n)


def strength_not_borne(draft: Draft) -> Iterator[Problem]:
    """A strength needs a source of a kind that can bear it: a news item is no trial."""
    for at in draft.claims:
        strength, sources = at.claim.strength, _sources(draft, at)
        wanted = BEARERS.get(strength) if strength else None
        if wanted and sources and not any(source.custom.kind in wanted for source in sources):
            kinds = ", ".join(sorted({source.custom.kind for source in sources}))
            what = f"'{strength}' is more than sources of these kinds bear: {kinds}."
            yield at.problem(what, f"Cite one of: {', '.join(sorted(wanted))}; or say a weaker strength.", "strength")


def strength_beyond_evidence(draft: Draft) -> Iterator[Problem]:
    """A claim's strength is that of a record it rests on, or one of the two weakest."""
    for at in draft.claims:
        strengths = {record.strength for record in draft.resting_on(at.claim)} | {None, *WEAKEST}
        if at.claim.evidence and at.claim.strength not in strengths:
            known = ", ".join(sorted({record.strength for record in draft.resting_on(at.claim)}))
            what = f"The evidence named here is {known}, not {at.claim.strength}."
            yield at.problem(what, "Say the strength that the evidence has.", "strength")


def numbers_not_in_evidence(draft: Draft) -> Iterator[Problem]:
    """A figure in a claim stands in a record that the claim rests on."""
    for at in draft.claims:
        if not at.claim.evidence:
            continue
        records = draft.resting_on(at.claim)
        known = set().union(*(_figures(f"{one.finding} {one.caution or ''} {one.as_of}") for one in records))
        missing = sorted(_figures(at.claim.says) - known)
        if missing:
            what = f"The figure {', '.join(missing)} stands in none of the evidence named here."
            yield at.problem(what, "Correct it, or name the record that has it.", "says")


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(_NOT_FIGURES.sub(" ", text).replace(",", "")))


def absolute_words(draft: Draft) -> Iterator[Problem]:
    """Always, never, safe, proven and the like stand only where the evidence says so, or where they are denied."""
    for at in draft.claims:
        if not at.claim.evidence:
            continue
        borne = " ".join(record.finding for record in draft.resting_on(at.claim)).lower()
        for found in _ABSOLUTE.finditer(at.claim.says):
            if found[0].lower() not in borne and not _NEGATED.search(at.claim.says[: found.start()]):
                what = f"'{found[0]}' is more than the evidence named here says."
                yield at.problem(what, "Say it with less certainty.", "says")
