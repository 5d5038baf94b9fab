"""The figures on small hand-made sets whose results are known, and what becomes of bad lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner, Result

from answers import Answerer, Library, Reply
from answers.conduct_rules import Conduct, ConductLabel
from answers.evaluation import Question, Report, evaluate, read
from answers.evaluation.as_html import as_html
from answers.evaluation.as_text import as_text
from answers.evaluation.slices import Part
from answers.evaluation.statistics import Aim, calibration, milliseconds, share, wilson
from answers.models import Candidate, Kind, ReplyKind, Urgency
from bot.cli import app

Write = Callable[..., Path]
LIVER, DOSE, KIDNEYS = "liver-injury", "dose", "kidneys"


class Scripted(Answerer):
    """Says what a test laid down for a text, so that figures hang on nothing else."""

    def __init__(self, library: Library, script: Mapping[str, Reply]) -> None:
        self.library = library
        self._script = script

    def reply(self, text: str, *, country: str | None = None, language: str | None = None) -> Reply:
        assert (country, language) == (None, None)
        return self._script[text]


class Judging(Answerer):
    """Judges as a test laid down for a text."""

    def __init__(self, library: Library, script: Mapping[str, Conduct]) -> None:
        self.library = library
        self._script = script

    def conduct(
        self, text: str, *, links: Iterable[str] = (), forwarded: bool = False, language: str = "en"
    ) -> Conduct:
        assert (list(links), forwarded, language) == ([], False, "en")
        return self._script[text]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*lines: Any, name: str = "set.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines), "utf-8")
        return path

    return written


@pytest.fixture
def say(library: Library) -> Callable[..., Reply]:
    def said(
        kind: ReplyKind, *ranked: tuple[str, float], entry: str | None = None, urgency: str | None = None
    ) -> Reply:
        candidates = tuple(Candidate(entry=id_, confidence=confidence) for id_, confidence in ranked)
        return Reply(
            kind=kind,
            language="en",
            entry=library.entries[entry] if entry else None,
            offered=tuple(library.entries[id_] for id_, _ in ranked) if kind in {"choose", "no_answer"} else (),
            candidates=candidates,
            urgency=Urgency(kind=Kind(urgency), card=urgency, because="its words") if urgency else None,
        )

    return said


def question(text: str, entry: str | None, group: str = "in-scope", **more: Any) -> dict[str, Any]:
    return {"text": text, "entry": entry, "group": group, "origin": "hand-made", **more}


def message(text: str, urgency: str | None, group: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "urgency": urgency, "explicit": False, "language": "en", "group": group, **more}


def counts(part: Part | None, name: str) -> dict[str, tuple[int | None, int]]:
    assert part
    return {key: (one.count, one.of) for key, one in part.slices[name].figures.items() if one.unit == "share"}


@pytest.fixture
def questions(library: Library, write: Write, say: Callable[..., Reply]) -> Report:
    path = write(
        question("right", LIVER),
        question("as good", LIVER, also=[KIDNEYS]),
        question("wrong", LIVER),
        question("offered", LIVER),
        question("offered elsewhere", LIVER),
        question("refused", LIVER),
        question("alarm", LIVER),
        question("declined", DOSE),
        question("weather", None, "far"),
        question("hello", None, "far"),
        question("ibuprofen", None, "near-miss"),
        question("kava", None, "near-miss"),
        question("hígado", LIVER, "language", language="es"),
    )
    script = {
        "right": say("answer", (LIVER, 0.9), entry=LIVER),
        "as good": say("answer", (KIDNEYS, 0.9), (LIVER, 0.1), entry=KIDNEYS),
        "wrong": say("answer", (DOSE, 0.8), (LIVER, 0.2), entry=DOSE),
        "offered": say("choose", (DOSE, 0.5), (LIVER, 0.4)),
        "offered elsewhere": say("choose", (DOSE, 0.5), (KIDNEYS, 0.4)),
        "refused": say("no_answer", (LIVER, 0.1)),
        "alarm": say("crisis", urgency="medical"),
        "declined": say("declined", (DOSE, 0.9), entry=DOSE),
        "weather": say("no_answer", (DOSE, 0.1)),
        "hello": say("social"),
        "ibuprofen": say("answer", (LIVER, 0.7), entry=LIVER),
        "kava": say("choose", (LIVER, 0.4), (DOSE, 0.3)),
        "hígado": say("choose", (LIVER, 0.4), (DOSE, 0.3)),
    }
    labelled, problems = read([path], library)
    assert not problems
    return evaluate(Scripted(library, script), labelled)


@pytest.fixture
def conduct(library: Library, write: Write) -> Report:
    """Two adverts, two claims, three questions and three that are fine; one advert is missed, one of each flagged."""
    found: dict[str, tuple[ConductLabel, ConductLabel, str | None]] = {
        "ad": ("vendor-promotion", "vendor-promotion", None),
        "sly ad": ("vendor-promotion", "fine", None),
        "claim": ("unsafe-claim", "unsafe-claim", LIVER),
        "other claim": ("unsafe-claim", "unsafe-claim", DOSE),
        "how": ("question", "question", None),
        "why": ("question", "question", None),
        "where": ("question", "spam", None),
        "day 2": ("fine", "fine", None),
        "thanks": ("fine", "fine", None),
        "my liver": ("fine", "unsafe-claim", None),
    }
    tied: dict[str, Any] = {"claim": LIVER, "other claim": LIVER}
    path = write(
        *(
            {"text": text, "label": label, "entry": tied.get(text), "origin": "hand-made"}
            for text, (label, _, _) in found.items()
        )
    )
    labelled, problems = read([path], library)
    assert not problems
    script = {text: Conduct(label=verdict, confidence=0.9, entry=entry) for text, (_, verdict, entry) in found.items()}
    return evaluate(Judging(library, script), labelled)


def test_group_messages(conduct: Report) -> None:
    assert counts(conduct.conduct, "all") == {
        "macro_f1": (None, 10),
        "flagged": (2, 6),
        "right_entry": (1, 2),
    }
    assert counts(conduct.conduct, "vendor-promotion") == {"recall": (1, 2), "precision": (1, 1), "f1": (None, 2)}
    assert counts(conduct.conduct, "unsafe-claim") == {"recall": (2, 2), "precision": (2, 3), "f1": (None, 2)}
    assert counts(conduct.conduct, "fine") == {"recall": (2, 3), "precision": (2, 3), "f1": (None, 3)}
    assert conduct.conduct
    f1 = (2 * 1 / 3 + 2 * 2 / 5 + 2 * 2 / 5 + 2 * 2 / 6) / 4
    assert conduct.conduct.slices["all"].figures["macro_f1"].value == pytest.approx(f1)


def test_group_messages_are_shown(conduct: Report) -> None:
    for shown in (as_html(conduct), _as_shown(conduct)):
        for word in ("F1, mean of the labels", "ordinary chat flagged", "vendor-promotion", "Ordinary chat that was"):
            assert word in shown


def _as_shown(report: Report) -> str:
    out = StringIO()
    Console(file=out, width=200).print(as_text(report))
    return out.getvalue()


def test_a_label_as_good_counts_as_right(library: Library, write: Write) -> None:
    path = write({"text": "ad", "label": "spam", "also": ["vendor-promotion"]})
    labelled, _ = read([path], library)
    script = {"ad": Conduct(label="vendor-promotion", confidence=0.9)}
    report = evaluate(Judging(library, script), labelled)
    assert report.conduct
    assert report.conduct.slices["all"].figures["macro_f1"].value == 1


def test_questions_in_scope(questions: Report) -> None:
    assert counts(questions.questions, "in-scope") == {
        "right_first": (4, 8),
        "right_said": (4, 8),
        "answered_right": (3, 8),
        "answered_wrong": (1, 8),
        "choices": (2, 8),
        "refused_wrong": (1, 8),
        "crisis": (1, 8),
    }


def test_questions_out_of_scope(questions: Report) -> None:
    far, near = counts(questions.questions, "far"), counts(questions.questions, "near-miss")
    assert far == {
        "answered_confidently": (0, 2),
        "choices_out_of_scope": (0, 2),
        "refused_right": (2, 2),
        "crisis": (0, 2),
    }
    assert near["answered_confidently"] == (1, 2)
    assert near["choices_out_of_scope"] == (1, 2)
    assert near["refused_right"] == (0, 2)


def test_questions_by_language(questions: Report) -> None:
    assert counts(questions.questions, "es")["right_said"] == (1, 1)
    assert counts(questions.questions, "language") == counts(questions.questions, "es")
    assert counts(questions.questions, "en")["right_first"] == (4, 8)


def test_calibration_counts_out_of_scope_as_wrong(questions: Report) -> None:
    assert questions.questions
    error = questions.questions.slices["near-miss"].figures["calibration_error"]
    assert error.value == pytest.approx((0.7 + 0.4) / 2)
    assert questions.questions.slices["all"].figures["calibration_error"].of == 11


def test_which_was_taken_for_which(questions: Report) -> None:
    assert questions.questions
    found = [(one.asked, one.taken, one.of, one.answered) for one in questions.questions.confusions]
    assert found == [(LIVER, DOSE, 3, 1), (None, LIVER, 1, 1)]
    first = questions.questions.confusions[0].examples[0]
    assert (first.text, first.said) == ("wrong", "answer, 0.80")
    assert first.where.endswith("set.jsonl:3")


def test_aims_stand_beside_the_figures(questions: Report) -> None:
    held = {(one.says, figure.says): figure.reached for one, figure in questions.headline()}
    assert held["in scope", "right entry first"] is False
    assert held["far from the topic", "answered all the same"] is True
    assert held["near misses", "answered all the same"] is False


def test_urgency(library: Library, write: Write, say: Callable[..., Reply]) -> None:
    path = write(
        message("explicit", "overdose", "emergency", explicit=True),
        message("hinted", "suicide", "emergency"),
        message("other kind", "child", "emergency"),
        message("sobredosis", "overdose", "emergency", language="es", explicit=True),
        message("squad", None, "look-alike"),
        message("libido", None, "look-alike"),
        message("liver", None, "ordinary"),
    )
    script = {
        "explicit": say("crisis", urgency="overdose"),
        "hinted": say("no_answer"),
        "other kind": say("crisis", urgency="overdose"),
        "sobredosis": say("crisis", urgency="overdose"),
        "squad": say("crisis", urgency="suicide"),
        "libido": say("no_answer"),
        "liver": say("answer", (LIVER, 0.9), entry=LIVER),
    }
    report = evaluate(Scripted(library, script), read([path], library)[0])
    assert counts(report.urgency, "english") == {"recognised": (2, 3), "right_kind": (1, 3)}
    assert counts(report.urgency, "explicit")["recognised"] == (1, 1)
    assert counts(report.urgency, "indirect")["recognised"] == (1, 2)
    assert counts(report.urgency, "other-languages")["recognised"] == (1, 1)
    assert counts(report.urgency, "es")["right_kind"] == (1, 1)
    assert counts(report.urgency, "child") == {"recognised": (1, 1), "right_kind": (0, 1)}
    assert counts(report.urgency, "look-alike") == {"false_alarm": (1, 2)}
    assert counts(report.urgency, "ordinary") == {"false_alarm": (0, 1)}
    assert report.urgency
    assert [(one.asked, one.taken) for one in report.urgency.confusions] == [("child", "overdose")]
    assert [[one.text for one in some.examples] for some in report.urgency.examples] == [["hinted"], ["squad"]]
    assert report.questions is None


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(count: int, of: int, low: float, high: float) -> None:
    """Newcombe 1998 (Statistics in Medicine 17:857-872), table I, method 3."""
    assert list(wilson(count, of)) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses)
    assert 0 <= low <= high <= 1
    assert not hits + misses or low <= hits / (hits + misses) <= high


def test_calibration_of_known_bins() -> None:
    found = calibration([(0.1, False)] * 8 + [(0.1, True)] * 2 + [(0.9, True)] * 6 + [(0.9, False)] * 4, bins=2)
    assert found
    assert [(one.of, one.right) for one in found.bins] == [(10, 0.2), (10, 0.6)]
    assert [one.stated for one in found.bins] == pytest.approx([0.1, 0.9])
    assert found.error == pytest.approx((0.1 + 0.3) / 2)


def test_calibration_never_parts_equal_confidences() -> None:
    found = calibration([(0.5, n % 2 == 0) for n in range(1000)])
    assert found
    assert len(found.bins) == 1
    assert found.error == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200), st.randoms())
def test_calibration_is_a_mean_gap_whatever_the_order(stated: list[tuple[float, bool]], chance: Any) -> None:
    found = calibration(stated)
    shuffled = list(stated)
    chance.shuffle(shuffled)
    assert found
    assert 0 <= found.error <= 1
    assert sum(one.of for one in found.bins) == len(stated)
    assert len(found.bins) <= 15
    assert calibration(shuffled) == found


def test_shares_and_times() -> None:
    aim = Aim(bound="at least", value=0.75)
    found = share("s", [True, True, True, False], aim)
    assert found
    assert (found.value, found.count, found.of, found.reached) == (0.75, 3, 4, True)
    assert share("s", []) is None
    slow = milliseconds("t", [0.001, 0.002, 0.009], 50, Aim(bound="at most", value=1))
    assert slow
    assert (slow.value, slow.reached) == (2.0, False)
    assert milliseconds("t", [], 50) is None


BAD = [
    ("not json", "is not JSON"),
    ("[1]", "no JSON object"),
    ('{"text": "x"}', "neither 'entry' nor 'urgency'"),
    ('{"text": "x", "entires": "dose"}', "did you mean one by 'entires'?"),
    ('{"entry": "dose"}', "text: It is missing."),
    ('{"text": " ", "entry": "dose"}', "text:"),
    ('{"text": 7, "entry": "dose"}', "text:"),
    ('{"text": "x", "entry": "liver-injry"}', "Did you mean 'liver-injury'?"),
    ('{"text": "x", "entry": "dose", "also": ["dosis-magna"]}', "also: There is no entry 'dosis-magna'"),
    ('{"text": "x", "entry": "dose", "group": "near-mis"}', "group:"),
    ('{"text": "x", "entry": "dose", "group": "far"}', "there is an entry"),
    ('{"text": "x", "entry": null, "group": "in-scope"}', "no entry for a question in scope"),
    ('{"text": "x", "entry": "dose", "languag": "es"}', "Did you mean 'language'?"),
    ('{"text": "x", "urgency": "fire", "group": "emergency"}', "urgency:"),
    ('{"text": "x", "urgency": null, "group": "emergency"}', "Give an emergency its kind"),
    ('{"text": "x", "urgency": "child", "group": "ordinary"}', "Give an emergency its kind"),
    ('{"text": "half an emoji: \\ud83d", "entry": "dose"}', "text:"),
    ("[" * 100_000, "is not JSON"),
]


@pytest.mark.parametrize(("line", "says"), BAD)
def test_a_bad_line_is_named_and_the_others_stand(line: str, says: str, write: Write, library: Library) -> None:
    path = write(question("first", LIVER), "", line, question("last", DOSE))
    labelled, problems = read([path], library)
    assert [one.text for one in labelled] == ["first", "last"]
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"{path}:3:")
    assert says in str(problems[0])
    assert problems[0].remedy


def test_bytes_that_are_no_text_are_one_bad_line(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "a", "entry": "dose"}\r\n{"text": "\xe9", "entry": "dose"}\r\n')
    labelled, problems = read([path], library)
    assert ([one.text for one in labelled], [one.line for one in problems]) == (["a"], [2])


def test_other_fields_do_no_harm_and_the_group_may_be_left_out(write: Write, library: Library) -> None:
    path = write({"text": "a", "entry": LIVER, "seen_by": "me"}, {"text": "b", "entry": None, "n": 1})
    labelled, problems = read([path], library)
    assert not problems
    assert [one.group for one in labelled if isinstance(one, Question)] == ["in-scope", "out-of-scope"]


def test_files_that_are_none(tmp_path: Path, write: Write, library: Library) -> None:
    empty = write(name="empty.jsonl")
    _, problems = read([tmp_path / "none.jsonl", tmp_path, empty], library)
    assert [one.what.split(" (")[0] for one in problems] == [
        "It cannot be read",
        "It cannot be read",
        "There is no line in it.",
    ]


def test_a_file_named_twice_counts_once(write: Write, library: Library, tmp_path: Path) -> None:
    path = write(question("a", LIVER))
    assert len(read([path, tmp_path / "." / path.name], library)[0]) == 1


def test_the_page_needs_nothing_else(questions: Report) -> None:
    page = as_html(questions)
    assert "<svg" in page
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", page)


def test_messages_are_escaped_everywhere(library: Library, write: Write, say: Callable[..., Reply]) -> None:
    text = "<script>alert(1)</script> [bold red]x[/nothing]"
    path = write(question(text, LIVER))
    report = evaluate(Scripted(library, {text: say("answer", (DOSE, 0.9), entry=DOSE)}), read([path], library)[0])
    assert "<script>" not in as_html(report)
    assert "&lt;script&gt;" in as_html(report)
    console = Console(file=StringIO(), width=200)
    console.print(as_text(report))
    assert isinstance(console.file, StringIO)
    assert "[bold red]x[/nothing]" in console.file.getvalue()


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_the_command_prints_text(write: Write) -> None:
    path = write(question("is kratom bad for my liver", LIVER), question("who won the cup", None, "far"))
    other = write(message("i took 40 grams and cant breathe", "overdose", "emergency"), name="urgency.jsonl")
    result = run(path, other)
    assert result.exit_code == 0, result.output
    assert "in scope: right entry first" in result.stdout
    assert "emergencies, English: recognised" in result.stdout
    assert "Reliability" in result.stdout


def test_the_command_prints_json_and_writes_the_page(write: Write, tmp_path: Path) -> None:
    path = write(question("is kratom bad for my liver", LIVER))
    result = run(path, "--json", "--html", tmp_path / "page.html")
    assert result.exit_code == 0, result.output
    figure = json.loads(result.stdout)["questions"]["slices"]["in-scope"]["figures"]["right_first"]
    assert (figure["value"], figure["count"], figure["of"], figure["aim"]["value"]) == (1.0, 1, 1, 0.9)
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_command_loses_nothing_over_a_bad_line(write: Write) -> None:
    path = write(question("is kratom bad for my liver", LIVER), "{", question("kratom and my liver", LIVER))
    result = run(path, "--json")
    assert result.exit_code == 2
    assert f"{path}:2:" in result.stderr
    report = json.loads(result.stdout)
    assert report["questions"]["slices"]["in-scope"]["of"] == 2
    assert len(report["problems"]) == 1


def test_the_command_without_a_file_or_a_place_to_write(write: Write, tmp_path: Path) -> None:
    assert run().exit_code == 2
    result = run(tmp_path / "none.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.jsonl: It cannot be read" in result.stderr
    result = run(write(question("liver", LIVER)), "--html", tmp_path / "no" / "page.html")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
