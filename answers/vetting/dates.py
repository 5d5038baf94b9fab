"""Rules for dates: nothing is overdue, and nothing may go unchecked for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from answers.documents import Problem
from answers.models import Entry
from answers.vetting.draft import Draft

LAW, HEALTH = timedelta(days=92), timedelta(days=366)
"""How long an entry on law or regulation, and any other, may go until it is checked again."""


def overdue(draft: Draft) -> Iterator[Problem]:
    """Entries, cards, crisis lines and the table of state law that should have been checked again by now."""
    remedy = "Check it against its sources again, then set 'checked' and 'recheck_by'."
    for owner in draft.owners:
        if owner.recheck_by < draft.today:
            yield draft.at(owner, ("recheck_by",), f"It was due on {owner.recheck_by}.", remedy)
    lines = draft.library.documents["crisis_lines.yaml"]
    for country, group in draft.library.lines.items():
        for n, line in enumerate(group):
            if line.recheck_by < draft.today:
                what = f"The line '{line.id}' was due on {line.recheck_by}."
                yield lines.problem(
                    (country, n, "recheck_by"), what, "Check the number at its own page, then set both dates."
                )
    law = draft.library.state_law
    if law.recheck_by < draft.today:
        document = draft.library.documents["state_law.yaml"]
        yield document.problem(("recheck_by",), f"The table was due on {law.recheck_by}.", remedy)


def recheck_too_late(draft: Draft) -> Iterator[Problem]:
    """Law and regulation are due again within 90 days, everything else within 12 months."""
    for owner in draft.owners:
        longest = LAW if isinstance(owner, Entry) and owner.section == "law" else HEALTH
        if owner.recheck_by - owner.checked.date > longest:
            what = f"'recheck_by' is more than {longest.days - 1} days after 'checked'."
            yield draft.at(owner, ("recheck_by",), what, "Set an earlier day.")


def checked_in_the_future(draft: Draft) -> Iterator[Problem]:
    """Nothing was checked tomorrow."""
    for owner in draft.owners:
        if owner.checked.date > draft.today:
            yield draft.at(owner, ("checked", "date"), f"{owner.checked.date} is still to come.", "Set the day it was.")
