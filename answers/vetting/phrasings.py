"""Rules for phrasings: enough of them, and none that stands in two entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from answers.documents import Problem
from answers.text import normal, stem, words
from answers.vetting.draft import Draft

FEWEST = 15
_LITTLE = frozenset(
    words("a an the is it im i am do does can my me to of on in for and or be this that you u ur pls please")
)
"""Words that make no difference between two phrasings."""


def too_few(draft: Draft) -> Iterator[Problem]:
    """People put a question in many ways; an entry knows at least fifteen."""
    for entry in draft.library.entries.values():
        if len(entry.phrasings) < FEWEST:
            what = f"There are {len(entry.phrasings)} phrasings."
            yield draft.at(entry, ("phrasings",), what, f"Add ways people really ask it, to at least {FEWEST}.")


def shared(draft: Draft) -> Iterator[Problem]:
    """No phrasing stands in two entries, or twice in one, little words and word order aside."""
    seen: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for entry in draft.library.entries.values():
        for n, phrasing in enumerate(entry.phrasings):
            seen[_gist(phrasing)].append((entry.id, n))
    for places in seen.values():
        for id_, n in places[1:]:
            entry, (first, _) = draft.library.entries[id_], places[0]
            where = "above" if first == id_ else f"in '{first}'"
            what = f"'{entry.phrasings[n]}' stands {where} too."
            yield draft.at(entry, ("phrasings", n), what, "Keep it where it is answered best; remove it here.")


def _gist(phrasing: str) -> tuple[str, ...]:
    found = words(normal(phrasing))
    return tuple(sorted({stem(word) for word in found if word not in _LITTLE})) or tuple(found)
