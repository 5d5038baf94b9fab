"""Reading → ranked entries, each with the probability that it is what was asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from answers.library import Library
from answers.matching import calibration
from answers.matching.features import features
from answers.matching.fitting import fingerprint, fit
from answers.matching.network import Floats, Network
from answers.models import Candidate
from answers.reading import Reader, Reading

log = logging.getLogger(__name__)

FILE = "matcher.npz"
"""The fitted network, in the content folder. `kratom-answers fit` writes it."""
MOST = 8


@dataclass(frozen=True)
class Ranking:
    """Entries from the likeliest on, and the probability that any entry at all answers the message."""

    candidates: tuple[Candidate, ...]
    in_scope: float


class Matcher:
    """Ranks a library's entries. Where the stored network is of other content it fits one, which takes minutes."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self._network = stored(library) or _fitted(library, reader)

    def rank(self, reading: Reading) -> Ranking:
        """The likeliest entries, at most eight, and how likely it is that one of them is right."""
        return _ranking(self._network.entries, self._network.scores(features(reading)))


def stored(library: Library) -> Network | None:
    """The network of the content folder, if it was fitted on this very content."""
    path = library.content / FILE
    try:
        network = Network.load(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s cannot be used (%s).", path, error)
        return None
    return network if network.fitted_on == fingerprint(library) else None


def _fitted(library: Library, reader: Reader) -> Network:
    if len(library.entries) > MOST:
        log.warning(
            "The content has changed since its matcher was fitted. Fitting it now; that takes a few minutes. "
            "`kratom-answers fit` does it once and keeps the result."
        )
    return fit(library, reader)


def _ranking(entries: tuple[str, ...], scores: Floats) -> Ranking:
    evidence = calibration.Evidence.of(scores)
    in_scope = calibration.in_scope(evidence)
    right = calibration.right(evidence)
    order = np.argsort(-scores[:-1])[:MOST]
    shares = np.exp(scores[order].astype(np.float64) - float(scores[order[0]]))
    others = float(np.exp(scores[:-1].astype(np.float64) - float(scores[order[0]])).sum()) - 1
    chances = [right, *(min(right, (1 - right) * share / others) for share in shares[1:])]
    return Ranking(
        tuple(
            Candidate(entry=entries[n], confidence=in_scope * chance) for n, chance in zip(order, chances, strict=True)
        ),
        in_scope,
    )
