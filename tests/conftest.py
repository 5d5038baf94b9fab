"""Fixtures shared by all tests: the real FAQ, loaded once, and a small copy of it that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

from answers import Answerer, Library
from answers.documents import Document
from answers.library import CONTENT, load_evidence
from answers.models import CrisisCard, Entry

settings.register_profile("project", deadline=None)  # a busy machine is no failure
settings.load_profile("project")

KEPT = ("liver-injury", "liver-warning-signs", "fda-approval", "dose", "about-this-bot")
"""The entries of the small content: of four sections, one urgent, one declined, one on law, one about the bot."""


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="session")
def answerer(library: Library) -> Answerer:
    return Answerer(library, country="US")


@pytest.fixture(scope="session")
def small_content(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    """A folder of five entries that passes every check. Tests use `content`, a copy of their own."""
    folder = tmp_path_factory.mktemp("content")
    for name in ("wording", "cards", "languages.yaml", "style.yaml", "crisis_lines.yaml", "terms.yaml"):
        path = CONTENT / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / name)
    for path in (*CONTENT.glob("urgency*"), CONTENT / "conduct"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    _edit(
        CONTENT / "conduct.yaml",
        lambda data: data.update(claims=[claim for claim in data["claims"] if claim["entry"] in KEPT]),
        folder / "conduct.yaml",
    )
    entries = [library.entries[id_] for id_ in KEPT]
    for entry in entries:
        _edit(
            CONTENT / f"entries/{entry.section}/{entry.id}.yaml",
            lambda data: data["related"].__setitem__(slice(None), [id_ for id_ in KEPT if id_ != data["id"]][:2]),
            folder / f"entries/{entry.section}/{entry.id}.yaml",
        )
        for translation in (CONTENT / f"entries/{entry.section}").glob(f"{entry.id}.??.yaml"):
            shutil.copy(translation, folder / f"entries/{entry.section}/{translation.name}")
    owners: list[Entry | CrisisCard] = [*entries, *library.cards.values()]
    claims = [claim for owner in owners for claim in owner.claims]
    needed = {name for claim in claims for name in claim.evidence}
    evidence = {name: record for name, record in load_evidence().items() if name in needed}
    sources = {cite.source for claim in claims for cite in claim.cites}
    sources |= {source for record in evidence.values() for source in record.sources}
    state = library.state_law.states[0]
    sources |= {cite.source for cite in state.cites}
    _edit(
        CONTENT / "state_law.yaml",
        lambda data: data["states"].__setitem__(
            slice(None), [row for row in data["states"] if row["code"] == state.code]
        ),
        folder / "state_law.yaml",
    )
    _edit(
        CONTENT / "sources.yaml",
        lambda data: data["references"].__setitem__(slice(None), [s for s in data["references"] if s["id"] in sources]),
        folder / "sources.yaml",
    )
    records = {"kept": [record.model_dump(mode="json", exclude_none=True) for record in evidence.values()]}
    (folder / "evidence").mkdir()
    (folder / "evidence/kept.yaml").write_text(yaml.safe_dump(records), "utf-8")
    ids = {
        section: [entry.id for entry in entries if entry.section == section] for section in {e.section for e in entries}
    }
    (folder / "ids.yaml").write_text(yaml.safe_dump(ids), "utf-8")
    wording = folder / "wording/en.yaml"
    _edit(wording, lambda data: data["telegram"].__setitem__("examples", ["liver-injury"]), wording)
    return folder


@pytest.fixture
def content(small_content: Path, tmp_path: Path) -> Path:
    """A copy of the small content that a test may break."""
    return Path(shutil.copytree(small_content, tmp_path / "content"))


@pytest.fixture
def edit(content: Path) -> Callable[[str, Callable[[Any], None]], None]:
    """Change the data of one file of `content` in place."""
    return lambda name, change: _edit(content / name, change, content / name)


def _edit(source: Path, change: Callable[[Any], None], target: Path) -> None:
    data = Document.read(source, shown=source.name).data
    change(data)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False), "utf-8")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  PyYAML calls it so
        return True
