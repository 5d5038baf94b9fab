"""The rules of `urgency.yaml` held against a message's words: what leaves no doubt."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from answers.models import UrgencyRules
from answers.urgency.tokens import Token


@dataclass(frozen=True)
class _Rule:
    card: str
    patterns: re.Pattern[str]
    unless: re.Pattern[str] | None


class Rules:
    """Patterns compiled once, in the file's order of precedence."""

    def __init__(self, rules: UrgencyRules) -> None:
        self._compile = rules.compile
        self._unless = self._any(rules.unless)
        self._rules = tuple(_Rule(rule.card, self._required(rule.any_), self._any(rule.unless)) for rule in rules.rules)

    def met(self, tokens: Sequence[Token]) -> tuple[str, int, int] | None:
        """The card of the first rule that the words meet, and the span of the normal form that meets it.

        A match counts unless words that take the alarm out of it (a title, a saying, long ago) overlap it.
        """
        starts: list[int] = []
        said = ""
        for token in tokens:
            starts.append(len(said))
            said += token.text + " "
        harmless = [found.span() for found in self._unless.finditer(said)] if self._unless else []
        for rule in self._rules:
            if rule.unless and rule.unless.search(said):
                continue
            for found in rule.patterns.finditer(said):
                if not any(start < found.end() and found.start() < stop for start, stop in harmless):
                    first, last = (
                        bisect_right(starts, found.start()) - 1,
                        bisect_right(starts, found.end() - 1) - 1,
                    )
                    return rule.card, tokens[first].start, tokens[last].stop
        return None

    def _required(self, patterns: Sequence[str]) -> re.Pattern[str]:
        return re.compile("|".join(rf"\b(?:{self._compile(pattern).pattern})\b" for pattern in patterns))

    def _any(self, patterns: Sequence[str]) -> re.Pattern[str] | None:
        return self._required(patterns) if patterns else None
