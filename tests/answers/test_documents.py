"""YAML by 1.2 rules, and problems that name file, line and field."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.documents import ContentError, Document, field_name


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "file.yaml"
    path.write_text(text, "utf-8")
    return Document.read(path, shown="file.yaml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("y", "y"),
        ("0157", "0157"),
        ("22:30", "22:30"),
        ("2026-11-22", "2026-11-22"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("1.5", 1.5),
        ("+18002221222", 18002221222),  # which a text field then refuses: a phone number is quoted
    ],
)
def test_scalars_follow_yaml_1_2(tmp_path: Path, written: str, meant: object) -> None:
    assert read(tmp_path, f"value: {written}\n").data == {"value": meant}


def test_keys_stay_text(tmp_path: Path) -> None:
    assert read(tmp_path, "NO: Norway\non: x\n").data == {"NO": "Norway", "on": "x"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\na: 2\n", 2, "stands twice"),
        ("a: [1, 2\nb: 3\n", 2, "not well-formed"),
        ("a: &x [1]\nb: *x\n", 2, "aliases"),
        ("a: b: c\n", 1, "not well-formed"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("file.yaml", line)
    assert says in str(problem)


def test_a_star_in_text_is_no_alias(tmp_path: Path) -> None:
    assert read(tmp_path, "a: 'the *big* question'\nb: rated 5 *stars\n").data["b"] == "rated 5 *stars"


def test_missing_and_undecodable_files_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such file"):
        Document.read(tmp_path / "none.yaml", shown="none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: caf\xe9\n")
    with pytest.raises(ContentError, match="UTF-8"):
        Document.read(tmp_path / "latin.yaml", shown="latin.yaml")


def test_line_of_a_nested_field(tmp_path: Path) -> None:
    document = read(
        tmp_path, "answer:\n  - says: one\n    cites: [a]\n  - says: two\n    cites:\n      - b\n      - c\n"
    )
    assert document.line(("answer", 1, "cites", 1)) == 7
    assert document.line(("answer", 1, "missing")) == 4
    assert field_name(("answer", 1, "cites", 1)) == "answer[2].cites[2]"


@given(st.text())
def test_any_text_is_read_or_refused_clearly(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, "utf-8", errors="replace")
    with suppress(ContentError):
        Document.read(path, shown="any.yaml")
