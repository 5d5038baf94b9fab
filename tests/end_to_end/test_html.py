"""The stand-in's reader of Telegram's HTML."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .telegram.entities import Entity, cut, find, nest, trim, units
from .telegram.html import HtmlError, parse

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
BROKEN_PAIR = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


@given(texts)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    parsed = parse(escape(text))
    assert parsed.text == text
    assert parsed.entities == []


@given(texts, texts.filter(bool), texts, st.sampled_from(sorted(TAGS)))
def test_offsets_and_lengths_are_utf_16_units(before: str, inside: str, after: str, tag: str) -> None:
    parsed = parse(f"{escape(before)}<{tag}>{escape(inside)}</{tag}>{escape(after)}")
    assert parsed.text == before + inside + after
    assert parsed.entities == [Entity(TAGS[tag], units(before), units(inside))]
    assert cut(parsed.text, units(before), units(inside)) == inside


@given(texts)
def test_units_are_what_utf_16_needs(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(st.text("<>/&;ab =\"'#x1😀", max_size=30))
def test_any_text_is_either_parsed_or_refused(source: str) -> None:
    try:
        parsed = parse(source)
    except HtmlError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
    else:
        assert all(e.offset >= 0 and e.length > 0 and e.end <= units(parsed.text) for e in parsed.entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é<div>", 'Unsupported start tag "div" at byte offset 2'),
        ("1<br/>2", 'Unsupported start tag "br/" at byte offset 1'),
        ("fever < 38", 'Unsupported start tag "" at byte offset 6'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=http://x.org>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<b />", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("a\0", "Text must not contain null bytes"),
        ("&#xd83d;", BROKEN_PAIR),
    ],
)  # fmt: skip
def test_refusals_are_worded_as_telegrams(source: str, reason: str) -> None:
    with pytest.raises(HtmlError) as caught:
        parse(source)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("source", "text", "entity"),
    [
        ('<a href="https://Example.org">x</a>', "x", Entity("text_link", 0, 1, url="https://example.org/")),
        ("<a href='http://x.org/?a=1&amp;b=2#c'>x</a>", "x", Entity("text_link", 0, 1, url="http://x.org/?a=1&b=2#c")),
        ('<a href="tg://user?id=7">x</a>', "x", Entity("text_mention", 0, 1, user_id=7)),
        ("<blockquote expandable>q</blockquote>", "q", Entity("expandable_blockquote", 0, 1)),
        ('<span class="tg-spoiler">s</span>', "s", Entity("spoiler", 0, 1)),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", Entity("custom_emoji", 0, 2, custom_emoji_id="5")),
        ('<pre><code class="language-python">x</code></pre>', "x", Entity("pre", 0, 1, language="python")),
        ('<code class="language-python">x</code>', "x", Entity("code", 0, 1)),
        ("<B>x</>", "x", Entity("bold", 0, 1)),
    ],
)
def test_what_a_tag_becomes(source: str, text: str, entity: Entity) -> None:
    parsed = parse(source)
    assert (parsed.text, parsed.entities) == (text, [entity])


def test_only_four_named_references_are_known() -> None:
    assert parse("&lt;&gt;&amp;&quot;&#39;&#x41;&nbsp;&apos;&amp").text == "<>&\"'A&nbsp;&apos;&"


@pytest.mark.parametrize("link", ["tel:+15005550006", "ftp://x.org", "nowhere", "https://"])
def test_a_link_that_is_none_is_dropped(link: str) -> None:
    parsed = parse(f'<a href="{link}">x</a>')
    assert parsed.entities == []
    assert link in parsed.dropped[0]


def test_a_mail_link_is_taken_for_a_web_address() -> None:
    parsed = parse('<a href="mailto:a@b.org">x</a>')
    assert parsed.entities[0].url == "http://mailto:a@b.org/"
    assert parsed.dropped == ["link to 'mailto:a@b.org' becomes http://mailto:a@b.org/"]


def test_code_takes_no_other_formatting() -> None:
    kept, dropped = nest(parse("<blockquote><code>a<b>b</b></code> <b>c<code>d</code></b></blockquote>").entities)
    assert [entity.type for entity in kept] == ["blockquote", "code", "code"]
    assert dropped == ["bold inside code is dropped", "bold around code is dropped"]


def test_white_space_at_the_ends_is_removed() -> None:
    parsed = parse("\n <b>x </b>\n")
    assert trim(parsed.text, parsed.entities) == ("x", [Entity("bold", 0, 1)])


def test_commands_mentions_and_links_are_found() -> None:
    text = "😀 /start@some_bot @someone #tea https://x.org/a, a@b.org t.me/x not/this"
    found = [(entity.type, cut(text, entity.offset, entity.length)) for entity in find(text, [])]
    assert found == [
        ("bot_command", "/start@some_bot"),
        ("mention", "@someone"),
        ("hashtag", "#tea"),
        ("url", "https://x.org/a"),
        ("email", "a@b.org"),
        ("url", "t.me/x"),
    ]
