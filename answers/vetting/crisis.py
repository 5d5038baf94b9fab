"""Rules for crisis lines: numbers that their country's numbering plan knows, and more than one way to reach someone."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from answers.documents import Problem
from answers.library import INTERNATIONAL
from answers.models import CrisisLine
from answers.vetting.draft import Draft

_SHORTEST_FULL_NUMBER = 7


def numbers_refused(draft: Draft) -> Iterator[Problem]:
    """A number that the numbering plan refuses is a misprint, unless `plan_exception` says why it is right."""
    document = draft.library.documents["crisis_lines.yaml"]
    for country, group in draft.library.lines.items():
        for n, line in enumerate(group):
            if line.plan_exception is None and not (country == INTERNATIONAL and line.tel == "112"):
                for loc, number in _numbers(line):
                    if not _in_plan(number, country):
                        what = f"{number} is not a number of {country}'s numbering plan."
                        remedy = "Correct it; or, if it was seen to be right, say so in 'plan_exception'."
                        yield document.problem((country, n, *loc), what, remedy)


def _numbers(line: CrisisLine) -> Iterator[tuple[tuple[str, ...], str]]:
    if line.tel:
        yield ("tel",), line.tel
    if line.sms:
        yield ("sms", "to"), line.sms.to


def _in_plan(number: str, country: str) -> bool:
    """Short codes pass by the short-number test, the rest by the ordinary one."""
    region = None if country == INTERNATIONAL else country
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    if number.startswith("+"):
        return phonenumbers.is_valid_number(parsed)
    return (
        phonenumbers.is_valid_short_number_for_region(parsed, country)
        or phonenumbers.is_emergency_number(number, country)
        or phonenumbers.is_valid_number_for_region(parsed, country)
    )


def one_way_only(draft: Draft) -> Iterator[Problem]:
    """Every country has an emergency number, and at least two other ways to reach a person."""
    document = draft.library.documents["crisis_lines.yaml"]
    for country, group in draft.library.lines.items():
        if country == INTERNATIONAL:
            continue
        if not any(line.kind == "emergency" and line.phone for line in group):
            yield document.problem((country,), "There is no emergency number.", "Add it.")
        ways = sum(
            bool(way) for line in group if line.kind == "suicide" for way in (line.phone, line.sms, line.chat_url)
        )
        if ways == 0:
            yield document.problem((country,), "There is no line for someone who thinks of suicide.", "Add one.")
