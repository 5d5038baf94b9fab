"""The bot's own sentences in one language. A missing or misspelt key is an error when the content is loaded."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from answers.models import Content, Kind, Slug, Strength, Text


class Social(Content):
    """A greeting, thanks or the like: what is heard (whole messages, in normal form) and what is said back."""

    hears: tuple[Text, ...]
    says: Text


class CrisisLabels(Content):
    """Headings and short labels of a crisis card. `{…}` marks what is filled in."""

    emergency_number: Text
    do_not: Text
    gentle: Text
    reach: Text
    other_country: Text
    sources: Text
    translation_not_reviewed: Text
    crisis_clinician: Text
    call: Text
    text: Text
    text_word: Text
    chat: Text
    website: Text


class Labels(CrisisLabels):
    """Headings and short labels of any reply."""

    urgent: Text
    do_now: Text
    more: Text
    source: Text
    supports: Text
    evidence: Text
    checked: Text
    not_reviewed: Text
    reviewed: Text
    overdue: Text
    clinician: Text
    see_also: Text
    state: Text
    state_disputed: Text
    state_check: Text


class Sentences(Content):
    """Whole replies that are not an entry."""

    no_answer: Text
    nearest: Text
    choose: Text
    choose_none: Text
    clinician_anyway: Text
    other_language: Text


class Telegram(Content):
    """What is said only on Telegram. `{examples}` and the like are filled in."""

    start: Text
    examples: tuple[Slug, ...]
    help: Text
    unsupported: Text
    error: Text
    gone: Text
    sections: dict[Slug, Text]
    commands: dict[Slug, Text]


class Console(Content):
    """What is said only in the terminal."""

    hello: Text
    no_token: Text
    pick: Text


class CrisisWording(Content):
    """What an emergency needs of the bot's own sentences, in one language."""

    labels: CrisisLabels
    countries: dict[str, Text]
    worrying: dict[Kind, Text]


class Wording(CrisisWording):
    """Everything the bot says of its own, in one language."""

    labels: Labels
    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)]
    strengths: dict[Strength, Text]
    sentences: Sentences
    social: dict[Slug, Social]
    telegram: Telegram
    console: Console

    def in_crisis(self, other: CrisisWording) -> Wording:
        """The same wording with `other` where an emergency is spoken of: for a language that has nothing more yet."""
        labels = self.labels.model_copy(update=dict(other.labels))
        return self.model_copy(update={**dict(other), "labels": labels})
