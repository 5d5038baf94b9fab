"""Reading → Urgency or None: is this message an emergency, of what kind, and which words say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answers.library import Library
from answers.models import Kind, Urgency
from answers.reading import Reading

Compile = Callable[[str], re.Pattern[str]]


@dataclass(frozen=True)
class _Rule:
    card: str
    kind: Kind
    patterns: re.Pattern[str]
    unless: re.Pattern[str] | None


class UrgencyDetector:
    """Holds a message against the rules of `urgency.yaml`, which name what each kind of emergency sounds like."""

    def __init__(self, library: Library) -> None:
        rules = library.urgency
        self._unless = _any(rules.compile, rules.unless)
        self._rules = tuple(
            _Rule(
                card=rule.card,
                kind=library.cards[rule.card].kind,
                patterns=_required(rules.compile, rule.any_),
                unless=_any(rules.compile, rule.unless),
            )
            for rule in rules.rules
        )

    def detect(self, reading: Reading) -> Urgency | None:
        """The first rule that a message meets, in the file's order of precedence.

        A match counts unless words that take the alarm out of it (a title, a saying, long ago) overlap it.
        """
        said = " ".join(reading.words)
        harmless = [found.span() for found in self._unless.finditer(said)] if self._unless else []
        for rule in self._rules:
            if rule.unless and rule.unless.search(said):
                continue
            for found in rule.patterns.finditer(said):
                if not any(start < found.end() and found.start() < stop for start, stop in harmless):
                    return Urgency(kind=rule.kind, card=rule.card, because=found[0])
        return None


def _required(compiled: Compile, patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{compiled(pattern).pattern})\b" for pattern in patterns))


def _any(compiled: Compile, patterns: Sequence[str]) -> re.Pattern[str] | None:
    return _required(compiled, patterns) if patterns else None
