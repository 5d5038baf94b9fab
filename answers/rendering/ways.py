"""Crisis lines as text: each with its channels, its hours, and how it was checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from answers.library import INTERNATIONAL
from answers.models import CrisisLine
from answers.rendering.shapes import Block, Line
from answers.wording import Wording


def ways(lines: Sequence[CrisisLine], wording: Wording) -> tuple[Line, ...]:
    """A line of text for each crisis line: its name, how to reach it, its hours, and what else to know."""
    found = []
    for line in lines:
        about = ". ".join(filter(None, (", ".join(_channels(line, wording)), line.hours)))
        found.append(Line(f"{line.name}: {about}. {line.note or ''}".rstrip()))
    return tuple(found)


def _channels(line: CrisisLine, wording: Wording) -> Iterator[str]:
    labels = wording.labels
    if line.phone:
        yield labels.call.format(phone=line.phone)
    if line.sms and line.sms.say:
        yield labels.text_word.format(say=line.sms.say, to=line.sms.to)
    elif line.sms:
        yield labels.text.format(to=line.sms.to)
    if line.chat_url:
        yield labels.chat.format(url=line.chat_url)
    elif line.url and not (line.phone or line.sms):
        yield labels.website.format(url=line.url)


def directory(country: str, lines: Sequence[CrisisLine], wording: Wording) -> Iterator[Block]:
    """The blocks that show a country's lines by kind, then where they work and when they were checked."""
    said = wording.directory
    yield Block((Line(said.title.format(country=wording.countries.get(country, country))),))
    for kind in dict.fromkeys(line.kind for line in lines):
        some = [line for line in lines if line.kind == kind]
        yield Block(ways(some, wording), heading=said.kinds[kind], form="list")
    if country != INTERNATIONAL and any(line.tel and not line.tel.startswith("+") for line in lines):
        yield Block((Line(said.inside_only),))
    days = sorted({line.checked for line in lines})
    shown = " - ".join(wording.day(day) for day in dict.fromkeys((days[0], days[-1])))
    yield Block((Line(said.checked.format(date=shown)),))
