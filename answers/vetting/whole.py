"""Rules for the FAQ as a whole: no promised entry is missing, and nothing unused stays."""

from __future__ import annotations

from collections.abc import Iterator

from answers.documents import Problem
from answers.models import CrisisCard, Entry
from answers.translating import fingerprint
from answers.vetting.draft import Draft


def missing_ids(draft: Draft) -> Iterator[Problem]:
    """An id, once public, stays: links, exports and group rules name it. ids.yaml lists them."""
    document = draft.library.documents["ids.yaml"]
    for section, ids in draft.library.ids.items():
        for n, id_ in enumerate(ids):
            entry = draft.library.entries.get(id_)
            if entry is None:
                what = f"The entry '{id_}' is missing."
                yield document.problem((section, n), what, f"Write entries/{section}/{id_}.yaml.")
            elif entry.section != section:
                yield document.problem((section, n), f"'{id_}' lies in '{entry.section}'.", f"Move it to '{section}'.")


def stale_translations(draft: Draft) -> Iterator[Problem]:
    """A translation follows its English. A stale one is not shown until it does."""
    owners = {owner.id: owner for owner in draft.owners}
    for id_, translations in draft.library.translations.items():
        for translation in translations:
            owner = owners.get(id_)
            if owner is None:
                document = next(
                    doc for name, doc in draft.library.documents.items() if f"/{id_}.{translation.language}." in name
                )
                yield document.problem(
                    (), f"There is no '{id_}' to translate.", "Remove the file, or correct its name."
                )
                continue
            document = draft.library.documents[
                draft.document_of(owner).shown.replace(".yaml", f".{translation.language}.yaml")
            ]
            for place in translation.stale(owner):
                remedy = f"Translate the English as it stands now, with 'english: {_now(owner, place)}'."
                yield document.problem((), f"'{place}' is stale: its English is not the one translated.", remedy)


def missing_translations(draft: Draft) -> Iterator[Problem]:
    """In a language with any wording the crisis cards are there; in one with all of it, the urgent entries too."""
    for language in draft.library.wording:
        whole = f"wording/{language}.yaml" in draft.library.documents
        for owner in draft.owners:
            needed = isinstance(owner, CrisisCard) or (whole and owner.urgent)
            there = any(one.language == language for one in draft.library.translations.get(owner.id, ()))
            if language != "en" and needed and not there:
                what = f"There is no translation into '{language}', and this one is urgent."
                yield draft.at(owner, (), what, f"Write {owner.id}.{language}.yaml beside it.")


def _now(owner: Entry | CrisisCard, place: str) -> str:
    part, _, number = place.partition(".")
    said = getattr(owner, part, ())
    if isinstance(said, str):
        return fingerprint(said)
    return fingerprint(said[int(number) - 1].says) if int(number) <= len(said) else "(gone: remove this sentence)"


def unused_sources(draft: Draft) -> Iterator[Problem]:
    """A source that nothing cites and no evidence names goes."""
    used = {cite.source for at in draft.claims for cite in at.claim.cites}
    used |= {cite.source for state in draft.library.state_law.states for cite in state.cites}
    used |= {source for record in draft.evidence.values() for source in record.sources}
    document = draft.library.documents["sources.yaml"]
    for n, source in enumerate(draft.library.sources):
        if source not in used:
            yield document.problem(("references", n), f"Nothing uses the source '{source}'.", "Remove it.")
    for record in draft.evidence.values():
        for source in record.sources:
            if source not in draft.library.sources:
                what = f"The record '{record.id}' names the source '{source}', which is not there."
                yield Problem("evidence", 0, record.id, what, "Add it to sources.yaml, or correct the id.")
