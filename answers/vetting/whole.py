"""Rules for the FAQ as a whole: no promised entry is missing, and nothing unused stays."""

from __future__ import annotations

from collections.abc import Iterator

from answers.documents import Problem
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
