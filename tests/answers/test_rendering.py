"""What is decided arrives whole in every channel: nothing lost, nothing split, nothing that the channel refuses."""
# ruff: noqa: RUF001  letters that look alike are what is tested

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from answers import Answerer, Library, Reply
from answers.models import Citation, Claim, CrisisCard, Entry, Review, Urgency
from answers.rendering import TELEGRAM_LIMIT, to_markdown, to_telegram, to_text
from answers.rendering.blocks import blocks
from answers.rendering.shapes import Block, Line
from tests.end_to_end.telegram.entities import cut, units
from tests.end_to_end.telegram.html import Parsed, parse

TODAY = date(2026, 11, 25)
HOSTILE = (
    "<script>alert('x')</script>",
    'He said "no" & left — it\'s <b>bold</b> &amp; &lt;not&gt;',
    "</blockquote></a><b>",
    "*a* _b_ `c` ~d~ [e](https://evil.example) ![f](g) \\ |h| # i",
    "1. one 2) two",
    "1234) list",
    "- dash",
    "+ plus",
    "> quote",
    "# heading",
    "=====",
    "---",
    "***",
    "```",
    "    four spaces",
    "[x]: https://evil.example",
    "https://evil.example/?a=1&copy;&b=2",
    "{{ 7 * 7 }} {% raw %} {emergency_number}",
    "\u202eright to left\u202c \u200f שלום",
    "🙂👩‍👩‍👧 𝓴 é",
    "trailing backslash \\",
    "&#0; &#x110000; &nbsp;",
)
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    st.text(st.sampled_from("<>&\"'`*_[]()#+-=.!|~\\{}12:/ \n🙂\u202e"), min_size=1, max_size=40),
).filter(lambda text: text.strip() != "")


def card_reply(card: CrisisCard, library: Library, *, country: str, language: str = "en") -> Reply:
    """A card with every line that its country has: more than a real one shows."""
    card = library.in_language(card, language)
    urgency = Urgency(kind=card.kind, card=card.id, because="…")
    lines = library.lines_of(country)
    return Reply(kind="crisis", language=language, urgency=urgency, card=card, country=country, lines=lines)


def replies(library: Library, answerer: Answerer) -> Iterator[Reply]:
    """Every entry and every card in every language of the bot's own words, and one of each other kind."""
    for language in (*library.wording, "de"):
        for id_ in library.entries:
            yield answerer.open(id_, language=language)
        for card in library.cards.values():
            yield card_reply(card, library, country="US", language=language)
    for text in (
        "best pizza in town",
        "legal",
        "hi",
        "is kratom legal in arizona",
        "ist kratom schlecht für die leber",
    ):
        yield answerer.reply(text)


def filled(library: Library, texts: list[str]) -> tuple[Reply, Library]:
    """An entry that says these texts everywhere in turn, over sources whose titles do too."""
    turn = cycle(text.strip() for text in texts)

    def claims(part: tuple[Claim, ...]) -> tuple[Claim, ...]:
        return tuple(
            one.model_copy(
                update={
                    "says": next(turn),
                    "cites": tuple(Citation(source=cite.source, at=next(turn)) for cite in one.cites),
                }
            )
            for one in part[:2]
        )

    entry = library.entries["overdose-what-to-do"]
    parts = {name: claims(getattr(entry, name)) for name in ("do_now", "answer", "more")}
    entry = entry.model_copy(update={**parts, "question": next(turn), "see_a_clinician": next(turn)})
    reply = Reply(kind="answer", language="en", country="US", entry=entry)
    sources = {id_: library.sources[id_].model_copy(update={"title": next(turn)}) for id_ in reply.citations}
    return reply, replace(library, sources={**library.sources, **sources})


# What a reader should see of a block, told from the block alone.


def _mark(block: Block, n: int, *, bullet: str) -> str:
    number = n + block.start
    return {"steps": f"{number}. ", "list": f"{bullet} ", "sources": f"[{number}] ", "prose": ""}[block.form]


def _telegram_line(line: Line) -> str:
    return line.text + "".join(f" [{cite.number}]" + (f" ({cite.at})" if cite.at else "") for cite in line.cites)


def _telegram(block: Block) -> str:
    lines = [_mark(block, n, bullet="•") + _telegram_line(line) for n, line in enumerate(block.lines)]
    heading = f"{block.heading}\n" if block.heading else ""
    return heading + (" " if block.form == "prose" else "\n").join(lines)


def _plain(block: Block) -> str:
    lines = []
    for n, line in enumerate(block.lines):
        cites = "".join(f" [{cite.number}{f', {cite.at}' if cite.at else ''}]" for cite in line.cites)
        lines.append(_mark(block, n, bullet="-") + line.text + cites + (f" {line.url}" if line.url else ""))
    colon = "" if block.heading and block.heading[-1] in ".?!:" else ":"
    heading = f"{block.heading}{colon}\n" if block.heading else ""
    return heading + (" " if block.form == "prose" else "\n").join(lines)


def _markdown(block: Block) -> list[str]:
    """The texts of its headings, paragraphs and items, spaces run together as Markdown has them."""
    lines = [_telegram_line(line) for line in block.lines]
    found = [" ".join(lines)] if block.form == "prose" else lines
    return [" ".join(text.split()) for text in (*([block.heading] if block.heading else []), *found)]


def links(parsed: Parsed) -> list[tuple[str, str]]:
    return [(cut(parsed.text, e.offset, e.length), e.url) for e in parsed.entities if e.type == "text_link"]


def check_telegram(reply: Reply, library: Library) -> None:
    shown = blocks(reply, library, today=TODAY)
    messages = [parse(message) for message in to_telegram(reply, library, today=TODAY)]
    for message in messages:
        assert units(message.text) <= TELEGRAM_LIMIT
        assert not message.dropped
        assert message.text.strip()
    assert "\n\n".join(message.text for message in messages) == "\n\n".join(map(_telegram, shown))
    for block in shown:
        assert any(_telegram(block) in message.text for message in messages), block
    wanted = [
        link
        for block in shown
        for line in block.lines
        for link in (
            *([(line.text, line.url)] if line.url else []),
            *((f"[{cite.number}]", cite.url) for cite in line.cites),
        )
    ]
    assert [text for message in messages for text, _ in links(message)] == [text for text, _ in wanted]
    if reply.card:
        assert _telegram(next(block for block in shown if block.heading == reply.card.title)) in messages[0].text


def check_markdown(reply: Reply, library: Library) -> None:
    tokens = MarkdownIt("commonmark").parse(to_markdown(reply, library, today=TODAY))
    inlines = [token for token in tokens if token.type == "inline"]
    found, hrefs = [], []
    for inline in inlines:
        children = inline.children or []
        assert {child.type for child in children} <= {
            "text",
            "strong_open",
            "strong_close",
            "link_open",
            "link_close",
            "text_special",
        }
        found.append("".join(child.content for child in children))
        hrefs += [child.attrGet("href") for child in children if child.type == "link_open"]
    shown = blocks(reply, library, today=TODAY)
    assert found == [text for block in shown for text in _markdown(block)]
    urls = [url for b in shown for line in b.lines for url in (line.url, *(c.url for c in line.cites)) if url]
    assert len(hrefs) == len(urls)
    assert {token.type for token in tokens} <= {
        "inline",
        *(
            f"{name}_{end}"
            for name in ("paragraph", "ordered_list", "bullet_list", "list_item")
            for end in ("open", "close")
        ),
    }
    for token in tokens:
        if token.type == "ordered_list_open":
            assert token.attrGet("start") in (None, 1)


def test_every_entry_and_card_arrives_on_telegram(answerer: Answerer, library: Library) -> None:
    for reply in replies(library, answerer):
        check_telegram(reply, library)


def test_every_entry_and_card_arrives_as_plain_text(answerer: Answerer, library: Library) -> None:
    for reply in replies(library, answerer):
        shown = blocks(reply, library, today=TODAY)
        assert to_text(reply, library, today=TODAY) == "\n\n".join(map(_plain, shown))


def test_every_entry_and_card_arrives_as_markdown(answerer: Answerer, library: Library) -> None:
    for reply in replies(library, answerer):
        check_markdown(reply, library)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_card_fits_with_the_lines_of_every_country(library: Library, language: str) -> None:
    for card in library.cards.values():
        for country in library.lines:
            reply = card_reply(card, library, country=country, language=language)
            assert reply.card
            first = parse(to_telegram(reply, library, today=TODAY)[0])
            assert first.text.startswith(reply.card.title)
            for way in library.lines_of(country):
                assert way.name in first.text


@given(texts=st.lists(TEXTS, min_size=1, max_size=8))
def test_anything_in_the_content_arrives(library: Library, texts: list[str]) -> None:
    reply, changed = filled(library, texts)
    check_telegram(reply, changed)
    check_markdown(reply, changed)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_content_arrives_as_it_is(library: Library, text: str) -> None:
    entry = library.entries["liver-injury"]
    claim = entry.answer[0].model_copy(update={"says": text.strip()})
    reply = Reply(
        kind="answer",
        language="en",
        entry=entry.model_copy(update={"answer": (claim,), "see_a_clinician": text.strip()}),
    )
    check_telegram(reply, library)
    check_markdown(reply, library)
    assert to_text(reply, library).endswith(text.strip())


@pytest.mark.parametrize(
    "url", ["https://a.example/?x=1&copy;=2&lt;", "https://a.example/a_(b)_*c*", "https://a.example/a\\*b"]
)
def test_an_odd_address_is_linked_as_it_is(library: Library, url: str) -> None:
    entry = library.entries["liver-injury"]
    id_ = entry.answer[0].cites[0].source
    changed = replace(library, sources={**library.sources, id_: library.sources[id_].model_copy(update={"url": url})})
    reply = Reply(kind="answer", language="en", entry=entry)
    parsed = [link for message in to_telegram(reply, changed) for link in links(parse(message))]
    assert any(address == url for _, address in parsed) or "\\" in url  # Telegram itself corrects this sign
    html = MarkdownIt("commonmark").render(to_markdown(reply, changed))
    wanted = MarkdownIt("commonmark").normalizeLink(url).replace("&", "&amp;")
    assert f'href="{wanted}"' in html


def test_citations_are_numbered_by_first_use_and_link_to_their_source(answerer: Answerer, library: Library) -> None:
    for reply in (*map(answerer.open, library.entries), answerer.reply("is kratom legal in texas")):
        shown = blocks(reply, library, today=TODAY)
        cites = [cite for block in shown for line in block.lines for cite in line.cites]
        numbers = list(dict.fromkeys(cite.number for cite in cites))
        assert numbers == list(range(1, len(reply.citations) + 1))
        for cite in cites:
            assert cite.url == library.sources[reply.citations[cite.number - 1]].url
        (listed,) = [block for block in shown if block.form == "sources"]
        assert [line.url for line in listed.lines] == [library.sources[source].url for source in reply.citations]


def test_a_link_on_telegram_opens_the_source(answerer: Answerer, library: Library) -> None:
    reply = answerer.open("liver-injury")
    found = [link for message in to_telegram(reply, library) for link in links(parse(message))]
    first = library.sources[reply.citations[0]].url
    assert found[0] == ("[1]", first)


def with_more(entry: Entry, says: list[str]) -> Entry:
    return entry.model_copy(update={"more": tuple(Claim(says=text) for text in says)})


@given(sizes=st.lists(st.integers(1, 2_000), min_size=1, max_size=12), letter=st.sampled_from("x<&🙂é"))
def test_a_long_block_breaks_between_its_lines_only(library: Library, sizes: list[int], letter: str) -> None:
    says = [f"{n}:{letter * size}." for n, size in enumerate(sizes)]
    reply = Reply(kind="answer", language="en", entry=with_more(library.entries["liver-injury"], says))
    messages = [parse(message) for message in to_telegram(reply, library, today=TODAY)]
    assert all(units(message.text) <= TELEGRAM_LIMIT for message in messages)
    together = "\n".join(message.text for message in messages)
    assert re.findall(r"^• (\d+:.*)$", together, re.MULTILINE) == says
    whole = [block for block in blocks(reply, library, today=TODAY) if not block.folded]
    assert all(any(_telegram(block) in message.text for message in messages) for block in whole)


def test_blocks_that_fit_are_not_split_and_messages_are_filled(library: Library) -> None:
    says = ["x" * 700 for _ in range(5)]
    reply = Reply(kind="answer", language="en", entry=with_more(library.entries["liver-injury"], says))
    check_telegram(reply, library)
    messages = [units(parse(message).text) for message in to_telegram(reply, library, today=TODAY)]
    assert len(messages) == 2
    assert all(first + second > TELEGRAM_LIMIT for first, second in pairwise(messages))


def test_numbers_go_on_where_steps_are_split(library: Library) -> None:
    steps = tuple(Claim(says="y" * 900) for _ in range(9))
    entry = library.entries["liver-injury"].model_copy(update={"do_now": steps})
    messages = to_telegram(Reply(kind="answer", language="en", entry=entry), library, today=TODAY)
    assert re.findall(r"(\d)\. y", "\n".join(messages)) == list("123456789")


def test_details_are_folded_on_telegram(answerer: Answerer, library: Library) -> None:
    parsed = [parse(message) for message in to_telegram(answerer.open("liver-injury"), library, today=TODAY)]
    folded = [
        cut(message.text, e.offset, e.length)
        for message in parsed
        for e in message.entities
        if e.type == "expandable_blockquote"
    ]
    assert [text.split("\n")[0] for text in folded] == ["More about this", "Sources"]


def test_where_others_read_along_a_reply_is_brief(answerer: Answerer, library: Library) -> None:
    for card in library.cards.values():
        for language in library.wording:
            reply = answerer.open_card(card.id, language=language)
            (message,) = to_telegram(reply, library, view="brief", today=TODAY)
            text, whole = parse(message).text, to_text(reply, library, today=TODAY)
            assert reply.card
            assert units(text) < len(whole)
            assert [step.cites for step in reply.card.steps[:4]] == [
                claim.cites for claim in reply.card.steps if claim.says.split("{")[0] in text
            ]
            assert all(line.name in text for line in reply.lines)
    sentences = library.wording["en"].sentences
    for kind, sentence in (("choose", sentences.choose_brief), ("no_answer", sentences.no_answer_brief)):
        offered = (library.entries["liver-injury"],)
        reply = Reply(kind=kind, language="en", offered=offered)
        assert to_text(reply, library, view="brief", today=TODAY).strip() == sentence
    for entry_id in library.entries:
        reply = answerer.open(entry_id)
        assert to_telegram(reply, library, view="brief") == to_telegram(reply, library, view="short")


class TestVetting:
    def test_a_check_that_is_overdue_is_told(self, answerer: Answerer, library: Library) -> None:
        reply = answerer.open("liver-injury")
        assert reply.entry
        due = reply.entry.recheck_by
        notice = "This answer was due for a new check on"
        assert notice not in to_text(reply, library, today=due)
        late = to_text(reply, library, today=due + timedelta(days=1))
        assert f"{notice} {due.day} {due:%B} {due.year}." in late

    def test_the_day_of_the_check_is_told(self, answerer: Answerer, library: Library) -> None:
        for id_ in library.entries:
            reply = answerer.open(id_)
            assert reply.entry
            day = reply.entry.checked.date
            assert f"Checked against its sources on {day.day} {day:%B} {day.year}." in to_text(reply, library)

    def test_no_review_is_claimed_that_was_not_made(self, answerer: Answerer, library: Library) -> None:
        for id_, entry in library.entries.items():
            text = to_text(answerer.open(id_), library)
            assert ("Not yet reviewed by a clinician." in text) == (not entry.reviews)
            assert ("Reviewed by" in text) == bool(entry.reviews)

    def test_a_review_is_told(self, library: Library) -> None:
        review = Review(date=date(2026, 11, 1), role="a toxicologist", organisation="Some & Such Hospital")
        entry = library.entries["liver-injury"].model_copy(update={"reviews": (review,)})
        reply = Reply(kind="answer", language="en", entry=entry)
        text = to_text(reply, library)
        assert "Reviewed by a toxicologist, Some & Such Hospital, on 1 November 2026." in text
        assert "Not yet reviewed" not in text
        check_telegram(reply, library)

    def test_the_kinds_of_evidence_are_named(self, answerer: Answerer, library: Library) -> None:
        reply = answerer.open("liver-injury")
        assert reply.entry
        for claim in reply.entry.claims:
            assert claim.strength
            assert library.wording["en"].strengths[claim.strength] in to_text(reply, library)


def test_choices_are_numbered_questions(answerer: Answerer, library: Library) -> None:
    reply = answerer.reply("legal")
    text = to_text(reply, library)
    for n, entry in enumerate(reply.offered, start=1):
        assert f"{n}. {entry.question}" in text


def test_the_emergency_number_is_filled_in_everywhere(library: Library) -> None:
    for card in library.cards.values():
        for country in library.lines:
            text = to_text(card_reply(card, library, country=country), library)
            assert "{" not in text
