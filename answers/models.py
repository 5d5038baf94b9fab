"""The words of the project as types: what the content files hold, and what the program decides from them.

Everything is frozen. Content models forbid unknown fields, so that a misspelt field is an error and not a silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]


class Content(BaseModel):
    """Anything read from a content file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Strength(StrEnum):
    """How strong the evidence for a claim is, by its kind."""

    GUIDELINE = "guideline"
    SYSTEMATIC_REVIEW = "systematic-review"
    CONTROLLED_HUMAN = "controlled-human"
    OBSERVATIONAL = "observational"
    CASE_REPORTS = "case-reports"
    ANIMAL_OR_IN_VITRO = "animal-or-in-vitro"
    EXPERT_CONSENSUS = "expert-consensus"
    REGULATOR_POSITION = "regulator-position"
    LEGAL_FACT = "legal-fact"
    NO_EVIDENCE_FOUND = "no-evidence-found"


class Citation(Content):
    """A source, and where in it (`at`) when the source is long. In YAML a bare source id will do."""

    source: Slug
    at: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: Any) -> Any:
        return {"source": value} if isinstance(value, str) else value


class Claim(Content):
    """One sentence of an answer, its citations, how strong they are, and the evidence records it rests on."""

    says: Text
    cites: tuple[Citation, ...] = ()
    strength: Strength | None = None
    evidence: tuple[Slug, ...] = ()


class Checked(Content):
    """When, and how, every claim was read against its sources."""

    date: date
    by: Literal["source-check"]


class Review(Content):
    """A clinician's review that really happened."""

    date: date
    role: Text
    organisation: Text


class Vetted(Content):
    """What an answer and a crisis card share: when it was checked, who reviewed it, when it is due again.

    `language` is set by a translation; content files are English.
    """

    language: Literal["en"] = "en"
    checked: Checked
    reviews: tuple[Review, ...]
    recheck_by: date


class Entry(Vetted):
    """One question with its answer."""

    id: Slug
    section: Slug
    question: Annotated[Text, Field(max_length=72)]
    phrasings: tuple[Text, ...]
    urgent: bool = False
    answer: Annotated[tuple[Claim, ...], Field(min_length=1)]
    more: tuple[Claim, ...] = ()
    do_now: tuple[Claim, ...] = ()
    see_a_clinician: Text
    related: tuple[Slug, ...]

    @property
    def declined(self) -> bool:
        """Whether this entry refuses something (and then helps)."""
        return self.section == "declined"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in the order in which a reply says them."""
        return (*self.do_now, *self.answer, *self.more)


class Kind(StrEnum):
    """The kind of emergency in a message."""

    SUICIDE = "suicide"
    OVERDOSE = "overdose"
    MEDICAL = "medical"
    CHILD = "child"
    ANIMAL = "animal"


LineKind = Literal[
    "emergency",
    "suicide",
    "poison",
    "drugs",
    "overdose-prevention",
    "animal-poison",
    "directory",
    "domestic-violence",
]


class CrisisCard(Vetted):
    """What to do now in one kind of emergency. `{emergency}` in a step stands for the country's emergency number."""

    id: Slug
    kind: Kind
    title: Annotated[Text, Field(max_length=60)]
    steps: Annotated[tuple[Claim, ...], Field(min_length=1)]
    do_not: tuple[Claim, ...] = ()
    gentle: tuple[Claim, ...] = ()
    lines: Annotated[tuple[LineKind, ...], Field(min_length=1)]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in the order in which the card says them."""
        return (*self.steps, *self.do_not, *self.gentle)


class TextMessage(Content):
    """A number to text, and the word to send where one is needed."""

    to: Text
    say: Text | None = None


class CrisisLine(Content):
    """A service to call, text or chat with. `phone` is as dialled there; `tel` is E.164 or a bare short code."""

    id: Slug
    name: Text
    kind: LineKind
    phone: Text | None = None
    tel: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]+$")] | None = None
    sms: TextMessage | None = None
    chat_url: Url | None = None
    url: Url | None = None
    hours: Text | None = None
    languages: Text | None = None
    note: Annotated[Text, Field(max_length=120)] | None = None
    confidence: Literal["high", "medium"]
    checked: date
    as_of: Text | None = None
    recheck_by: date
    seen_at: tuple[Text, ...]
    curator_note: Text | None = None
    plan_exception: Text | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.phone or self.sms or self.chat_url or self.url):
            raise ValueError("a crisis line needs at least one of phone, sms, chat_url or url")
        return self


SourceKind = Literal[
    "peer-reviewed",
    "review",
    "guideline",
    "regulator",
    "government",
    "clinical-reference",
    "poison-centre",
    "charity",
    "company",
    "news",
]


class Seen(Content):
    """How a source was seen: `primary` means its own words were read, `secondary` a page that reports it."""

    kind: SourceKind
    seen: Literal["primary", "secondary"]
    seen_on: date
    seen_at: tuple[Text, ...]
    url_confirmed: bool
    retracted: bool = False
    note: Text | None = None


class Name(Content):
    """A CSL name."""

    family: Text | None = None
    given: Text | None = None
    literal: Text | None = None

    @property
    def short(self) -> str:
        """The family name, or the name as it stands."""
        return self.literal or self.family or ""


class Issued(Content):
    """A CSL date: parts where the day, month or year is known, else words."""

    date_parts: tuple[tuple[int, ...], ...] = Field(default=(), alias="date-parts")
    literal: Text | None = None


class Source(Content):
    """Something citable: a CSL item, with what CSL has no field for in `custom`."""

    id: Slug
    type: Literal["article-journal", "article-newspaper", "webpage", "report", "legislation", "book", "chapter"]
    title: Text
    author: tuple[Name, ...] = ()
    container_title: Text | None = Field(default=None, alias="container-title")
    publisher: Text | None = None
    volume: Text | None = None
    issue: Text | None = None
    page: Text | None = None
    issued: Issued | None = None
    url: Url = Field(alias="URL")
    doi: Text | None = Field(default=None, alias="DOI")
    pmid: Text | None = Field(default=None, alias="PMID")
    pmcid: Text | None = Field(default=None, alias="PMCID")
    custom: Seen

    @property
    def year(self) -> str | None:
        """The year of publication, where it is known."""
        return str(self.issued.date_parts[0][0]) if self.issued and self.issued.date_parts else None

    @property
    def where(self) -> str | None:
        """The journal or publisher."""
        return self.container_title or self.publisher


class Evidence(Content):
    """A finding that a claim may rest on: where it was read, how strong it is, and what must not be overstated."""

    id: Slug
    finding: Text
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    strength: Strength
    as_of: Text
    caution: Text | None = None
    check_at: Url | None = None
    read: Literal["once", "twice"]


class Term(Content):
    """A drug, brand or word with its canonical form: `is` names the classes it is in, `names` how people write it."""

    is_: tuple[Slug, ...] = Field(default=(), alias="is")
    names: tuple[Text, ...]


class Substance(Content):
    """What a state does about the leaf, or about 7-OH."""

    status: Literal["banned", "restricted", "regulated", "no-statute-found", "not-read", "disputed"]
    says: Text


class State(Content):
    """One row of the table of state law. Not legal advice."""

    state: Text
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    names: tuple[Text, ...]
    leaf: Substance
    seven_oh: Substance
    as_of: Text
    cites: Annotated[tuple[Citation, ...], Field(min_length=1)]
    confidence: Literal["high", "medium", "low"]
    conflict: Text | None = None
    where_to_check: Url | None = None


class Candidate(BaseModel):
    """An entry and the calibrated probability (0 to 1) that it is what was asked."""

    model_config = ConfigDict(frozen=True)

    entry: Slug
    confidence: Annotated[float, Field(ge=0, le=1)]


class Urgency(BaseModel):
    """An emergency in a message: its kind, the card to show, and the words that decided it.

    `now`: the card comes before everything. `worrying`: less sure; the answer follows a short sentence with the line.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    card: Slug
    because: str
    level: Literal["now", "worrying"] = "now"


ReplyKind = Literal["crisis", "answer", "choose", "declined", "no_answer", "social"]


class Reply(BaseModel):
    """What the program decided to say, before any channel's formatting.

    `entry` is set for `answer` and `declined`, and for a `crisis` that also asked something. `offered` are the
    entries that a reader may choose from. `social` names the sentence of the wording that answers a greeting or thanks.
    """

    model_config = ConfigDict(frozen=True)

    kind: ReplyKind
    language: str
    urgency: Urgency | None = None
    card: CrisisCard | None = None
    country: str | None = None
    lines: tuple[CrisisLine, ...] = ()
    entry: Entry | None = None
    state: State | None = None
    offered: tuple[Entry, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    social: str | None = None

    @cached_property
    def citations(self) -> tuple[Slug, ...]:
        """The ids of the sources cited, in the order of their first use: number n in the text is item n - 1 here."""
        said = [claim.cites for claim in self.card.claims] if self.card else []
        if self.entry:
            said += [claim.cites for claim in self.entry.do_now]
            said += [self.state.cites] if self.state else []
            said += [claim.cites for claim in (*self.entry.answer, *self.entry.more)]
        return tuple(dict.fromkeys(cite.source for cites in said for cite in cites))


class UrgencyRule(Content):
    """What one kind of emergency sounds like: any of its patterns is enough, unless one of `unless` is there too."""

    id: Slug
    card: Slug
    any_: Annotated[tuple[Text, ...], Field(min_length=1, alias="any")]
    unless: tuple[Text, ...] = ()


class Patterns(Content):
    """Regular expressions over a reading's normal form that share fragments: `{name}` stands for one."""

    fragments: dict[str, Text] = {}

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern with its fragments filled in. Raises `re.error`, or `KeyError` for an unknown fragment."""
        return re.compile(self._fill(pattern))

    def _fill(self, pattern: str) -> str:
        filled = re.sub(r"\{([a-z_]+)\}", lambda found: f"(?:{self.fragments[found[1]]})", pattern)
        return filled if filled == pattern else self._fill(filled)


class UrgencyRules(Patterns):
    """The rules of every kind of emergency in order of precedence, and the fragments that their patterns share.

    A pattern is a regular expression over a reading's normal form; `{name}` stands for a fragment. `unless` holds what
    makes any rule's match no emergency (a title, a saying, a story long past). What no rule settles the model does: a
    message is an emergency from the probability `alarm` (`alarm_in_short` for one of few words; of one or two of its
    sentences: `alarm_in_part`, in a long one `alarm_in_long`), and from `agrees` where a rule holds. It leaves little
    doubt once it has gone the share `now` of the way from there to certainty.
    """

    alarm: Annotated[float, Field(gt=0, lt=1)]
    alarm_in_short: Annotated[float, Field(gt=0, lt=1)]
    alarm_in_part: Annotated[float, Field(gt=0, lt=1)]
    alarm_in_long: Annotated[float, Field(gt=0, lt=1)]
    agrees: Annotated[float, Field(gt=0, lt=1)]
    now: Annotated[float, Field(gt=0, lt=1)]
    fragments: dict[str, Text]
    unless: tuple[Text, ...]
    rules: Annotated[tuple[UrgencyRule, ...], Field(min_length=1)]

    def patterns(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every pattern with its place in the file."""
        for name, pattern in self.fragments.items():
            yield ("fragments", name), pattern
        for n, pattern in enumerate(self.unless):
            yield ("unless", n), pattern
        for n, rule in enumerate(self.rules):
            for m, pattern in enumerate(rule.any_):
                yield ("rules", n, "any", m), pattern
            for m, pattern in enumerate(rule.unless):
                yield ("rules", n, "unless", m), pattern


class Language(Content):
    """Common short words that tell a language, and how to say in it that answers are in English."""

    words: tuple[Text, ...] = ()
    english_only: Text | None = None


class UrgencyWords(Content):
    """Concept → language → the words and phrases that express it, parted by commas (`word*`: all that begin so).

    `common` are each language's commonest words.
    """

    common: dict[str, Text]
    concepts: dict[Slug, dict[str, Text]]


class Style(Content):
    """Patterns of words that answers avoid, each with what to write instead; and brands that they do not name."""

    avoid: dict[str, Text]
    brands: tuple[Text, ...]


class StateLaw(Content):
    """The table of state law, and when it was checked."""

    checked: date
    recheck_by: date
    states: tuple[State, ...]
