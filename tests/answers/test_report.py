"""The report: its figures add up, its page stands alone, and its file is whole or as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from answers.exporting.charts import by_month, by_step, by_year
from answers.exporting.files import write_whole
from answers.exporting.report import STRENGTHS, Report, render, summarise
from answers.library import Library, load_evidence
from answers.models import CrisisCard, Entry, Strength
from answers.vetting import vet
from bot.cli import app

Edit = Callable[[str, Callable[[Any], None]], None]
TODAY = date(2026, 11, 25)
LIVER = "entries/risks/liver-injury.yaml"


def of(content: Path, today: date = TODAY) -> Report:
    return summarise(Library.load(content), load_evidence(content), today)


def every(items: str, **fields: Any) -> Callable[[Any], None]:
    """Change every one of a file's items alike; a source's own fields lie in its `custom`."""

    def apply(data: Any) -> None:
        for item in data[items]:
            item.get("custom", item).update(fields)

    return apply


@pytest.fixture(scope="session")
def whole(library: Library) -> Report:
    return summarise(library, load_evidence(), TODAY)


def test_figures_of_the_faq_add_up(whole: Report, library: Library) -> None:
    owners: list[Entry | CrisisCard] = [*library.entries.values(), *library.cards.values()]
    assert whole.claims == sum(len(owner.claims) for owner in owners)
    assert sum(group.entries for group in whole.groups) == len(owners)
    assert sum(bar.count for bar in whole.strengths) == sum(bar.count for g in whole.groups for bar in g.strengths)
    assert {bar.of for bar in whole.strengths} == {sum(bar.count for bar in whole.strengths)}
    for columns in (whole.grades, whole.phrasings, whole.sources_per_entry):
        assert sum(column.count for column in columns) == len(library.entries)
    dates = sum(column.count for columns in whole.due.values() for column in columns)
    assert dates == len(owners) + sum(map(len, library.lines.values())) + 1
    assert dates == sum(len(names) for due in whole.due_days for _, names in due.items)
    for thin in whole.thin:
        assert sum(bar.count for bar in thin.sections) == thin.total.count
        assert sum(bar.of for bar in thin.sections) == thin.total.of
    assert all(bar.part <= bar.count <= bar.of for bar in whole.kinds)


def test_every_strength_has_a_place() -> None:
    assert set(STRENGTHS) == set(Strength)


def test_claims_are_counted_by_strength_and_by_type_of_source(content: Path, edit: Edit) -> None:
    before = of(content)
    edit("sources.yaml", every("references", kind="news"))
    after = of(content)
    (news,) = after.kinds
    assert (news.name, news.part, news.share) == ("News", news.count, 1.0)
    assert len(before.kinds) > 1
    edit(LIVER, lambda d: d["answer"][0].update(strength="guideline"))
    guidelines = [next(bar for bar in report.strengths if "guideline" in bar.name) for report in (before, of(content))]
    assert guidelines[1].count == guidelines[0].count + 1


def test_what_is_overdue_and_next_due(content: Path, edit: Edit) -> None:
    edit(LIVER, lambda d: d.update(recheck_by="2026-11-24"))
    report = of(content)
    assert report.overdue == 1
    assert report.due_days[0].items == (("Entries", ("liver-injury",)),)
    assert report.due["Entries"][0].count == 1
    assert "1 overdue today" in render(report)
    assert of(content, date(2026, 11, 24)).overdue == 0


def test_thin_spots(content: Path, edit: Edit) -> None:
    assert of(content).thin[2].total.count < of(content).thin[2].total.of
    edit("sources.yaml", every("references", seen="secondary", url_confirmed=False))
    edit("evidence/kept.yaml", every("kept", read="once"))
    report = of(content)
    single, once, second_hand, unconfirmed = (thin.total for thin in report.thin)
    assert once.share == second_hand.share == unconfirmed.share == 1
    assert 0 < single.count == len(report.thinnest)
    assert "Look at these first" in render(report)
    edit("evidence/kept.yaml", every("kept", read="twice"))
    assert "Look at these first" not in render(of(content))


def test_a_review_is_counted(content: Path, edit: Edit) -> None:
    assert of(content).reviewed == 0
    edit(LIVER, lambda d: d.update(reviews=[{"date": "2026-11-24", "role": "Hepatologist", "organisation": "A ward"}]))
    assert of(content).reviewed == 1


def test_reading_grade_is_the_one_that_check_reports(content: Path, edit: Edit) -> None:
    hard = "Gastrointestinal manifestations necessitate immediate discontinuation."
    edit(LIVER, lambda d: d.update(more=[{**d["answer"][0], "says": hard}] * 12))
    (said,) = (match[1] for p in vet(content, today=TODAY) if (match := re.search(r"US grade ([\d.]+)", str(p))))
    report = of(content)
    assert f"{report.hardest[0].grade:.1f}" == said.rstrip(".")
    assert report.hardest[0].id == "liver-injury"
    assert "1 entry reads above grade 8." in render(report)


def test_columns_by_month_keep_what_is_past_and_what_is_far() -> None:
    days = [TODAY - timedelta(1), TODAY, date(2026, 12, 1), date(2027, 11, 30), date(2027, 12, 1), date(2040, 1, 1)]
    columns = by_month(days, TODAY)
    assert [(c.name, c.count) for c in columns if c.count] == [
        ("overdue", 1),
        ("Nov 2026", 1),
        ("Dec 2026", 1),
        ("Nov 2027", 1),
        ("later", 2),
    ]
    assert len(columns) == 15


def test_columns_by_step_and_by_year() -> None:
    assert [(c.start, c.count) for c in by_step([5.2, 5.49, 6.5], 0.5)] == [(5, 2), (5.5, 0), (6, 0), (6.5, 1)]
    assert by_step([5.2], 0.5, to=9)[-1].start == 8.5
    assert by_step([5.2], 0.5, to=1)[-1].start == 5
    assert by_step([], 1) == ()
    years = by_year([(1990, True), (2020, False), (2020, True), (2030, False)], TODAY)
    assert [(c.name, c.count, c.part) for c in years if c.count] == [
        ("before 2007", 1, 1),
        ("2020", 2, 1),
        ("2026", 1, 0),  # printed ahead of its time
    ]


class _Page(HTMLParser):
    """Notes what a page would ask for, and tags that are not closed."""

    VOID = frozenset({"meta", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.asked += [
            value or "" for name, value in attrs if name in ("src", "srcset", "data") or (tag, name) == ("link", "href")
        ]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_startendtag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(whole: Report) -> None:
    text = render(whole)
    page = _Page(text)
    assert page.open == []
    assert page.asked == ["data:,"]
    assert not page.tags & {"script", "iframe", "img", "object", "embed"}
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"@import|url\((?!#)", style)
    assert "25\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026" in text
    assert "not mean that a clinician reviewed" in text


def test_bars_stay_within_their_charts(whole: Report) -> None:
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%"', render(whole))]
    assert len(widths) > 100
    assert max(widths) <= 100


def test_content_is_escaped(content: Path, edit: Edit) -> None:
    edit(LIVER, lambda d: d.update(question="Can <script>alert(1)</script> & co. harm?"))
    text = render(of(content))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co." in text


def test_the_command_writes_the_page(content: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    out.write_text("old", "utf-8")
    ran = CliRunner().invoke(app, ["report", "--content", str(content), "--today", "2026-11-25", "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    assert out.read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["page.html"]


def test_the_command_says_where_it_cannot_write(content: Path, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere" / "page.html", tmp_path / ("x" * 300)):
        ran = CliRunner().invoke(app, ["report", "--content", str(content), "--out", str(place)])
        assert ran.exit_code == 2
        assert f"{place} cannot be written" in ran.output
        assert "--out" in ran.output


def test_the_command_reports_content_that_does_not_load(content: Path, tmp_path: Path) -> None:
    (content / LIVER).write_text("id: [", "utf-8")
    ran = CliRunner().invoke(app, ["report", "--content", str(content), "--out", str(tmp_path / "page.html")])
    assert ran.exit_code == 2
    assert LIVER in ran.output


def test_a_file_that_cannot_be_replaced_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "page.html"
    out.write_text("old", "utf-8")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(out, "new")
    assert out.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_link_is_followed_and_a_pipe_written_to(tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    link.symlink_to(real)
    write_whole(link, "page")
    assert link.is_symlink()
    assert real.read_text("utf-8") == "page"
    write_whole(Path("/dev/null"), "page")
    assert not Path("/dev/null").is_file()
