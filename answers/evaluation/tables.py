"""A report's tables as rows of text: what the terminal and the page both show."""

from __future__ import annotations

from collections.abc import Sequence

from answers.evaluation.report import Report
from answers.evaluation.slices import Confusion, Part
from answers.evaluation.statistics import Figure

AXES = {"group": "By group", "language": "By language", "kind": "By kind of emergency", "label": "By label"}
NOTHING = "no entry"
FEW = 4
"""Slices that fit side by side, so that figures, of which there are more, can be the rows."""
BY_LANGUAGE = {
    *("right_first", "right_said", "answered_wrong", "choices", "refused_wrong"),
    *("recognised", "right_kind", "false_alarm"),
    *("right", "flagged"),
}
"""The figures of the tables by language, which have many rows; the JSON has all."""


def shown(value: float, unit: str) -> str:
    """A figure's value with its unit: shares as percent, times in ms, errors as they are."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.2f} ms" if unit == "ms" else f"{value:.3f}"


def interval(figure: Figure) -> str:
    """The 95 % interval of a share, in percent; empty for another unit."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{100 * figure.low:.1f} to {100 * figure.high:.1f}"


def headline(report: Report) -> list[tuple[str, ...]]:
    """Rows of: figure, measured, 95 % interval, messages, aim, reached."""
    return [
        (
            f"{one.says}: {figure.says}",
            shown(figure.value, figure.unit),
            interval(figure),
            f"{figure.of:,}",
            f"{'≥' if figure.aim.bound == 'at least' else '≤'} {shown(figure.aim.value, figure.unit)}",
            "yes" if figure.reached else "no",
        )
        for one, figure in report.headline()
        if figure.aim
    ]


def by_axis(part: Part, axis: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The head and the rows of one axis' table: a slice a row and a figure a column, or turned where slices are few."""
    held = [one for one in part.slices.values() if one.axis == axis]
    columns = {
        name: figure.says
        for one in held
        for name, figure in one.figures.items()
        if axis != "language" or name in BY_LANGUAGE
    }
    ordered = sorted(columns, key=lambda name: _order(part, name))
    rows = [
        (one.says, f"{one.of:,}", *(_cell(one.figures[name]) if name in one.figures else "" for name in ordered))
        for one in held
    ]
    head = ("", "messages", *(columns[name] for name in ordered))
    if len(rows) > FEW:
        return head, rows
    turned = list(zip(head, *rows, strict=True))
    return turned[0], turned[1:]


def pair(confusion: Confusion) -> tuple[str, str]:
    """What was asked and what was taken, in words where there was no entry."""
    return confusion.asked or NOTHING, confusion.taken or NOTHING


def confusions(part: Part) -> list[tuple[str, Sequence[Confusion]]]:
    """The confusions with a title: those between entries, then the entries given where none was due."""
    between = [one for one in part.confusions if one.asked]
    beside = [one for one in part.confusions if not one.asked]
    titled = [("What was taken for what", between), ("Answered where there was no answer", beside)]
    return [(title, held) for title, held in titled if held]


def axes(part: Part) -> Sequence[str]:
    """The axes that a part has slices of."""
    return [axis for axis in AXES if any(one.axis == axis for one in part.slices.values())]


def _order(part: Part, name: str) -> int:
    return max(list(one.figures).index(name) for one in part.slices.values() if name in one.figures)


def _cell(figure: Figure) -> str:
    return (
        f"{shown(figure.value, figure.unit)} ({interval(figure)})"
        if interval(figure)
        else shown(figure.value, figure.unit)
    )
