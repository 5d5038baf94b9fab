"""Signs → the features that the model weighs: words and marks, alone and together, their letters, ideas in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import log

from answers.conduct.signs import PLAIN, Heard, Sign
from answers.reading import Reading
from answers.text import spelled_out, stem, words

STEM, PAIR, TRIPLE, LETTERS = 1.0, 0.6, 0.4, 0.3
"""How much words, those beside each other, and runs of letters weigh before their rarity is counted in."""
CLASS, IDEA, IDEAS, TURNED = 0.6, 1.2, 0.7, 1.0
"""The same for classes of terms, ideas, ideas in a row, and ideas beside what turns their sense."""
FORWARDED, FORM = 1.0, 0.6
"""The same for who wrote a message, and for its length, repetitions and pictures."""
_LONGEST_WORD = 24
_REACH = 3
"""How many ideas before it one is paired with."""
_ENOUGH = 5
"""Signs from which on it tells something how many of them differ."""
_ASKING = frozenset(
    words(
        "is are am was were do does did can could will would should shall has have had isnt arent doesnt dont cant "
        "wont how why what whats when where wheres who whos which any anyone anybody anything"
    )
)
_QUOTES = frozenset('"\u201c\u201d\u00ab')
_FIRST_PICTURE = "\u2600"
_LINKS = frozenset({"link", "telegram", "invite", "short-link", "known-link", "handle", "bot"})
"""The marks whose letters tell something, too: "leaf" in a shop's address."""


def features(reading: Reading, signs: Sequence[Sign], heard: Sequence[Heard], *, forwarded: bool) -> dict[str, float]:
    """The features of a message and their weights. One that occurs again counts a little more, not twice."""
    counts: dict[str, int] = {}
    weights: dict[str, float] = {}
    for name, weight in chain(_of_words(signs), _of_terms(reading), _of_ideas(signs, heard), _of_form(signs)):
        counts[name] = counts.get(name, 0) + 1
        weights[name] = weight
    if forwarded:
        weights["forwarded"], counts["forwarded"] = FORWARDED, 1
    return {name: weight if counts[name] == 1 else weight * (1 + log(counts[name])) for name, weight in weights.items()}


def _of_words(signs: Sequence[Sign]) -> Iterator[tuple[str, float]]:
    row = ["^", *(one for sign in signs for one in _names(sign)), "$"]
    for one in row[1:-1]:
        yield f"w:{one}", STEM
    for first, second in pairwise(row):
        yield f"p:{first} {second}", PAIR
    for first, between, last in zip(row, row[1:], row[2:], strict=False):
        yield f"t:{first} {between} {last}", TRIPLE
        yield f"j:{first} {last}", TRIPLE
    for sign in signs:
        if sign.kind == PLAIN or sign.kind in _LINKS:
            for letters in _letters(sign.text):
                yield letters, LETTERS


def _names(sign: Sign) -> list[str]:
    return [stem(part) for part in spelled_out(sign.text)] if sign.kind == PLAIN else [sign.name]


@lru_cache(maxsize=50_000)
def _letters(word: str) -> tuple[str, ...]:
    """Runs of three to five letters of a word, its ends marked."""
    marked = f"<{word[:_LONGEST_WORD]}>"
    return tuple(f"l:{marked[at : at + size]}" for size in (3, 4, 5) for at in range(len(marked) - size + 1))


def _of_terms(reading: Reading) -> Iterator[tuple[str, float]]:
    for mention in reading.mentions:
        for name in (mention.term, *mention.classes):
            yield f"c:{name}", CLASS


def _of_ideas(signs: Sequence[Sign], heard: Sequence[Heard]) -> Iterator[tuple[str, float]]:
    ideas = ["^", *(one.name for one in heard), "$"]
    for at, idea in enumerate(ideas[1:], 1):
        if at < len(ideas) - 1:
            yield f"i:{idea}", IDEA
        yield f"a:{ideas[at - 1]} {idea}", IDEAS
        if at > 1:
            yield f"b:{ideas[at - 2]} {ideas[at - 1]} {idea}", IDEAS
        for before in ideas[max(0, at - _REACH) : at - 1]:
            yield f"r:{before} {idea}", IDEAS
    different = dict.fromkeys(ideas[1:-1])
    for turn in _turns(signs, ideas):
        yield f"i:{turn}", IDEA
        for idea in different:
            yield f"x:{turn} {idea}", TURNED


def _turns(signs: Sequence[Sign], ideas: Sequence[str]) -> Iterator[str]:
    """What turns the sense of all that a message says: that it asks, reports others' words, or tells of oneself."""
    if signs and (signs[-1].text == "?" or signs[0].text in _ASKING):
        yield "asks"
    elif any(sign.text == "?" for sign in signs):
        yield "asks-too"
    if "said" in ideas or any(sign.text in _QUOTES for sign in signs):
        yield "reports"
    if "report" in ideas:
        yield "moderates"
    if ideas[1] == "me":
        yield "of-me"
    elif ideas[1] == "others":
        yield "of-others"
    elif "you" in ideas:
        yield "to-you"


def _of_form(signs: Sequence[Sign]) -> Iterator[tuple[str, float]]:
    yield f"n:{min(7, len(signs).bit_length())}", FORM
    if len(signs) >= _ENOUGH:
        yield f"d:{4 * len({sign.text for sign in signs}) // len(signs)}", FORM
    pictures = sum(sign.kind == PLAIN and len(sign.text) == 1 and sign.text >= _FIRST_PICTURE for sign in signs)
    yield f"e:{min(6, pictures)}", FORM
