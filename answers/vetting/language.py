"""Rules for wording: plain, kind, short, and without a dose, a seller, a price or a review that did not happen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyphen

from answers.documents import Problem
from answers.models import CrisisCard, Entry
from answers.text import normal, words
from answers.vetting.draft import Draft

LONGEST_ANSWER, LONGEST_MORE, LONGEST_CLINICIAN, LONGEST_SENTENCE = 450, 1600, 300, 28
"""Characters of `answer`, `more` and `see_a_clinician` together, and words of a sentence."""
HIGHEST_GRADE = 8.0
"""US school grade by Flesch-Kincaid (Kincaid et al. 1975), names of drugs and proper names left out."""

_COUNT = r"(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|half an?|an?)"
_UNIT = (
    r"(?:mg|milligrams?|grams?|gm?|ml|millilit(?:er|re)s?|teaspoons?|teaspoonfuls?|tsp|tablespoons?|tbsp|capsules?|pills?|"
    r"tablets?|scoops?|spoonfuls?|drops|shots|doses of kratom)"
)
_AMOUNT = re.compile(rf"\b{_COUNT}(?:\s*(?:-|\u2013|to|or)\s*{_COUNT})?[\s-]*{_UNIT}\b", re.IGNORECASE)
_PRICE = re.compile(r"[$€£]\s?\d|\b\d+ ?(?:dollars|euros|pounds|usd)\b", re.IGNORECASE)
_CLAIMED_REVIEW = re.compile(
    r"\b(?:(?:reviewed|checked|approved|verified|vetted|written|confirmed) by (?:an? |our )?"
    r"(?:doctors?|clinicians?|physicians?|nurses?|pharmacists?|medical \w+|experts?|specialists?)"
    r"|(?:medically|clinically|doctor|physician|clinician)[ -](?:reviewed|approved|checked))\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(no|not|none|never|nobody|without|yet)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+")
_WORD = re.compile(r"[A-Za-z][\w'\u2019-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_SYLLABLES = pyphen.Pyphen(lang="en_US")
_NAME_SYLLABLES = 2


def _texts(draft: Draft) -> Iterator[tuple[Entry | CrisisCard, tuple[str | int, ...], str]]:
    """Every sentence that a reader sees, and where it stands."""
    for at in draft.claims:
        yield at.owner, (at.part, at.index, "says"), at.claim.says
    for entry in draft.library.entries.values():
        yield entry, ("question",), entry.question
        yield entry, ("see_a_clinician",), entry.see_a_clinician


def amounts(draft: Draft) -> Iterator[Problem]:
    """No amount of anything to take, for anyone, in any wording."""
    for owner, loc, text in _texts(draft):
        found = _AMOUNT.search(text)
        if found:
            yield draft.at(owner, loc, f"'{found[0]}' reads as an amount to take.", "Say it without an amount.")


def brands_and_prices(draft: Draft) -> Iterator[Problem]:
    """No brand of kratom or 7-OH is named to readers, and no price."""
    brands = {tuple(words(normal(name))) for name in draft.library.style.brands}
    for owner, loc, text in _texts(draft):
        said = words(normal(text))
        for brand in brands:
            if any(tuple(said[n : n + len(brand)]) == brand for n in range(len(said))):
                yield draft.at(owner, loc, f"'{' '.join(brand)}' is a brand.", "Say what it is, not who sells it.")
        price = _PRICE.search(text)
        if price:
            yield draft.at(owner, loc, f"'{price[0]}' is a price.", "Leave it out.")


def avoided_words(draft: Draft) -> Iterator[Problem]:
    """Words that scold or label are not used; style.yaml says what to write instead."""
    avoid = draft.library.style.avoid
    pattern = re.compile(rf"\b({'|'.join(avoid)})\b", re.IGNORECASE)
    for owner, loc, text in _texts(draft):
        if isinstance(owner, Entry) and owner.id == "stigma-and-words":
            continue  # the entry that explains these very words
        for found in pattern.finditer(text):
            instead = next(better for word, better in avoid.items() if re.fullmatch(word, found[0], re.IGNORECASE))
            yield draft.at(owner, loc, f"'{found[0]}' is on the list of words to avoid.", f"Write: {instead}.")


def claimed_reviews(draft: Draft) -> Iterator[Problem]:
    """Nothing suggests a clinician's review where none is recorded."""
    for owner, loc, text in _texts(draft):
        for sentence in _SENTENCE.split(text):
            if not owner.reviews and _CLAIMED_REVIEW.search(sentence) and not _DENIAL.search(sentence):
                yield draft.at(owner, loc, "This suggests a review that is not recorded.", "Say only what happened.")


def unreadable(draft: Draft) -> Iterator[Problem]:
    """Sentences are short, and an entry as a whole reads at grade 8 or below."""
    names = frozenset(
        word for term in draft.library.terms.values() for name in term.names for word in words(normal(name))
    )
    whole: dict[str, list[str]] = {}
    for owner, loc, text in _texts(draft):
        whole.setdefault(owner.id, []).append(text)
        for sentence in _SENTENCE.split(text):
            count = len(_WORD.findall(sentence))
            if count > LONGEST_SENTENCE:
                remedy = f"Make two of it; {LONGEST_SENTENCE} words are the most."
                yield draft.at(owner, loc, f"This sentence has {count} words.", remedy)
    for owner in draft.owners:
        grade = reading_grade(" ".join(whole[owner.id]), names)
        if grade > HIGHEST_GRADE:
            remedy = f"Use shorter words and sentences; {HIGHEST_GRADE:.0f} is the most."
            yield draft.at(owner, (), f"It reads at US grade {grade:.1f}.", remedy)


def reading_grade(text: str, names: frozenset[str] = frozenset()) -> float:
    """The Flesch-Kincaid grade of a text: 0.39 words a sentence + 11.8 syllables a word - 15.59.

    `names` (in normal form) and words with a capital count as two syllables at most, however long they are.
    """
    found = _WORD.findall(text)
    if not found:
        return 0.0
    sentences = sum(bool(_WORD.search(sentence)) for sentence in _SENTENCE.split(text))
    syllables = sum(_syllables(word, names) for word in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str, names: frozenset[str]) -> int:
    low = word.lower().replace("\u2019", "'")
    is_name = low.replace("-", "").replace("'", "") in names or any(letter.isupper() for letter in word[1:])
    trimmed = low[:-1] if low.endswith("e") and not low.endswith("le") else low
    by_vowels = len(_VOWELS.findall(trimmed)) or 1
    count = max(len(_SYLLABLES.positions(low)) + 1, by_vowels)
    return min(count, _NAME_SYLLABLES) if is_name else count


def too_long(draft: Draft) -> Iterator[Problem]:
    """Answers fit a phone."""
    for entry in draft.library.entries.values():
        for part, most in (("answer", LONGEST_ANSWER), ("more", LONGEST_MORE)):
            length = len(" ".join(claim.says for claim in getattr(entry, part)))
            if length > most:
                yield draft.at(entry, (part,), f"It has {length} characters together.", f"Shorten it to {most}.")
        if len(entry.see_a_clinician) > LONGEST_CLINICIAN:
            yield draft.at(
                entry, ("see_a_clinician",), "It is too long.", f"Shorten it to {LONGEST_CLINICIAN} characters."
            )
