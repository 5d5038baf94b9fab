"""The bot's own sentences in one language. A missing or misspelt key is an error when the content is loaded."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from answers.conduct_rules import ConductLabel
from answers.models import Content, Kind, LineKind, Slug, Strength, Text

Command = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]


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
    choose_brief: Text
    no_answer_brief: Text
    clinician_anyway: Text
    other_language: Text


class Buttons(Content):
    """What stands on buttons."""

    more: Text
    less: Text
    sources: Text
    back: Text
    page: Text
    previous: Text
    next: Text
    not_this: Text
    helpful: Text
    rated: Text
    verdicts: Annotated[dict[Slug, Text], Field(min_length=4, max_length=4)]
    none_of_these: Text
    topics: Text
    send_question: Text
    send: Text
    do_not_send: Text
    copy_number: Text
    chat: Text
    change_country: Text
    another_country: Text
    no_country: Text
    as_written: Text
    last_sources: Text
    delete: Text
    keep: Text


class Misses(Content):
    """What is said where nothing offered is what was asked."""

    again: Text
    stuck: Text


class Curators(Content):
    """What is said about a question that goes to those who write the answers."""

    preview: Text
    sent: Text
    not_sent: Text
    no_text: Text


class Choices(Content):
    """What is said about a country or a language that a person sets."""

    country: Text
    country_set: Text
    country_forgotten: Text
    language: Text
    language_set: Text
    language_forgotten: Text
    language_name: Text


class Privacy(Content):
    """What is said about what is kept."""

    nothing: Text
    held: Text
    country: Text
    language: Text
    until: Text
    question: Text
    never: Text
    unknown: Text


class Forgetting(Content):
    """What is said about deleting what is held about a person."""

    ask: Text
    done: Text
    settings: Text
    questions: Text
    nothing: Text
    kept: Text


class Unreadable(Content):
    """What is said to a message without words, by what it is."""

    listen: Text
    look: Text
    fun: Text
    place: Text
    contact: Text
    poll: Text
    other: Text


class Profile(Content):
    """What people see of the bot before they write to it, within Telegram's limits."""

    description: Annotated[Text, Field(max_length=512)]
    short_description: Annotated[Text, Field(max_length=120)]
    commands: dict[Command, Text]
    group_commands: dict[Command, Text]
    admin_commands: dict[Command, Text]


class InGroups(Content):
    """What is said only in groups. `{minutes}`, `{group}` and the like are filled in."""

    hello: Text
    sees_all: Text
    sees_some: Text
    how: Text
    more: Text
    in_private: Text
    all_steps: Text
    private_only: Text
    settings_on: Text
    settings_off: Text
    settings_how: Text
    settings_admins: Text
    settings_failed: Text
    asks: tuple[Text, ...]
    alarm: dict[Kind, Text]
    alarm_link: Text


class Inline(Content):
    """What is said only around the results of an inline query."""

    more: Text
    in_private: Text


class Telegram(Content):
    """What is said only on Telegram. `{examples}` and the like are filled in."""

    profile: Profile
    start: Text
    examples: tuple[Slug, ...]
    help: Text
    sources: Text
    topics: Text
    section: Text
    late: Text
    thanks: Text
    error: Text
    gone: Text
    not_saved: Text
    sections: dict[Slug, Text]
    buttons: Buttons
    misses: Misses
    curators: Curators
    choices: Choices
    privacy: Privacy
    forgetting: Forgetting
    unreadable: Unreadable
    groups: InGroups
    inline: Inline


class Directory(Content):
    """What is said with a list of crisis lines."""

    title: Text
    kinds: dict[LineKind, Text]
    inside_only: Text
    checked: Text


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


class ConductWords(Content):
    """How a moderator is told why a message was judged so.

    `reasons` says it of each mark or idea (`{words}`: how it was put), `reads_like` where no single one tells.
    """

    reasons: dict[Slug, Text]
    reads_like: dict[ConductLabel, Text]


class Wording(CrisisWording):
    """Everything the bot says of its own, in one language."""

    labels: Labels
    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)]
    strengths: dict[Strength, Text]
    sentences: Sentences
    social: dict[Slug, Social]
    directory: Directory
    telegram: Telegram
    console: Console
    conduct: ConductWords

    def day(self, day: date) -> str:
        """A day as it is written in this language."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def in_crisis(self, other: CrisisWording) -> Wording:
        """The same wording with `other` where an emergency is spoken of: for a language that has nothing more yet."""
        labels = self.labels.model_copy(update=dict(other.labels))
        return self.model_copy(update={**dict(other), "labels": labels})
