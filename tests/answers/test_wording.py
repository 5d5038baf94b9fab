"""The bot's own words in each language: what is filled in, and how easily they read."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from answers import Library
from answers.vetting.language import HIGHEST_GRADE, reading_grade


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a wording, and where it stands."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{place}.{number}")


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["es"])
def test_a_translation_fills_in_the_same(library: Library, language: str) -> None:
    english = dict(texts(library.wording["en"].model_dump(exclude={"social", "months"})))
    for place, text in texts(library.wording[language].model_dump(exclude={"social", "months"})):
        if place in english:
            assert filled_in(text) == filled_in(english[place]), place


def test_there_are_as_many_languages_as_whole_wordings(library: Library) -> None:
    assert library.spoken == ("en", "es")


def test_the_bots_own_words_read_easily_and_do_not_shout(library: Library) -> None:
    said = library.wording["en"].telegram.model_dump(exclude={"examples"})
    for place, text in texts(said):
        assert "!" not in text, place
    whole = " ".join(text if text[-1] in ".?!" else f"{text}." for place, text in texts(said) if len(text.split()) > 4)
    assert reading_grade(whole) <= HIGHEST_GRADE
