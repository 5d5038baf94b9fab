"""Loading gives one immutable Library, or one list of everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from answers import ContentError, Library
from answers.library import load_evidence

Edit = Callable[[str, Callable[[Any], None]], None]
LIVER = "entries/risks/liver-injury.yaml"


def problems(content: Path) -> str:
    with pytest.raises(ContentError) as caught:
        Library.load(content)
    return str(caught.value)


def test_the_faq_loads(library: Library) -> None:
    assert len(library.entries) >= 131
    assert library.entries["liver-injury"].section == "risks"
    assert library.lines_of("US")[0].phone == "911"
    assert library.lines_of("XX") == library.lines_of(None)
    assert set(library.sections) >= {"basics", "risks", "sleep", "declined"}


def test_it_cannot_be_changed(library: Library) -> None:
    with pytest.raises(TypeError):
        library.entries["new"] = library.entries["dose"]  # type: ignore[index]
    with pytest.raises(ValidationError):
        library.entries["dose"].question = "x"  # type: ignore[misc]


def test_small_content_loads(content: Path) -> None:
    assert len(Library.load(content).entries) == 5


def test_no_folder(tmp_path: Path) -> None:
    assert "no such content folder" in problems(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        (LIVER, lambda d: d.update(phrasing=d.pop("phrasings")), "'phrasing' is not a field"),
        (LIVER, lambda d: d.pop("see_a_clinician"), "'see_a_clinician' is missing"),
        (LIVER, lambda d: d["phrasings"].append(12), "Put the value in quotes"),
        (LIVER, lambda d: d["related"].append("no-such-entry"), "There is no entry 'no-such-entry'"),
        (LIVER, lambda d: d["answer"][0].update(cites=["nobody-1999"]), "There is no source 'nobody-1999'"),
        (LIVER, lambda d: d.update(id="liver"), "not the file's name"),
        (LIVER, lambda d: d.update(section="sleep"), "another section's folder"),
        (LIVER, lambda d: d.update(recheck_by="soon"), "recheck_by"),
        (LIVER, lambda d: d["answer"][0].update(strength="certain"), "'certain'"),
        ("crisis_lines.yaml", lambda d: d["US"][1].update(phone=988), "Put the value in quotes"),
        ("crisis_lines.yaml", lambda d: d["US"][1].update(id=d["US"][0]["id"]), "stands twice"),
        ("crisis_lines.yaml", lambda d: d.pop("INTL"), "INTL is missing"),
        ("sources.yaml", lambda d: d["references"].append(deepcopy(d["references"][0])), "stands twice"),
        ("wording/en.yaml", lambda d: d["labels"].pop("sources"), "'sources' is missing"),
    ],
)
def test_a_broken_file_is_refused_with_place_and_remedy(
    content: Path, edit: Edit, name: str, change: Callable[[Any], None], says: str
) -> None:
    edit(name, change)
    found = problems(content)
    assert says in found
    assert found.startswith(f"{name}:")


def test_every_problem_is_listed_at_once(content: Path, edit: Edit) -> None:
    edit(LIVER, lambda d: d["answer"][0].update(cites=["nobody-1999"]))
    edit("entries/declined/dose.yaml", lambda d: d.pop("question"))
    (content / "terms.yaml").write_text("kratom: {names: [", "utf-8")
    assert len(problems(content).splitlines()) == 3


def test_missing_files_are_named(content: Path) -> None:
    (content / "sources.yaml").unlink()
    (content / "wording/en.yaml").unlink()
    found = problems(content)
    assert "sources.yaml: There is no such file" in found
    assert "wording/en.yaml: The English wording is missing" in found


def test_evidence_ids_are_unique(content: Path, edit: Edit) -> None:
    edit("evidence/kept.yaml", lambda d: d["kept"].append(deepcopy(d["kept"][0])))
    with pytest.raises(ContentError, match="stand twice"):
        load_evidence(content)
