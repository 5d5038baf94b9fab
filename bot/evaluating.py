"""`kratom-answers evaluate`: labelled files in, the figures out as text, JSON and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console

from answers import Answerer
from answers.evaluation import Report, evaluate, read
from answers.evaluation.as_html import as_html
from answers.evaluation.as_text import as_text
from bot.config import ConfigError

WIDTH = 140
"""Characters a line where the output is no terminal."""


def evaluate_files(
    files: Sequence[Path], answerer: Answerer, *, out: TextIO, as_json: bool = False, html: Path | None = None
) -> Report:
    """Measure, print to `out`, and write the page to `html` where one is named. Raises `ConfigError`.

    Lines that cannot be read are in the report's `problems`; all the others are evaluated.
    """
    report = evaluate(answerer, *read(files, answerer.library))
    if as_json:
        out.write(f"{report.model_dump_json(indent=1)}\n")
    elif report.questions or report.urgency or report.conduct:
        console = Console(file=out, width=None if out.isatty() else WIDTH, highlight=False)
        console.print(as_text(report))
    if html:
        try:
            html.write_text(as_html(report), "utf-8")
        except OSError as error:
            raise ConfigError(f"{html} cannot be written ({error.strerror}). Name a file that can.") from None
    return report
