"""Each rule of `check` fails on content that breaks it, with a line that helps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from answers.library import CONTENT, Library, load_evidence
from answers.vetting import RULES, vet
from answers.vetting.language import reading_grade

Edit = Callable[[str, Callable[[Any], None]], None]
LIVER, FDA, ABOUT = (
    "entries/risks/liver-injury.yaml",
    "entries/law/fda-approval.yaml",
    "entries/about/about-this-bot.yaml",
)
TODAY = date(2026, 11, 25)


def first(data: Any) -> Any:
    return data["answer"][0]


def says(sentence: str) -> Callable[[Any], None]:
    return lambda data: first(data).update(says=sentence)


def source(change: dict[str, Any], **custom: Any) -> Callable[[Any], None]:
    """Change every source alike."""

    def apply(data: Any) -> None:
        for item in data["references"]:
            item.update(change)
            item["custom"].update(custom)

    return apply


def test_the_faq_passes() -> None:
    assert [str(problem) for problem in vet(CONTENT, today=TODAY)] == []


def test_the_small_content_passes(content: Path) -> None:
    assert [str(problem) for problem in vet(content, today=TODAY)] == []


BREAKS = {
    "an id is missing": ("ids.yaml", lambda d: d["risks"].append("heart"), "The entry 'heart' is missing"),
    "an id is in another section": ("ids.yaml", lambda d: d.update(sleep=d.pop("risks")), "lies in 'risks'"),
    "no citation": (LIVER, lambda d: first(d).update(cites=[]), "This claim has no citation"),
    "no strength": (LIVER, lambda d: first(d).pop("strength"), "how strong its evidence is"),
    "about cites nothing": (ABOUT, lambda d: [c.pop("cites", 0) for c in d["answer"] + d["more"]], "no citation"),
    "no evidence": (LIVER, lambda d: first(d).update(evidence=[]), "names no evidence"),
    "unknown evidence": (LIVER, lambda d: first(d).update(evidence=["liver-injury-99"]), "no evidence record"),
    "source not in evidence": (
        LIVER,
        lambda d: first(d).update(cites=["fda-kratom-page"]),
        "none of the evidence named here comes from it",
    ),
    "news alone": ("sources.yaml", source({}, kind="news"), "rests on news alone"),
    "addresses not confirmed": ("sources.yaml", source({}, url_confirmed=False), "whose address is not confirmed"),
    "retracted": ("sources.yaml", source({}, retracted=True), "has been retracted"),
    "strength not borne": ("sources.yaml", source({}, kind="charity"), "is more than sources of these kinds bear"),
    "strength beyond evidence": (LIVER, lambda d: first(d).update(strength="guideline"), "The evidence named here is"),
    "a number from nowhere": (LIVER, says("It happened to 4321 people."), "The figure 4321 stands in none"),
    "an absolute word": (LIVER, says("Kratom always harms the liver."), "'always' is more than the evidence"),
    "a dose": (LIVER, lambda d: d.update(see_a_clinician="Take 3 grams and call."), "'3 grams' reads as an amount"),
    "a dose in words": (LIVER, says("Two capsules were taken."), "reads as an amount"),
    "a brand": (LIVER, says("Do not take mit 45."), "is a brand"),
    "a price": (LIVER, says("A bag for $20."), "is a price"),
    "a word to avoid": (LIVER, says("Kratom abuse is linked to liver injury."), "'abuse' is on the list"),
    "a claimed review": (LIVER, says("This was reviewed by a doctor."), "suggests a review that is not recorded"),
    "a long sentence": (LIVER, says("It " + "may or " * 20 + "may not."), "This sentence has"),
    "hard words": (
        LIVER,
        lambda d: d.update(
            more=[{**first(d), "says": "Gastrointestinal manifestations necessitate immediate discontinuation."}] * 12
        ),
        "It reads at US grade",
    ),
    "a long answer": (LIVER, says("It may harm you. " * 30), "characters together"),
    "a long advice": (LIVER, lambda d: d.update(see_a_clinician="Call soon. " * 40), "It is too long"),
    "few phrasings": (LIVER, lambda d: d.update(phrasings=d["phrasings"][:14]), "There are 14 phrasings"),
    "an entry overdue": (LIVER, lambda d: d.update(recheck_by="2026-11-24"), "It was due on 2026-11-24"),
    "a line overdue": (
        "crisis_lines.yaml",
        lambda d: d["US"][0].update(recheck_by="2026-11-24"),
        "was due on 2026-11-24",
    ),
    "the table overdue": ("state_law.yaml", lambda d: d.update(recheck_by="2026-11-24"), "The table was due"),
    "law unchecked for too long": (FDA, lambda d: d.update(recheck_by="2027-06-01"), "more than 91 days"),
    "checked tomorrow": (LIVER, lambda d: d["checked"].update(date="2026-11-26"), "still to come"),
    "a misprinted number": (
        "crisis_lines.yaml",
        lambda d: d["US"][4].update(tel="+1866488738"),
        "+1866488738 is not a number of US's numbering plan",
    ),
    "a misprinted short code": ("crisis_lines.yaml", lambda d: d["US"][1].update(tel="98"), "98 is not a number"),
    "no emergency number": ("crisis_lines.yaml", lambda d: d["FR"].pop(0), "There is no emergency number"),
    "a reason without words": (
        "wording/es.yaml",
        lambda d: d["conduct"]["reasons"].pop("amount"),
        "There are no words for 'amount'",
    ),
    "a label without words": (
        "wording/en.yaml",
        lambda d: d["conduct"]["reads_like"].pop("spam"),
        "There are no words for 'spam'",
    ),
    "words for no reason": (
        "wording/en.yaml",
        lambda d: d["conduct"]["reasons"].update(weather="{words}"),
        "Nothing in conduct.yaml tells of 'weather'",
    ),
    "a word for two ideas": (
        "conduct.yaml",
        lambda d: d["ideas"].update(sell=d["ideas"]["sell"] + ", Harm-less"),
        "'harmless' stands under 'sell' too",
    ),
    "a comma too many": (
        "conduct.yaml",
        lambda d: d["ideas"].update(sell=d["ideas"]["sell"] + ", , x"),
        "A word is missing between two commas",
    ),
    "a claim for no entry": (
        "conduct.yaml",
        lambda d: d["claims"].append({"entry": "nowhere", "any": ["x"]}),
        "There is no entry 'nowhere'",
    ),
    "an unknown reason": (
        "conduct.yaml",
        lambda d: d["because"]["spam"].append("weather"),
        "There is no mark or idea 'weather'",
    ),
    "a mark that does not compile": (
        "conduct.yaml",
        lambda d: d["marks"].update(price=["(dollar"]),
        "The pattern does not compile",
    ),
    "a mark of an unknown fragment": (
        "conduct.yaml",
        lambda d: d["marks"].update(price=["{dollar}"]),
        "The pattern does not compile",
    ),
    "a mark that captures": (
        "conduct.yaml",
        lambda d: d["marks"].update(price=["(dollar)"]),
        "has a capturing group",
    ),
    "a mark of nothing": ("conduct.yaml", lambda d: d["marks"].update(price=["x*"]), "matches where nothing stands"),
    "a label that there is not": (
        "conduct.yaml",
        lambda d: d["because"].update(adverts=["price"]),
        "because",
    ),
    "an unused source": (
        "sources.yaml",
        lambda d: d["references"].append(
            {**d["references"][0], "id": "spare", "custom": {**d["references"][0]["custom"]}}
        ),
        "Nothing uses the source 'spare'",
    ),
}


@pytest.mark.parametrize(("name", "change", "message"), BREAKS.values(), ids=BREAKS.keys())
def test_a_rule_fails_with_place_and_remedy(
    content: Path, edit: Edit, name: str, change: Callable[[Any], None], message: str
) -> None:
    edit(name, change)
    found = [str(problem) for problem in vet(content, today=TODAY)]
    assert any(message in problem for problem in found), found


def test_a_phrasing_stands_in_one_entry_only(content: Path, edit: Edit) -> None:
    edit(LIVER, lambda d: d["phrasings"].append("is the leaf harmful for the liver"))
    edit(FDA, lambda d: d["phrasings"].append("The LIVER: is it harmful for the leaf??"))
    (problem,) = vet(content, today=TODAY)
    assert "stands in 'fda-approval' too" in str(problem)
    assert problem.path == LIVER


def test_today_shows_what_will_be_due(content: Path) -> None:
    found = [str(problem) for problem in vet(content, today=date(2028, 1, 1))]
    assert all("was due on" in problem for problem in found), found
    assert {problem.split("/")[0].split(".")[0].split(":")[0] for problem in found} == {
        "entries",
        "cards",
        "crisis_lines",
        "state_law",
    }


def test_content_that_does_not_load_is_reported_the_same_way(content: Path) -> None:
    (content / LIVER).write_text("id: [", "utf-8")
    assert any(problem.path == LIVER for problem in vet(content, today=TODAY))


def test_reading_grade_follows_flesch_kincaid() -> None:
    # 13 words, 1 sentence, 18 syllables counted by hand: 0.39 * 13 + 11.8 * 18 / 13 - 15.59
    grade = reading_grade("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.")
    assert 10 <= grade <= 16
    assert reading_grade("The cat sat on the mat.") < 1
    assert reading_grade("") == 0


def test_every_rule_says_what_it_is_for(library: Library) -> None:
    assert load_evidence()
    assert library.entries
    assert all(rule.__doc__ for rule in RULES)
