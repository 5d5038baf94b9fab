"""The one place that decides what to say: Reading → Reply."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from traceback import format_tb

from answers.conduct import ConductDetector
from answers.conduct_rules import Conduct
from answers.library import INTERNATIONAL, Library
from answers.matching import Matcher, Ranking
from answers.models import Candidate, CrisisLine, Kind, Reply, State, Urgency
from answers.reading import STATE, Reader, Reading
from answers.text import normal, words
from answers.urgency import UrgencyDetector

log = logging.getLogger(__name__)

CONFIDENT = 0.6
"""The probability from which one entry is given as the answer."""
CONFIDENT_ELSEWHERE = 0.9
"""The same for a message that is not in English, of which much less has been learnt."""
WORTH_OFFERING = 0.06
"""The probability of being in scope from which, without a confident answer, the likeliest entries are offered."""
NEAR = 0.03
"""The probability of being in scope from which a refusal names the nearest topics."""
MOST_OFFERED, LEAST_SHARE = 4, 0.01
"""The most entries offered, and how likely one must be beside the first to be the third or fourth of them."""
FOR_ANYONE = ("emergency", "suicide")
"""The kinds of lines shown to someone who writes in a language that has no answers yet."""
MOST_CANDIDATES = 5
FAILED_SAFE = Urgency(kind=Kind.MEDICAL, card="medical", because="the check for emergencies failed")
"""What an error in reading a message or in deciding its urgency counts as."""


@dataclass(frozen=True)
class Explanation:
    """Why a message gets its reply. `telling` holds each word and how much the first entry's probability owes to it."""

    reading: Reading
    urgency: Urgency | None
    ranking: Ranking
    telling: tuple[tuple[str, float], ...]


class Answerer:
    """Answers messages from a library. Does no I/O; may be used from several threads.

    `country` is the two-letter code (or `INTL`) whose crisis lines are shown where `reply` names none.
    Raises `ValueError` for a country that the library has no lines for.
    """

    def __init__(self, library: Library, *, country: str | None = None) -> None:
        self.library = library
        self.country = self._known(country)
        self._reader = Reader(library)
        self._urgency = UrgencyDetector(library)
        self._matcher = Matcher(library, self._reader)
        self._conduct = ConductDetector(library, self._matcher)
        self._states = {f"us-{state.code.lower()}": state for state in library.state_law.states}
        self._social = {
            " ".join(words(normal(heard))): name
            for wording in library.wording.values()
            for name, social in wording.social.items()
            for heard in social.hears
        }

    def reply(self, text: str, *, country: str | None = None, language: str | None = None) -> Reply:
        """What to say to a message. Any text has a reply; an emergency in it comes first, whatever else it asks.

        The reply is in `language`; where none is given, in the message's.
        """
        country = self._known(country) if country else self.country
        try:
            reading = self._reader.read(text)
            urgency = self._urgency_of(reading)
        except Exception as error:  # noqa: BLE001  an error in deciding urgency counts as urgent
            _log(error)
            return self._crisis(FAILED_SAFE, country, language=language or "en")
        spoken = language or reading.language
        if urgency and urgency.level == "now":
            return self._crisis(urgency, country, language=spoken)
        try:
            reply = self._answer(reading, self._matcher.rank(reading), country, spoken)
        except Exception as error:
            if not urgency:
                raise
            _log(error)
            return self._crisis(urgency, country, language=spoken)
        return self.worried(reply, urgency) if urgency else reply

    def worried(self, reply: Reply, urgency: Urgency) -> Reply:
        """A reply that first says whom to reach, for a message that may be an emergency."""
        lines = _lines_for(self.library.cards[urgency.card].lines, self.library.lines_of(reply.country))
        return reply.model_copy(update={"urgency": urgency, "lines": lines})

    def urgency(self, text: str) -> Urgency | None:
        """The emergency that a message tells of, without working out what else it asks. An error counts as one."""
        try:
            return self._urgency_of(self._reader.read(text))
        except Exception as error:  # noqa: BLE001  likewise
            _log(error)
            return FAILED_SAFE

    def conduct(
        self, text: str, *, links: Iterable[str] = (), forwarded: bool = False, language: str = "en"
    ) -> Conduct:
        """What a group message does, and why so in words of `language`. An error in reading it counts as a crisis.

        `links` are those that its text hides behind words; `forwarded` says that somebody else wrote it.
        """
        try:
            reading = self._reader.read("\n".join((text, *links)))
            urgency = self._urgency_of(reading)
        except Exception as error:  # noqa: BLE001  an error in deciding urgency counts as urgent
            _log(error)
            return Conduct(label="crisis", confidence=0.0, reasons=(FAILED_SAFE.because,))
        return self._conduct.judge(reading, urgency, forwarded=forwarded, language=language)

    def _urgency_of(self, reading: Reading) -> Urgency | None:
        # "Goodnight" and the like, as a whole message, are what they seem.
        return None if self._greeting(reading) else self._urgency.detect(reading)

    def explain(self, text: str) -> Explanation:
        """How a message is read and what it is like, for `ask --explain`."""
        reading = self._reader.read(text)
        return Explanation(reading, self._urgency.detect(reading), self._matcher.rank(reading), self._telling(reading))

    def _telling(self, reading: Reading) -> tuple[tuple[str, float], ...]:
        """Each word, and how much less likely the first entry is without it: what the match rests on."""
        first = self._matcher.rank(reading).candidates[0]
        without = (
            self._reader.read(" ".join((*reading.words[:n], *reading.words[n + 1 :])))
            for n in range(len(reading.words))
        )
        rankings = (self._matcher.rank(one) for one in without)
        chances = (sum(c.confidence for c in one.candidates if c.entry == first.entry) for one in rankings)
        return tuple((word, first.confidence - chance) for word, chance in zip(reading.words, chances, strict=True))

    def open(self, entry_id: str, *, language: str = "en", country: str | None = None, state: str = "") -> Reply:
        """The reply that says one entry, as when its button is pressed. `state` is a US state's code, such as TX.

        Raises `KeyError` for an unknown id.
        """
        country = self._known(country) if country else self.country
        entry = self.library.in_language(self.library.entries[entry_id], language)
        return Reply(
            kind="declined" if entry.declined else "answer",
            language=language,
            country=country,
            lines=self._lines_elsewhere(language, country),
            entry=entry,
            state=self._states.get(f"us-{state.lower()}"),
        )

    def open_card(self, card_id: str, *, language: str = "en", country: str | None = None) -> Reply:
        """The reply that says one crisis card. Raises `KeyError` for an unknown id."""
        urgency = Urgency(kind=self.library.cards[card_id].kind, card=card_id, because="the card was asked for")
        return self._crisis(urgency, self._known(country) if country else self.country, language=language)

    def offer(self, entry_ids: Iterable[str], *, language: str = "en", country: str | None = None) -> Reply:
        """The reply that offers entries to choose from; with none, the one that has no answer. Raises `KeyError`."""
        country = self._known(country) if country else self.country
        entries = tuple(self.library.in_language(self.library.entries[id_], language) for id_ in entry_ids)
        return Reply(
            kind="choose" if entries else "no_answer",
            language=language,
            country=country,
            lines=self._lines_elsewhere(language, country),
            offered=entries,
        )

    def _known(self, country: str | None) -> str:
        code = (country or INTERNATIONAL).upper()
        if code not in self.library.lines:
            known = ", ".join(sorted(self.library.lines))
            raise ValueError(f"There are no crisis lines for '{country}'. Countries with lines: {known}.")
        return code

    def _crisis(self, urgency: Urgency, country: str, *, language: str) -> Reply:
        card = self.library.in_language(self.library.cards[urgency.card], language)
        return Reply(
            kind="crisis",
            language=language,
            urgency=urgency,
            card=card,
            country=country,
            lines=_lines_for(card.lines, self.library.lines_of(country)),
        )

    def _answer(self, reading: Reading, ranking: Ranking, country: str, language: str) -> Reply:
        if social := self._greeting(reading):
            return Reply(kind="social", language=language, country=country, social=social)
        candidates = ranking.candidates[:MOST_CANDIDATES]
        lines = self._lines_elsewhere(language, country)
        entries = [self.library.in_language(self.library.entries[one.entry], language) for one in candidates]
        if candidates and candidates[0].confidence >= (CONFIDENT if reading.language == "en" else CONFIDENT_ELSEWHERE):
            return Reply(
                kind="declined" if entries[0].declined else "answer",
                language=language,
                country=country,
                lines=lines,
                entry=entries[0],
                state=self._state(reading) if entries[0].id == "state-law" else None,
                candidates=candidates,
            )
        choose = ranking.in_scope >= WORTH_OFFERING
        return Reply(
            kind="choose" if choose else "no_answer",
            language=language,
            country=country,
            lines=lines,
            offered=tuple(entries[: worth_offering(candidates)]) if ranking.in_scope >= NEAR else (),
            candidates=candidates,
        )

    def _lines_elsewhere(self, language: str, country: str) -> tuple[CrisisLine, ...]:
        return () if language == "en" else _lines_for(FOR_ANYONE, self.library.lines_of(country))

    def _greeting(self, reading: Reading) -> str | None:
        return self._social.get(" ".join(reading.words))

    def _state(self, reading: Reading) -> State | None:
        named = [mention.term for mention in reading.mentions if STATE in mention.classes]
        return self._states.get(named[0]) if named else None


def _log(error: Exception) -> None:
    """Where an error came from, without its own words: those may hold the message's."""
    where = "".join(format_tb(error.__traceback__))
    log.error("A message could not be judged; the crisis card is shown. %s from:\n%s", type(error).__name__, where)


def worth_offering(candidates: tuple[Candidate, ...]) -> int:
    """How many of the likeliest entries to offer: two to four, the last two only if they are not far less likely."""
    if not candidates:
        return 0
    least = candidates[0].confidence * LEAST_SHARE
    return 2 + sum(one.confidence >= least for one in candidates[2:MOST_OFFERED])


def _lines_for(kinds: tuple[str, ...], lines: tuple[CrisisLine, ...]) -> tuple[CrisisLine, ...]:
    """The lines of the kinds a card names, in its order: two for suicide (one to call, one to text), else one each."""
    return tuple(
        line for kind in kinds for line in [one for one in lines if one.kind == kind][: 2 if kind == "suicide" else 1]
    )
