"""The house as it is drawn: arrows between files point down, `answers` stands alone, files stay small."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 500
LAYERS = (
    {"models", "text"},  # `text` knows no content; vetting reads it too
    {"conduct_rules"},
    {"translating", "wording"},
    {"documents"},
    {"library"},
    {"vetting"},
    {"reading"},
    {"urgency"},
    {"matching"},
    {"conduct"},
    {"answering"},
    {"rendering"},
    {"exporting", "evaluation"},
    {"__init__"},
)
"""The parts of `answers`, lowest first. A part imports from itself and from parts of lower layers only."""
RANKS = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "h11", "http", "httpcore", "httpx", "imaplib", "poplib", "requests", "smtplib",
    "socket", "socketserver", "ssl", "telegram", "telnetlib", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
NOT_OF_ANSWERS = {"bot", "tests", "benchmarks", "typer", "structlog", "pydantic_settings", "click"}


def modules(package: str) -> dict[str, Path]:
    """Every module of a package by its dotted name; a package's own file by the package's name."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


ANSWERS, BOT = modules("answers"), modules("bot")


def imported(name: str, path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it; a module of its own package rather than a name in one."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            origin = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                module = f"{origin}.{alias.name}"
                yield module if module in known else origin


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def test_every_part_of_answers_has_its_place() -> None:
    assert {part(module) for module in ANSWERS} <= set(RANKS), "Give the new part its place in LAYERS."


@pytest.mark.parametrize("module", ANSWERS)
def test_arrows_point_down(module: str) -> None:
    own = part(module)
    for other in imported(module, ANSWERS[module], ANSWERS):
        if other.split(".")[0] == "answers" and part(other) != own:
            assert RANKS[part(other)] < RANKS[own], f"{module} imports {other}, which stands above or beside it."


@pytest.mark.parametrize("package", ["answers", "bot"])
def test_no_two_files_import_each_other(package: str) -> None:
    known = modules(package)
    graph = {name: set(imported(name, path, known)) & (known.keys() - {name}) for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"Files import each other: {' → '.join(error.args[1])}")


@pytest.mark.parametrize("module", ANSWERS)
def test_answers_knows_no_channel_and_no_network(module: str) -> None:
    for other in imported(module, ANSWERS[module], ANSWERS):
        top = other.split(".")[0]
        assert top not in NOT_OF_ANSWERS, f"{module} imports {other}."
        assert top not in NETWORK, f"{module} imports {other}."
        assert other not in {"urllib.request", "multiprocessing.connection"}, f"{module} imports {other}."


@pytest.mark.parametrize("module", ANSWERS)
def test_answers_needs_only_what_it_declares(module: str) -> None:
    declared = {"answers", "jinja2", "numpy", "phonenumbers", "pydantic", "pyphen", "rich", "snowballstemmer", "yaml"}
    tops = {other.split(".")[0] for other in imported(module, ANSWERS[module], ANSWERS)}
    assert tops <= declared | set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", [*ANSWERS, *BOT])
def test_every_module_says_what_it_is(module: str) -> None:
    tree = ast.parse((ANSWERS | BOT)[module].read_text("utf-8"))
    said = ast.get_docstring(tree)
    assert said, f"{module} has no docstring."
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{module}.{node.name} has no docstring."


@pytest.mark.parametrize(
    "path",
    [path for top in ("answers", "bot", "benchmarks") for path in sorted((ROOT / top).rglob("*.py"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_files_are_short(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines < MOST_LINES, f"It has {lines} lines; divide it by what its parts are about."


def test_content_holds_no_code() -> None:
    assert not list((ROOT / "answers/content").rglob("*.py"))
