"""Report → what the terminal shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from answers.evaluation.report import Report
from answers.evaluation.slices import Confusion, Examples, Part
from answers.evaluation.statistics import Calibration
from answers.evaluation.tables import AXES, axes, by_axis, confusions, headline, pair

WIDTH = 40
"""Characters of the diagram's bars: confidence 0 to 1."""
MOST_CONFUSIONS, MOST_EXAMPLES = 20, 10
"""Rows that the terminal shows; the page and the JSON have all."""


def as_text(report: Report) -> RenderableType:
    """The figures beside the aims, then each group, the reliability diagram and what is worth reading."""
    parts = [("Questions", report.questions), ("Urgency", report.urgency), ("Conduct", report.conduct)]
    shown = [piece for title, part in parts if part for piece in _part(title, part)]
    return Group(_headline(report), *shown)


def _headline(report: Report) -> Table:
    table = _table("Figures beside their aims", ("figure", "measured", "95 % interval", "of", "aim", "reached"))
    for row in headline(report):
        table.add_row(*map(Text, row), style=None if row[-1] == "yes" else "bold")
    return table


def _part(title: str, part: Part) -> Iterator[RenderableType]:
    for axis in axes(part):
        head, rows = by_axis(part, axis)
        yield Text()
        table = _table(f"{title}. {AXES[axis]} (95 % interval in brackets)", head)
        for row in rows:
            table.add_row(*map(Text, row))
        yield table
    if part.calibration:
        yield from _diagram(part.calibration)
    for heading, held in confusions(part):
        yield from _confusions(heading, held)
    for one in part.examples:
        yield from _examples(one)


def _diagram(found: Calibration) -> Iterator[RenderableType]:
    yield Text(f"\nReliability: what was stated (│) and the share that was right (█), error {found.error:.3f}")
    yield Text("stated  right      of", style="dim")
    for one in found.bins:
        bar = list("█" * round(one.right * WIDTH) + "·" * (WIDTH - round(one.right * WIDTH)))
        bar[min(WIDTH - 1, int(one.stated * WIDTH))] = "│"
        yield Text(f"  {one.stated:.2f}   {one.right:.2f}  {one.of:>6,}  {''.join(bar)}")


def _confusions(title: str, found: Sequence[Confusion]) -> Iterator[RenderableType]:
    more = f" ({MOST_CONFUSIONS} of {len(found)})" if len(found) > MOST_CONFUSIONS else ""
    yield Text()
    table = _table(f"{title}{more}", ("asked", "taken for", "times", "as answer", "for example"))
    for one in found[:MOST_CONFUSIONS]:
        table.add_row(*map(Text, (*pair(one), f"{one.of}", f"{one.answered}", one.examples[0].text)))
    yield table


def _examples(found: Examples) -> Iterator[RenderableType]:
    yield Text(f"\n{found.says}: {len(found.examples)}", style="bold")
    for one in found.examples[:MOST_EXAMPLES]:
        yield Text(f"  {one.where}  [{one.said}]  {one.text}")
    if len(found.examples) > MOST_EXAMPLES:
        yield Text(f"  … and {len(found.examples) - MOST_EXAMPLES} more: --json and --html have all.", style="dim")


def _table(title: str, head: Sequence[str]) -> Table:
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in head:
        table.add_column(Text(name))
    return table
