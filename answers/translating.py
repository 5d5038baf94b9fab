"""Translations: a file beside an entry or a card that says its sentences in another language.

Each sentence names the one it translates and carries that one's fingerprint, so that a translation goes stale when the
English changes. A stale translation is not shown; `check` lists it.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from pydantic import Field, StringConstraints

from answers.models import Claim, Content, CrisisCard, Entry, Kind, Review, Slug, Text

Owner = TypeVar("Owner", Entry, CrisisCard)
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
PARTS = ("do_now", "answer", "more", "steps", "do_not", "gentle")


def fingerprint(text: str) -> str:
    """Eight hexadecimal digits that change when a text does."""
    return sha256(text.encode()).hexdigest()[:8]


class TranslatedText(Content):
    """A text in another language, and the fingerprint of the English it was made from."""

    english: Fingerprint
    says: Text


class TranslatedClaim(TranslatedText):
    """A claim in another language. `of` is its place in the original: `answer.1` is the first sentence of `answer`."""

    of: Annotated[str, StringConstraints(pattern=rf"^({'|'.join(PARTS)})\.[1-9][0-9]?$")]


class Translation(Content):
    """An entry or a card in another language. Empty `reviews`: no clinician who speaks it has reviewed it."""

    id: Slug
    kind: Kind | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    title: Text | None = None
    question: Text | None = None
    phrasings: tuple[Text, ...] = ()
    do_now: tuple[TranslatedClaim, ...] = ()
    answer: tuple[TranslatedClaim, ...] = ()
    more: tuple[TranslatedClaim, ...] = ()
    steps: tuple[TranslatedClaim, ...] = ()
    do_not: tuple[TranslatedClaim, ...] = ()
    gentle: tuple[TranslatedClaim, ...] = ()
    see_a_clinician: TranslatedText | None = None
    reviews: tuple[Review, ...] = Field(default=())

    def stale(self, owner: Entry | CrisisCard) -> Iterator[str]:
        """The places in the original that are not translated, or whose English has changed since."""
        made_from = {claim.of: claim.english for part in PARTS for claim in getattr(self, part)}
        for place, claim in _claims(owner):
            if made_from.pop(place, None) != fingerprint(claim.says):
                yield place
        yield from made_from
        if isinstance(owner, Entry):
            advice = self.see_a_clinician
            if advice is None or advice.english != fingerprint(owner.see_a_clinician):
                yield "see_a_clinician"

    def apply(self, owner: Owner) -> Owner:
        """The original with its sentences in this language; citations, dates and the rest stay as they are."""
        said = {claim.of: claim.says for part in PARTS for claim in getattr(self, part)}
        changes: dict[str, Any] = {"language": self.language, "reviews": self.reviews}
        for part in PARTS:
            if claims := getattr(owner, part, ()):
                changes[part] = tuple(
                    claim.model_copy(update={"says": said[f"{part}.{n}"]}) for n, claim in enumerate(claims, start=1)
                )
        if isinstance(owner, Entry) and self.see_a_clinician:
            changes["see_a_clinician"] = self.see_a_clinician.says
        for name in ("question", "title"):
            if getattr(self, name):
                changes[name] = getattr(self, name)
        return owner.model_copy(update=changes)


def _claims(owner: Entry | CrisisCard) -> Iterator[tuple[str, Claim]]:
    for part in PARTS:
        for n, claim in enumerate(getattr(owner, part, ()), start=1):
            yield f"{part}.{n}", claim
