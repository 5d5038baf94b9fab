"""What group messages do: what is recognised, what comes first, what stays fine, and that no disguise changes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from answers import Answerer, Library
from answers.conduct.examples import read
from answers.conduct.fit import digest
from answers.conduct.model import Model
from answers.conduct_rules import ConductLabel
from answers.evaluation import ConductMessage
from answers.evaluation import read as read_labelled
from answers.evaluation.conducting import judge, of_conduct
from answers.library import CONTENT
from answers.text import normal, words

MESSAGES: dict[str, tuple[str, ...]] = {
    "vendor-promotion": (
        "restocked all strains, 20% off this week with code LEAF20 at hillsidekratom.com",
        "dm me for the menu, kilos are 60 bucks shipped",
        "we ship 7oh tablets to all 50 states, lab tested, order at t.me/tabs_and_more",
        "selling 2 kilos of red bali, 90 dollars, pm me",
    ),
    "sourcing-request": (
        "where do you guys order your kratom from",
        "anyone got a plug for tabs in chicago",
        "looking for a reliable vendor, please dm me",
        "who still ships to alabama?",
    ),
    "dose-advice": (
        "take 5 grams on an empty stomach and wait an hour",
        "just double your dose, 4g is too low for you",
        "drop half a gram every three days until you are at 2g",
        "you should take 2 tabs every 6 hours",
    ),
    "unsafe-claim": (
        "you can't overdose on kratom, it's just a plant",
        "kratom is FDA approved now so it is safe",
        "it cures addiction, you don't need rehab",
        "it's totally fine with xanax, no risk",
    ),
    "spam": (
        "earn $500 a day from home with crypto, join my channel t.me/+fastmoney",
        "hot girls waiting, click the link in my profile",
        "we are hiring, 40 dollars an hour, no experience, message HR on whatsapp",
    ),
    "question": (
        "how long does withdrawal last?",
        "is kratom bad for my liver?",
        "how many grams do you take a day?",
        "can i take it with lexapro?",
    ),
    "fine": (
        "day 2 off, my legs are killing me",
        "my doctor told me 5 mg melatonin",
        "the vendor at the farmers' market has the best tomatoes",
        "thank you all for the support",
        "someone told me you can't overdose on it. That is false, please be careful",
    ),
    "crisis": (
        "i want to kill myself tonight",
        "my friend took 7oh and xanax and he won't wake up",
    ),
}
EACH = [(text, label) for label, texts in MESSAGES.items() for text in texts]
PLAIN = st.sampled_from(EACH)


@pytest.mark.parametrize(("text", "label"), EACH)
def test_each_is_told_with_a_reason(answerer: Answerer, text: str, label: str) -> None:
    found = answerer.conduct(text)
    assert found.label == label
    assert found.reasons
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("i want to die tonight. anyway kilos are 60 bucks, dm me for the menu", "crisis"),
        ("he is not breathing, where do i buy narcan", "crisis"),
        ("kilos 50 bucks, dm me. take 5 grams and you can't overdose", "vendor-promotion"),
    ],
)
def test_what_matters_most_comes_first(answerer: Answerer, text: str, label: str) -> None:
    assert answerer.conduct(text).label == label


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("take 5 g on an empty stomach", "“5 g”"),
        ("dm me for the menu, kilos 60 dollars shipped, t.me/leafmenu_shop", "“t.me/leafmenu_shop”"),
        ("dm me for the menu, kilos 60 dollars shipped", "“60 dollars”"),
    ],
)
def test_the_reasons_quote_the_message(answerer: Answerer, text: str, part: str) -> None:
    assert any(part in reason for reason in answerer.conduct(text).reasons)


def test_the_reasons_speak_the_language_asked_for(answerer: Answerer) -> None:
    found = answerer.conduct("take 5 g on an empty stomach", language="es")
    assert "nombra una cantidad para tomar: «5 g»" in found.reasons


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("you can't overdose on kratom, it's impossible", "can-kratom-kill"),
        ("kratom is FDA approved, totally safe", "fda-approval"),
        ("it's totally fine with xanax, no risk", "with-benzodiazepines"),
        ("safe in pregnancy, it's only a leaf, it can't hurt the baby", "pregnancy"),
        ("it never shows on a drug test, guaranteed", "drug-tests"),
        ("skip your suboxone, kratom works better and is harmless", "kratom-instead-of-treatment"),
        ("no puedes tener sobredosis con kratom", "can-kratom-kill"),
        ("weekend use can't lead to dependence", "addiction"),
    ],
)
def test_an_unsafe_claim_is_tied_to_the_entry_that_corrects_it(answerer: Answerer, text: str, entry: str) -> None:
    found = answerer.conduct(text)
    assert (found.label, found.entry) == ("unsafe-claim", entry)


def test_only_an_unsafe_claim_has_an_entry(answerer: Answerer) -> None:
    assert not [text for text, label in EACH if label != "unsafe-claim" and answerer.conduct(text).entry]


def test_a_link_behind_words_counts(answerer: Answerer) -> None:
    text = "order yours here while it lasts"
    found = answerer.conduct(text, links=["https://greenleaf-kratom.shop/sale"])
    assert found.label == "vendor-promotion"
    assert any("greenleaf-kratom.shop" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "link",
    [
        "hillsidekratom.com",
        "https://hillsidekratom.com/red",
        "hxxps://hillsidekratom[.]com",
        "hillsidekratom (dot) com",
        "hillsidekratom dot com",
        "www . hillsidekratom . com",
        "t.me/hillsidekratom",
        "hillsidеkrаtom.com",  # noqa: RUF001  look-alike letters
        "hill\u200bsidekratom.com",
    ],
)
def test_a_link_in_any_disguise_is_seen(answerer: Answerer, link: str) -> None:
    found = answerer.conduct(f"new batch of red bali, 20% off, order at {link}")
    assert found.label == "vendor-promotion"
    assert any("link" in reason for reason in found.reasons), found.reasons


def test_an_error_counts_as_a_crisis(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(answerer, "_urgency_of", fail)
    assert answerer.conduct("hello").label == "crisis"


# Hypothesis: no disguise changes what a message does.

ALIKE = str.maketrans("aeopcxi", "аеорсхі")  # noqa: RUF001  the letters that filters are dodged with


@given(PLAIN, st.data())
def test_case_changes_nothing(answerer: Answerer, one: tuple[str, str], data: st.DataObject) -> None:
    text, label = one
    upper = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    assert answerer.conduct("".join(c.upper() if up else c for c, up in zip(text, upper, strict=True))).label == label


@given(PLAIN, st.lists(st.integers(0, 400), max_size=8), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad"))
def test_invisible_marks_change_nothing(answerer: Answerer, one: tuple[str, str], where: list[int], mark: str) -> None:
    text, label = one
    for at in where:
        text = text[: at % len(text)] + mark + text[at % len(text) :]
    assert answerer.conduct(text).label == label


@given(PLAIN, st.integers(0, 100))
def test_look_alike_letters_change_nothing(answerer: Answerer, one: tuple[str, str], at: int) -> None:
    text, label = one
    parts = text.split(" ")
    at %= len(parts)
    word = parts[at]
    if len(word) > 1 and word[0].isascii() and word[0].isalpha():
        parts[at] = word[0] + word[1:].translate(ALIKE)
    assert answerer.conduct(" ".join(parts)).label == label


@given(PLAIN, st.integers(0, 100), st.sampled_from(" .*_-"))
def test_spaced_letters_change_nothing(answerer: Answerer, one: tuple[str, str], at: int, gap: str) -> None:
    text, label = one
    parts = text.split(" ")
    at %= len(parts)
    beside = parts[max(0, at - 1) : at + 2]
    if re.fullmatch(r"[a-z]{5,}", parts[at]) and all(len(word) > 1 for word in beside):
        parts[at] = gap.join(parts[at])
    assert answerer.conduct(" ".join(parts)).label == label


@given(PLAIN, st.lists(st.sampled_from([" ", "  ", "\t", "\n", " \u200b"]), min_size=40, max_size=40))
def test_gaps_change_nothing(answerer: Answerer, one: tuple[str, str], gaps: list[str]) -> None:
    text, label = one
    assert answerer.conduct("".join(w + g for w, g in zip(text.split(" "), gaps, strict=False))).label == label


@given(st.text(), st.lists(st.text(max_size=30), max_size=3), st.booleans())
@example("", [], False)
@example("\ud800", ["\udfff"], True)
@example("ก" * 50, [], False)
def test_any_text_at_all_is_judged(answerer: Answerer, text: str, links: list[str], forwarded: bool) -> None:
    assert answerer.conduct(text, links=links, forwarded=forwarded).label in get_args(ConductLabel)


@pytest.mark.parametrize(
    "text", ["a " * 4000, "1 " * 4000, "5 g " * 2000, "www. " * 1600, "@" * 8000, "a.b" * 2600, "- " * 4000, "1" * 8000]
)
def test_no_text_is_a_trap(answerer: Answerer, text: str) -> None:
    """Texts on which a careless pattern would go on for ever."""
    answerer.conduct(text)


# The labelled sets, written independently of the examples. The bounds hold what was reached; those of crises stand
# where the urgency detector is tested.


@pytest.mark.parametrize("name", ["dev", "test"])
def test_the_labelled_sets_are_told_as_well_as_they_were(answerer: Answerer, name: str) -> None:
    path = Path(__file__).parents[1] / "questions" / "conduct" / f"{name}.jsonl"
    lines, problems = read_labelled([path], answerer.library)
    assert not problems
    judged = judge(answerer, [one for one in lines if isinstance(one, ConductMessage)])
    slices = of_conduct([one for one in judged if "crisis" not in {one.found.label, one.line.label}]).slices
    assert slices["all"].figures["macro_f1"].value >= 0.84
    assert slices["all"].figures["flagged"].value <= 0.045


# What was fitted.


def test_the_weights_are_those_of_the_examples(library: Library) -> None:
    fitted = Model.from_bytes(library.conduct_weights).digest
    assert fitted == digest(library), (
        "The examples, the marks, the ideas or the code changed. Fit anew: python -m answers.conduct.fit"
    )


def test_there_are_enough_examples_of_every_label() -> None:
    texts: dict[str, set[str]] = {}
    for one in read(CONTENT):
        texts.setdefault(one.label, set()).add(" ".join(words(normal(one.text))))
    assert set(texts) == set(get_args(ConductLabel)) - {"crisis"}
    assert min(map(len, texts.values())) >= 445
    assert len(texts["fine"] | texts["question"]) >= 1500


def test_no_example_has_two_labels() -> None:
    seen: dict[str, str] = {}
    twice = [
        one.text
        for one in read(CONTENT)
        if (key := " ".join(words(normal(one.text)))) and seen.setdefault(key, one.label) != one.label
    ]
    assert not twice
