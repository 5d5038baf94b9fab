"""Why a message gets its reply, as tables in the terminal (`ask --explain`)."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from answers.answering import CONFIDENT, WORTH_OFFERING, Answerer, Explanation

MOST = 5


def show(explanation: Explanation, answerer: Answerer) -> None:
    """Print how a message was read, what decided its urgency, and what it was matched with, to standard error."""
    console = Console(file=sys.stderr)
    reading, ranking, urgency = explanation.reading, explanation.ranking, explanation.urgency
    facts = Table(title="Reading", show_header=False, title_justify="left")
    facts.add_row("language", reading.language)
    facts.add_row("normal form", reading.normal)
    terms = (
        f"{' '.join(reading.words[m.start : m.stop])} = {' < '.join((m.term, *m.classes))}" for m in reading.mentions
    )
    facts.add_row("terms", "\n".join(terms) or "none")
    facts.add_row("urgency", f"{urgency.kind}, {urgency.level}, because of: {urgency.because}" if urgency else "none")
    console.print(facts)
    first = ranking.candidates[0]
    matches = Table("entry", "probability", "question", title="Matching", title_justify="left")
    for one in ranking.candidates[:MOST]:
        matches.add_row(one.entry, f"{one.confidence:.3f}", answerer.library.entries[one.entry].question)
    console.print(matches)
    console.print(
        f"In scope: {ranking.in_scope:.3f} (offers choices from {WORTH_OFFERING}). "
        f"First entry: {first.confidence:.3f} (answers from {CONFIDENT})."
    )
    words = Table("word", f"adds to {first.entry}", title="Words", title_justify="left")
    for word, effect in sorted(explanation.telling, key=lambda item: -item[1])[:MOST]:
        words.add_row(word, f"{effect:+.3f}")
    console.print(words)
