"""Reading → Urgency or None: rules for what is said outright, a model for what is said in other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from answers.library import Library
from answers.models import Urgency
from answers.reading import Reading
from answers.urgency.concepts import Heard, Lexicon
from answers.urgency.model import Floats, Model
from answers.urgency.passages import passages, whole
from answers.urgency.rules import Rules
from answers.urgency.tokens import Token

_FEW_WORDS = 5
"""Words and marks of a message that says too little to be judged as others are ("maybe", "look at this")."""
_MOST_WORDS = 12
"""Words of an explanation."""


class UrgencyDetector:
    """Tells emergencies by the rules, the lexicon and the model of a library."""

    def __init__(self, library: Library) -> None:
        self._cards = library.cards
        self._alarm = library.urgency.alarm
        self._in_short = library.urgency.alarm_in_short
        self._in_part = library.urgency.alarm_in_part
        self._in_long = library.urgency.alarm_in_long
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
        heard = self._lexicon.hear(tokens)
        spans = passages(tokens)
        chances = self._model.chances(self._sums(tokens, heard, spans))
        bars = np.full(len(spans), self._in_part if whole(tokens) else self._in_long)
        if whole(tokens):
            bars[0] = self._in_short if len(tokens) <= _FEW_WORDS else self._alarm
        over = 1 - chances[:, 0] - bars
        worst = int(np.argmax(over))
        said = self._rules.met(tokens) if 1 - float(chances[:, 0].min()) >= self._agrees else None
        if over[worst] >= 0:
            label = 1 + int(np.argmax(chances[worst, 1:]))
            because = self._words(reading.normal, tokens, heard, spans[worst], label)
            now = said is not None or over[worst] >= self._now * (1 - bars[worst])
            return self._urgency(self._model.labels[label], because, now=bool(now))
        if said is not None:
            card, start, stop = said
            return self._urgency(card, reading.normal[start:stop], now=True)
        return None

    def _sums(
        self,
        tokens: Sequence[Token],
        heard: Sequence[Heard],
        spans: Sequence[tuple[int, int]],
    ) -> Floats:
        if len(spans) == 1:
            return self._model.sums(tokens, heard)
        added = self._model.adds(tokens, heard)
        upto = np.vstack([np.zeros((1, added.shape[1]), np.float32), np.cumsum(added, axis=0)])
        sums: Floats = np.stack([upto[stop] - upto[start] for start, stop in spans])
        return sums

    def _urgency(self, card: str, because: str, *, now: bool) -> Urgency:
        return Urgency(
            kind=self._cards[card].kind,
            card=card,
            because=because,
            level="now" if now else "worrying",
        )

    def _words(
        self,
        form: str,
        tokens: Sequence[Token],
        heard: Sequence[Heard],
        span: tuple[int, int],
        label: int,
    ) -> str:
        """The run of words that speaks most for the alarm."""
        start, stop = span
        speaks = self._model.speaks(self._model.adds(tokens, heard)[start:stop], label)
        upto = np.concatenate([[0.0], np.cumsum(speaks)])
        runs = [
            (upto[end] - upto[begin], -begin, end)
            for begin in range(len(speaks))
            for end in range(begin + 1, min(begin + _MOST_WORDS, len(speaks)) + 1)
        ]
        _, first, last = max(runs)
        return form[tokens[start - first].start : tokens[start + last - 1].stop]
