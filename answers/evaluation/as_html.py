"""Report → one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from answers.evaluation.report import Report
from answers.evaluation.tables import AXES, axes, by_axis, confusions, headline, pair

SIDE = 300
"""The diagram's side in its own units; confidence and share 0 to 1 are 0 to this."""

_page = Environment(
    loader=PackageLoader("answers.evaluation", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("page.html.j2")


def as_html(report: Report) -> str:
    """The page: figures beside aims, groups, the reliability diagram as SVG, confusions and examples, all of them."""
    parts = [("Questions", report.questions), ("Urgency", report.urgency), ("Conduct", report.conduct)]
    return _page.render(
        report=report,
        headline=headline(report),
        parts=[
            {
                "title": title,
                "tables": [(AXES[axis], *by_axis(part, axis)) for axis in axes(part)],
                "calibration": part.calibration,
                "confusions": [(heading, [(*pair(one), one) for one in held]) for heading, held in confusions(part)],
                "examples": part.examples,
            }
            for title, part in parts
            if part
        ],
        side=SIDE,
    )
