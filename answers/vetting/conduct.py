"""Rules for what recognises conduct: a moderator can be told every reason, and no word is listed for two ideas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from answers.conduct_rules import ConductLabel
from answers.documents import Problem
from answers.text import normal, words
from answers.vetting.draft import Draft

_CRISIS = "crisis"


def unworded(draft: Draft) -> Iterator[Problem]:
    """Whatever a moderator is told of has its words in every language that the bot speaks."""
    library = draft.library
    named = {_CRISIS, *(name for names in library.conduct.because.values() for name in names)}
    labels = set(get_args(ConductLabel)) - {_CRISIS}
    for language in library.spoken:
        document, wording = library.documents[f"wording/{language}.yaml"], library.wording[language].conduct
        for part, missing in (
            ("reasons", named - wording.reasons.keys()),
            ("reads_like", labels - wording.reads_like.keys()),
        ):
            for name in sorted(missing):
                yield document.problem(("conduct", part), f"There are no words for '{name}'.", "Add them.")
        for name in sorted(wording.reasons.keys() - named):
            what = f"Nothing in conduct.yaml tells of '{name}'."
            yield document.problem(("conduct", "reasons", name), what, "Remove these words, or name it there.")


def listed_twice(draft: Draft) -> Iterator[Problem]:
    """A word or phrase stands for one idea; where it is listed for a second, that one never hears it."""
    document = draft.library.documents["conduct.yaml"]
    seen: dict[str, str] = {}
    for idea, listed in draft.library.conduct.ideas.items():
        for phrase in listed.split(","):
            key = " ".join(words(normal(phrase))) or phrase.strip()
            if not key:
                yield document.problem(("ideas", idea), "A word is missing between two commas.", "Remove one comma.")
            elif seen.setdefault(key, idea) != idea:
                what = f"'{phrase.strip()}' stands under '{seen[key]}' too."
                yield document.problem(("ideas", idea), what, "Keep it under one of them.")
