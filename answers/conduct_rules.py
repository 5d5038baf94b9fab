"""What group rules look for in a message, and the verdict on one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from answers.models import Content, Patterns, Slug, Text

ConductLabel = Literal[
    "crisis", "vendor-promotion", "sourcing-request", "dose-advice", "unsafe-claim", "spam", "question", "fine"
]


class Conduct(BaseModel):
    """What a group message does, how likely that is (0 to 1), and why so, in words a moderator understands.

    `entry` is the one that corrects an unsafe claim, if there is one.
    """

    model_config = ConfigDict(frozen=True)

    label: ConductLabel
    confidence: Annotated[float, Field(ge=0, le=1)]
    reasons: tuple[str, ...] = ()
    entry: Slug | None = None


class UnsafeClaim(Content):
    """What a false or dangerous claim sounds like (any of the patterns), and the entry that corrects it."""

    entry: Slug
    any_: Annotated[tuple[Text, ...], Field(min_length=1, alias="any")]


class ConductRules(Patterns):
    """What the recognition of conduct looks for in a message.

    `marks` are patterns over the normal form, the first that matches wins; `ideas` words and phrases, parted by commas,
    in which a mark may stand (`<amount>`). `because` names, for each label, the marks and ideas that a moderator is
    told of. `claims` tie unsafe claims to entries, the first that matches. A message is flagged from the probability
    `flag`; a worrying one is a crisis where the model agrees with the probability `agrees`.
    """

    flag: Annotated[float, Field(gt=0, lt=1)]
    agrees: Annotated[float, Field(ge=0, lt=1)]
    marks: Annotated[dict[Slug, tuple[Text, ...]], Field(min_length=1)]
    ideas: Annotated[dict[Slug, Text], Field(min_length=1)]
    because: dict[ConductLabel, tuple[Slug, ...]]
    claims: tuple[UnsafeClaim, ...]

    def patterns(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every pattern with its place in the file."""
        for name, pattern in self.fragments.items():
            yield ("fragments", name), pattern
        for mark, patterns in self.marks.items():
            for n, pattern in enumerate(patterns):
                yield ("marks", mark, n), pattern
        for n, claim in enumerate(self.claims):
            for m, pattern in enumerate(claim.any_):
                yield ("claims", n, "any", m), pattern
