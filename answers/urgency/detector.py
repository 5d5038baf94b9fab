"""Reading → Urgency or None: rules for what is said outright, a model for what is said in other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answers.library import Library
from answers.models import Urgency
from answers.reading import Reading
from answers.urgency.concepts import Lexicon
from answers.urgency.model import Floats, Model
from answers.urgency.passages import passages
from answers.urgency.rules import Rules
from answers.urgency.tokens import Token

_MOST_WORDS = 12
"""Words of an explanation."""


class UrgencyDetector:
    """Tells emergencies by the rules, the lexicon and the model of a library."""

    def __init__(self, library: Library) -> None:
        self._cards = library.cards
        self._alarm = library.urgency.alarm
        self._agrees = library.urgency.agrees
        self._now = library.urgency.now
        self._rules = Rules(library.urgency)
        self._lexicon = Lexicon(library.urgency_words.concepts, library.urgency_words.common)
        self._model = Model.from_bytes(library.urgency_weights)

    def detect(self, reading: Reading) -> Urgency | None:
        """The emergency in a message, with the card to show, how sure and near it is, and the words that decided."""
        tokens = self._lexicon.tokeniser.tokens(reading.normal)
        if not tokens:
            return None
        added = self._model.says(tokens, self._lexicon.hear(tokens))
        upto = np.vstack([np.zeros((1, added.shape[1]), np.float32), np.cumsum(added, axis=0)])
        spans = passages(tokens)
        chances = self._model.chances(np.stack([upto[stop] - upto[start] for start, stop in spans]))
        worst = int(np.argmin(chances[:, 0]))
        chance, label = 1 - float(chances[worst, 0]), 1 + int(np.argmax(chances[worst, 1:]))
        if chance >= self._alarm:
            start, stop = spans[worst]
            because = self._words(reading.normal, tokens[start:stop], added[start:stop, label] - added[start:stop, 0])
            return self._urgency(self._model.labels[label], because, now=chance >= self._now)
        said = self._rules.met(tokens) if chance >= self._agrees else None
        if said is not None:
            card, start, stop = said
            return self._urgency(card, reading.normal[start:stop], now=True)
        return None

    def _urgency(self, card: str, because: str, *, now: bool) -> Urgency:
        return Urgency(kind=self._cards[card].kind, card=card, because=because, level="now" if now else "worrying")

    @staticmethod
    def _words(form: str, tokens: Sequence[Token], speaks: Floats) -> str:
        """The run of words that speaks most for the alarm."""
        best, best_start, best_stop = float("-inf"), 0, 1
        for start in range(len(tokens)):
            total = 0.0
            for stop in range(start + 1, min(start + _MOST_WORDS, len(tokens)) + 1):
                total += float(speaks[stop - 1])
                if total > best:
                    best, best_start, best_stop = total, start, stop
        return form[tokens[best_start].start : tokens[best_stop - 1].stop]
