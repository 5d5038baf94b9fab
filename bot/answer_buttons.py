"""The buttons under the bot's replies in private chats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from answers import Library, Reply
from answers.answering import worth_offering
from answers.models import CrisisLine
from answers.wording import Buttons, Wording
from bot.buttons import Act, button
from bot.shown import Shown
from bot.store import Verdict

MOST_RELATED = 2
MOST_TO_REACH, MOST_CHATS = 6, 2
VERDICTS: dict[str, Verdict] = {"y": "yes", "n": "no", "o": "out-of-date", "s": "not-in-source"}
"""The verdicts on an answer, by the letter that stands for each in a button's data."""

Row = list[InlineKeyboardButton]


def shown_of(reply: Reply) -> Shown:
    """What a message shows that says a reply."""
    urgency = reply.urgency if not reply.card else None
    if reply.entry:
        others = reply.candidates[1:]
        meant = tuple(one.entry for one in others[: worth_offering(others)])
    else:
        meant = tuple(entry.id for entry in reply.offered)
    return Shown(
        entry=reply.entry.id if reply.entry else None,
        language=reply.language,
        state=reply.state.code if reply.state else "",
        card=urgency.card if urgency else "",
        others=meant,
    )


def under(
    reply: Reply, shown: Shown, library: Library, *, pages: int = 1, stuck: bool = False
) -> InlineKeyboardMarkup | None:
    """The buttons under a reply, as it is shown. `pages` is how many there are of its sources.

    `stuck` adds the one that sends the question to those who write the answers.
    """
    wording = library.wording.get(reply.language, library.wording["en"])
    say = wording.telegram.buttons
    rows: list[Row] = []
    if reply.kind == "crisis":
        rows = reach(reply.lines, wording, MOST_TO_REACH)
    elif reply.entry:
        rows = _answer(reply, shown, library, say, pages)
    elif reply.kind == "choose":
        rows = [*_picks(shown, library), [button(say.none_of_these, "none", *shown.packed())]]
    elif reply.kind == "no_answer":
        rows = [[opening(entry.id, reply.language, library)] for entry in reply.offered]
        rows.append([button(say.topics, "topics", reply.language)])
        rows += [[button(say.send_question, "send", reply.language)]] if stuck else []
    return InlineKeyboardMarkup(rows) if rows else None


def instead(shown: Shown, library: Library) -> InlineKeyboardMarkup:
    """The buttons that offer what may be meant instead of what is shown, and the way back."""
    say = library.wording.get(shown.language, library.wording["en"]).telegram.buttons
    return InlineKeyboardMarkup(
        [
            *_picks(shown, library),
            [button(say.none_of_these, "none", *shown.packed()), button(say.back, "view", *_plain(shown).packed())],
        ]
    )


def verdicts(shown: Shown, library: Library) -> InlineKeyboardMarkup:
    """The buttons that say whether an answer helped, and the way back."""
    say = library.wording.get(shown.language, library.wording["en"]).telegram.buttons
    ways = [button(say.verdicts[verdict], "rate", letter, *shown.packed()) for letter, verdict in VERDICTS.items()]
    return InlineKeyboardMarkup([ways[:2], *([way] for way in ways[2:]), [button(say.back, "view", *shown.packed())]])


def opening(entry_id: str, language: str, library: Library) -> InlineKeyboardButton:
    """A button that opens an entry as a message of its own."""
    entry = library.in_language(library.entries[entry_id], language)
    return button(entry.question, "open", entry_id, *([] if language == "en" else [language]))


def reach(lines: Iterable[CrisisLine], wording: Wording, most: int) -> list[Row]:
    """Buttons that copy the numbers of crisis lines, and those that lead to their chats."""
    lines, say = tuple(lines), wording.telegram.buttons
    numbers = list(dict.fromkeys(number for line in lines for number in _numbers(line)))
    chats = {line.chat_url: line.name for line in lines if line.chat_url}
    lead = [InlineKeyboardButton(say.chat.format(name=name), url=url) for url, name in chats.items()][:MOST_CHATS]
    copy = [
        InlineKeyboardButton(say.copy_number.format(number=number), copy_text=CopyTextButton(number))
        for number in numbers[: most - len(lead)]
    ]
    return [*(copy[at : at + 2] for at in range(0, len(copy), 2)), *([one] for one in lead)]


def turning(act: Act, before: Sequence[str], page: int, pages: int, say: Buttons) -> Row:
    """The buttons that turn a page, from 0: their data is the act, what stands `before` the page's number, and it."""
    row = []
    if page > 0:
        row.append(button(say.previous.format(page=page, pages=pages), act, *before, str(page - 1)))
    if page + 1 < pages:
        row.append(button(say.next.format(page=page + 2, pages=pages), act, *before, str(page + 1)))
    return row


def _answer(reply: Reply, shown: Shown, library: Library, say: Buttons, pages: int) -> list[Row]:
    entry = reply.entry
    if entry is None:
        return []
    if shown.pane == "sources":
        pager = [
            button(label.format(page=page + 1, pages=pages), "view", *replace(shown, page=page).packed())
            for label, page in ((say.previous, shown.page - 1), (say.next, shown.page + 1))
            if 0 <= page < pages
        ]
        return [*([pager] if pager else []), [button(say.back, "view", *_plain(shown).packed())]]
    looks: Row = []
    if entry.more:
        other = replace(shown, pane="short" if shown.pane == "details" else "details")
        looks.append(button(say.less if shown.pane == "details" else say.more, "view", *other.packed()))
    if reply.citations:
        looks.append(button(say.sources, "view", *replace(shown, pane="sources").packed()))
    last = [button(say.not_this, "others", *shown.packed())] if shown.others else []
    last.append(button(say.rated, "rated") if shown.rated else button(say.helpful, "ask", *shown.packed()))
    related = [one for one in entry.related if one in library.entries][:MOST_RELATED]
    return [*([looks] if looks else []), *([opening(one, reply.language, library)] for one in related), last]


def _picks(shown: Shown, library: Library) -> Iterator[Row]:
    for entry_id in shown.others:
        entry = library.in_language(library.entries[entry_id], shown.language)
        rest = tuple(other for other in shown.others if other != entry_id)
        picked = Shown(entry_id, shown.language, card=shown.card, others=rest)
        yield [button(entry.question, "pick", *picked.packed())]


def _plain(shown: Shown) -> Shown:
    return replace(shown, pane="short", page=0)


def _numbers(line: CrisisLine) -> Iterator[str]:
    """The numbers of a line as one would dial or text them."""
    if line.phone:
        dialled = re.fullmatch(r"[+0-9 ().-]+", line.phone)
        if dialled or line.tel:
            yield line.phone if dialled else str(line.tel)
    if line.sms:
        yield line.sms.to
