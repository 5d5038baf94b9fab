"""The rules that content must satisfy (`kratom-answers check`). Loading has refused what is malformed or dangling."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from answers.documents import ContentError, Problem
from answers.library import CONTENT, Library, load_evidence
from answers.vetting import claims, conduct, crisis, dates, language, phrasings, whole
from answers.vetting.draft import Draft

RULES = (
    whole.missing_ids,
    whole.unused_sources,
    whole.stale_translations,
    whole.missing_translations,
    claims.uncited,
    claims.untied_to_evidence,
    claims.weak_sources,
    claims.retracted,
    claims.strength_not_borne,
    claims.strength_beyond_evidence,
    claims.numbers_not_in_evidence,
    claims.absolute_words,
    language.amounts,
    language.brands_and_prices,
    language.avoided_words,
    language.claimed_reviews,
    language.unreadable,
    language.too_long,
    phrasings.too_few,
    phrasings.shared,
    dates.overdue,
    dates.recheck_too_late,
    dates.checked_in_the_future,
    crisis.numbers_refused,
    crisis.one_way_only,
    conduct.unworded,
    conduct.listed_twice,
)
"""Every rule: a function from a draft to the problems it finds. A new rule is one function more in this list."""


def vet(content: Path = CONTENT, *, today: date | None = None) -> list[Problem]:
    """Every problem of a content folder, in the order of its files. `today` decides what is overdue."""
    try:
        draft = Draft(Library.load(content), load_evidence(content), content, today or date.today())  # noqa: DTZ011
    except ContentError as error:
        return error.problems
    return sorted({problem for rule in RULES for problem in rule(draft)})
