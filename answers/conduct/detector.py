"""Reading → Conduct: the crisis first, then what the message mainly does, as the model of the examples tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from answers.conduct.features import features
from answers.conduct.model import Model
from answers.conduct.signs import Heard, Signs
from answers.conduct_rules import Conduct, ConductLabel
from answers.library import Library
from answers.matching import Matcher
from answers.models import Urgency
from answers.reading import Reading

CRISIS: Final[ConductLabel] = "crisis"
HARMLESS: Final[tuple[ConductLabel, ...]] = ("question", "fine")
CRISIS_CONFIDENCE = {"now": 0.85, "worrying": 0.7}
"""How often an alarm of each level was right on the development messages."""
CORRECTS = 0.25
"""The confidence from which the matcher's first entry is taken as the one that corrects an unsafe claim."""
_MOST_REASONS, _LONGEST_QUOTE = 3, 60


class ConductDetector:
    """Tells conduct by the rules and the model of a library. `matcher` finds the entry that corrects a claim."""

    def __init__(self, library: Library, matcher: Matcher) -> None:
        rules = library.conduct
        self._flag, self._agrees, self._because = rules.flag, rules.agrees, rules.because
        self._wording = {language: wording.conduct for language, wording in library.wording.items()}
        self._signs = Signs(rules)
        self._claims = [
            (re.compile("|".join(rules.compile(pattern).pattern for pattern in claim.any_)), claim.entry)
            for claim in rules.claims
        ]
        self._model = Model.from_bytes(library.conduct_weights)
        self._matcher = matcher

    def judge(
        self, reading: Reading, urgency: Urgency | None, *, forwarded: bool = False, language: str = "en"
    ) -> Conduct:
        """What a message does. `urgency` is the emergency in it; `forwarded`, that somebody else wrote it.

        The reasons are in `language`.
        """
        signs = self._signs.signs(reading.normal)
        heard = self._signs.hear(signs)
        chances = self._chances(features(reading, signs, heard, forwarded=forwarded))
        if urgency and (urgency.level == "now" or chances[CRISIS] >= self._agrees):
            words = self._wording[language]
            reason = words.reasons[CRISIS].format(words=_quoted(urgency.because))
            return Conduct(label=CRISIS, confidence=CRISIS_CONFIDENCE[urgency.level], reasons=(reason,))
        others = 1 - chances.pop(CRISIS)
        label = max(chances, key=chances.__getitem__)
        if label not in HARMLESS and chances[label] / others < self._flag:
            label = max(HARMLESS, key=chances.__getitem__)
        return Conduct(
            label=label,
            confidence=min(1.0, chances[label] / others),
            reasons=self._reasons(label, heard, language),
            entry=self._corrected(reading) if label == "unsafe-claim" else None,
        )

    def _chances(self, found: dict[str, float]) -> dict[ConductLabel, float]:
        return dict(zip(self._model.labels, self._model.chances(found).tolist(), strict=True))

    def _reasons(self, label: ConductLabel, heard: Sequence[Heard], language: str) -> tuple[str, ...]:
        """What a moderator is told: at most three marks or ideas that bear on the label, else what it reads like."""
        words = self._wording[language]
        first = {one.name: one.text for one in reversed(heard)}
        reasons = [
            words.reasons[name].format(words=_quoted(first[name]))
            for name in self._because.get(label, ())
            if name in first
        ]
        return tuple(reasons[:_MOST_REASONS]) or (words.reads_like[label],)

    def _corrected(self, reading: Reading) -> str | None:
        """The entry that corrects a claim: the one that the rules tie it to, else the likeliest by its words."""
        for pattern, entry in self._claims:
            if pattern.search(reading.normal):
                return entry
        ranked = self._matcher.rank(reading).candidates
        return ranked[0].entry if ranked and ranked[0].confidence >= CORRECTS else None


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
