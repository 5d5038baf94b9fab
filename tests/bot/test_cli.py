"""The `kratom-answers` command, as its users and their scripts meet it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from answers import Answerer, Library
from answers.matching.matcher import FILE as MATCHER_FILE
from answers.matching.matcher import stored
from answers.rendering import to_text
from bot.cli import app
from bot.config import PREFIX
from tests.end_to_end.bot_process import script

Edit = Callable[[str, Callable[[Any], None]], None]
QUESTIONS = (
    "does red bali help you sleep",
    "my friend took too much and wont wake up",
    "how many grams for sleep",
    "best pizza in town",
)
"""What must be answered, in this order, by an entry, a crisis card, a refusal, and an honest "I don't know"."""
VAGUE = ("kratom and my body", "does it show", "liver sleep heart", "is it ok with my meds", "red or green", "how long")
SECRET = "AAH-made_up_for_these_tests_0123456789"
LIVER = "entries/risks/liver-injury.yaml"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a click group
KINDS = {"crisis", "answer", "choose", "declined", "no_answer", "social"}
URGENCIES = {None, "suicide", "overdose", "medical", "child", "animal"}


def clean(folder: Path) -> dict[str, str]:
    """An environment that sets nothing, with an empty home."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    return kept | {"HOME": str(folder), "PYTHONUTF8": "1"}


def run(
    *arguments: str, given: str | bytes = b"", folder: Path, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The console script, in a folder and an environment that set nothing."""
    return subprocess.run(
        [script(), *arguments],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        check=False,
        timeout=60,
        cwd=folder,
        env=clean(folder) | environment,
    )


def started(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """The console script as `run` starts it, still running."""
    pipe = subprocess.PIPE
    return subprocess.Popen([script(), *arguments], stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder, env=clean(folder))


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command in this process, in an empty folder: for what ends before the FAQ is loaded."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def refused(result: Result) -> str:
    """What a command said that ended with status 2, in plain words, having printed and written nothing else."""
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not result.stdout
    assert "Traceback" not in result.stderr
    assert not [file for file in Path().rglob("*") if file.suffix in (".html", ".part", ".npz")]
    return result.stderr


def files(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture(scope="module")
def vague(answerer: Answerer) -> str:
    """A message that several entries may answer."""
    return next(text for text in VAGUE if answerer.reply(text).kind == "choose")


# Asking


def test_ask_prints_the_reply(tmp_path: Path, answerer: Answerer) -> None:
    result = run("ask", "is kratom bad for my liver", folder=tmp_path)
    assert result.returncode == 0
    assert not result.stderr
    assert result.stdout.decode() == f"{to_text(answerer.reply('is kratom bad for my liver'), answerer.library)}\n"
    assert not files(tmp_path)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, vague: str) -> list[dict[str, Any]]:
    """What `ask --jsonl` prints for the four questions, a vague one and a greeting."""
    given = "".join(json.dumps({"text": text}) + "\n" for text in (*QUESTIONS, vague, "hello"))
    result = run("ask", "--jsonl", given=given, folder=tmp_path_factory.mktemp("asked"))
    assert (result.returncode, result.stderr) == (0, b"")
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


def test_jsonl_keeps_the_order(asked: list[dict[str, Any]], vague: str) -> None:
    assert [one["text"] for one in asked] == [*QUESTIONS, vague, "hello"]
    assert [one["kind"] for one in asked] == ["answer", "crisis", "declined", "no_answer", "choose", "social"]
    assert [one["urgency"] for one in asked] == [None, "overdose", None, None, None, None]
    assert [one["entry"] for one in asked] == ["sedating-strains", None, "dose-for-sleep", None, None, None]


def test_json_has_exactly_the_fields_of_the_contract(asked: list[dict[str, Any]], library: Library) -> None:
    for one in asked:
        assert list(one) == ["text", "language", "kind", "urgency", "entry", "candidates", "citations", "reply"]
        assert re.fullmatch("[a-z]{2,3}", one["language"])
        assert one["kind"] in KINDS
        assert one["urgency"] in URGENCIES
        assert (one["urgency"] is not None) == (one["kind"] == "crisis")
        assert one["entry"] is None or one["entry"] in library.entries
        assert len(one["candidates"]) <= 5
        chances = [candidate["confidence"] for candidate in one["candidates"]]
        assert chances == sorted(chances, reverse=True)
        for candidate in one["candidates"]:
            assert list(candidate) == ["entry", "confidence"]
            assert candidate["entry"] in library.entries
            assert type(candidate["confidence"]) is float
            assert 0 <= candidate["confidence"] <= 1
        assert set(one["citations"]) <= set(library.sources)
        assert len(one["citations"]) == len(set(one["citations"]))
        assert bool(one["citations"]) == (one["kind"] in ("answer", "declined", "crisis"))
        assert type(one["reply"]) is str
        assert one["reply"].strip()


def test_ask_json_prints_the_same_object(tmp_path: Path, asked: list[dict[str, Any]]) -> None:
    result = run("ask", "--json", QUESTIONS[0], folder=tmp_path)
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 1
    assert json.loads(result.stdout) == asked[0]


def test_a_bad_line_gets_an_error_in_its_place_and_the_rest_go_on(tmp_path: Path) -> None:
    good = b'{"text": "hello"}'
    lines = [
        b'\xef\xbb\xbf{"text": "hello"}',  # with the mark that some editors put at the start of a file
        b"not json",
        good,
        b"",
        b"   ",
        b'{"txt": "hello"}',
        b'{"text": null}',
        b'{"text": ["hello"]}',
        b"[1, 2]",
        b'"hello"',
        b"null",
        b'{"text": 1e999}',
        b'{"text": "hello", "n": ' + b"9" * 5000 + b"}",
        b"[" * 20_000,
        b'{"text": "hello \xff\xfe"}',
        b'{"text": "hel',
        b"\x00\x01\x02\x03",
        good + b" " + good,
        b'{"text": "\\ud83d", "more": true}',
        b'{"text": ""}',
        b'{"text": "hello", "n": 1e999}\r',
        b'{"text": "hello"}',  # the last line, without an end
    ]
    bad = [*range(2, 3), *range(4, 19)]
    result = run("ask", "--jsonl", given=b"\n".join(lines), folder=tmp_path)
    assert result.returncode == 2
    printed = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert len(printed) == len(lines)
    assert [n for n, one in enumerate(printed, start=1) if list(one) == ["error"]] == bad
    assert printed[18]["text"] == "\ud83d"
    assert printed[19]["kind"] == "no_answer"
    assert all(one["kind"] == "social" for one in (printed[0], printed[2], printed[20], printed[21]))
    said = result.stderr.decode().splitlines()
    assert len(said) == len(bad)
    for number, message in zip(bad, said, strict=True):
        assert message.startswith(f"line {number}: ")
        assert printed[number - 1]["error"] == message
        assert '{"text": ' in message  # what a line should look like


def test_each_line_is_answered_as_it_comes(tmp_path: Path) -> None:
    with started("ask", "--jsonl", folder=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        for text in ("hello", "thanks"):
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_any_bytes_can_be_asked(tmp_path: Path) -> None:
    result = run("ask", "--json", os.fsdecode(b"\xff\xf0\x9f"), folder=tmp_path)
    assert result.returncode == 0
    assert json.loads(result.stdout)["kind"] == "no_answer"


def test_json_can_be_printed_in_any_encoding(tmp_path: Path) -> None:
    result = run("ask", "--json", "¿qué es? 🍃", folder=tmp_path, PYTHONIOENCODING="ascii:strict")
    assert result.returncode == 0
    assert json.loads(result.stdout.decode("ascii"))["text"] == "¿qué es? 🍃"


def test_a_country_chooses_the_lines(tmp_path: Path, library: Library) -> None:
    (number,) = {line.phone for line in library.lines_of("DE") if line.kind == "emergency"}
    for arguments, environment in ((["--country", "de"], {}), ([], {"KRATOM_ANSWERS_COUNTRY": "DE"})):
        result = run("ask", *arguments, QUESTIONS[1], folder=tmp_path, **environment)
        assert f"Call {number} now" in result.stdout.decode()


@pytest.mark.parametrize("arguments", [["--country", "XX", "hello"], ["--country", "Germany", "hello"]])
def test_an_unknown_country_names_the_known_ones(cli: Callable[..., Result], arguments: list[str]) -> None:
    said = refused(cli("ask", *arguments))
    assert said.startswith("--country: There are no crisis lines for")
    assert "AT, AU, BE" in said


def test_a_configured_country_without_lines_is_named(cli: Callable[..., Result]) -> None:
    Path("config.yaml").write_text("country: XX\n", "utf-8")
    assert refused(cli("ask", "hello")).startswith("The setting country: There are no crisis lines for 'XX'")


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "--json"], ["ask", "--jsonl", "hello"]])
def test_ask_wants_a_question_or_lines(cli: Callable[..., Result], arguments: list[str]) -> None:
    assert "Give a question, or --jsonl" in refused(cli(*arguments))


# Judging group messages

GROUP = {
    "take 5 grams on an empty stomach": "dose-advice",
    "where do you guys order your kratom from": "sourcing-request",
    "i want to kill myself tonight": "crisis",
    "day 2 off, my legs are killing me": "fine",
}


def test_conduct_judges_each_line_in_order(tmp_path: Path) -> None:
    hidden = {"text": "order here", "links": ["https://greenleaf-kratom.shop/sale"], "forwarded": True}
    lines = [json.dumps({"text": text}) for text in GROUP] + [json.dumps(hidden)]
    result = run("conduct", "--jsonl", given="\n".join(lines), folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["text"] for one in found] == [*GROUP, "order here"]
    assert [one["label"] for one in found] == [*GROUP.values(), "vendor-promotion"]
    for one in found:
        assert list(one) == ["text", "label", "confidence", "reasons", "entry"]
        assert 0 <= one["confidence"] <= 1
        assert one["reasons"]
    assert "names an amount to take: “5 grams”" in found[0]["reasons"]


def test_conduct_names_a_bad_line_and_goes_on(tmp_path: Path) -> None:
    bad = ('{"text": 5}', "nonsense", '{"text": "a", "links": "b"}', '{"text": "a", "forwarded": "yes"}')
    result = run("conduct", "--jsonl", given="\n".join((*bad, '{"text": "hello"}')), folder=tmp_path)
    assert result.returncode == 2
    *errors, last = map(json.loads, result.stdout.splitlines())
    assert [error["error"].partition(":")[0] for error in errors] == [f"line {n}" for n in range(1, 5)]
    assert last["label"] == "fine"


def test_conduct_wants_lines(cli: Callable[..., Result]) -> None:
    assert "--jsonl" in refused(cli("conduct"))


# Chatting


def transcript(answerer: Answerer, *lines: str) -> str:
    """What the terminal shows for these lines. "2 => ID" is a line 2 that opens that entry."""
    wording = answerer.library.wording["en"].console
    shown = [wording.hello]
    for line in lines:
        typed, _, entry = line.partition(" => ")
        reply = answerer.open(entry) if entry else answerer.reply(typed)
        shown += [f"> {typed}", to_text(reply, answerer.library)]
        shown += [wording.pick] if reply.offered else []
    return "".join(f"{part}\n\n" for part in shown)


@pytest.mark.parametrize(("between", "last"), [("\n", ""), ("\r\n", "\r\n"), ("\n\n  \n", "\n")])
def test_chat_answers_each_piped_line_in_order(tmp_path: Path, answerer: Answerer, between: str, last: str) -> None:
    lines = (*QUESTIONS, "[bold]:skull: héllo 🍃[/bold]")
    result = run("chat", given=between.join(lines) + last, folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode() == transcript(answerer, *lines)
    assert not files(tmp_path)


def test_chat_opens_what_is_picked_by_number(tmp_path: Path, answerer: Answerer, vague: str) -> None:
    offered = answerer.reply(vague).offered
    picks = (f"2 => {offered[1].id}", f"1 => {offered[0].id}")
    lines = ("2", vague, picks[0], "1", vague, "0", vague, "9", vague, picks[1], "thanks")
    result = run("chat", given="\n ".join(line.partition(" => ")[0] for line in lines), folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.decode() == transcript(answerer, *lines)


def test_chat_ends_at_once_without_input(tmp_path: Path, answerer: Answerer) -> None:
    result = run("chat", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode() == transcript(answerer)


@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict"])
def test_chat_goes_on_after_any_bytes(tmp_path: Path, encoding: str) -> None:
    given = b"\xff\xfe\x00 \xf0\x9f\x8d\nh\xc3\xa9llo \xf0\x9f\x8d\x83\n" + QUESTIONS[1].encode()
    result = run("chat", given=given, folder=tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (result.returncode, result.stderr) == (0, b"")
    assert "Call 911 now" in result.stdout.decode()


def test_chat_ends_quietly_when_nobody_reads_on(tmp_path: Path) -> None:
    with started("chat", folder=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.close()
        assert b"Traceback" not in process.stderr.read()


# Running


def test_run_without_a_token_says_how_to_get_one_and_how_to_try_without(tmp_path: Path) -> None:
    result = run("run", given="hello\n", folder=tmp_path)
    assert result.returncode == 2
    assert not result.stdout
    (said,) = result.stderr.decode().splitlines()
    for word in ("@BotFather", "KRATOM_ANSWERS_TELEGRAM__TOKEN", "telegram.token_file", "kratom-answers chat"):
        assert word in said


def test_run_or_chat_says_which_it_is_and_answers_the_four_questions(
    tmp_path: Path, answerer: Answerer, library: Library
) -> None:
    result = run("run", "--or-chat", given="".join(f"{text}\n" for text in QUESTIONS), folder=tmp_path)
    assert result.returncode == 0
    (said,) = result.stderr.decode().splitlines()
    for word in ("your terminal", "Telegram", "@BotFather", "KRATOM_ANSWERS_TELEGRAM__TOKEN"):
        assert word in said
    shown = result.stdout.decode()
    assert shown == transcript(answerer, *QUESTIONS)
    strains, overdose, dose, pizza = re.split(r"^> .*\n\n", shown, flags=re.MULTILINE)[1:]
    entry = library.entries["sedating-strains"]
    assert strains.startswith(entry.answer[0].says)
    assert "[1]" in strains.splitlines()[0]
    assert f"[1] {library.sources[entry.answer[0].cites[0].source].title}" in strains
    assert entry.see_a_clinician in strains.split("When to see a clinician")[1]
    steps = overdose.splitlines()
    assert "overdose" in steps[0]
    assert "Call 911" in steps[1]
    assert "naloxone" in steps[2]
    assert "can't give an amount" in dose
    assert "More about this" in dose
    assert not re.search(r"\b\d+([.,]\d+)?\s*(g|gr|gram|grams|mg)\b", dose)
    assert pizza.startswith("I don't have an answer to that.")


# Bad input: one clear message with place and remedy, status 2, nothing half-written


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (None, "bad.yaml: There is no such file."),
        ("telegram: {api_url: [\n", "bad.yaml:"),
        (b"\xff\xfe", "bad.yaml: It cannot be read"),
        ("- a list\n", "bad.yaml:1: Settings are due here"),
        ("country: US\ncuontry: DE\n", "bad.yaml:2: cuontry: there is no such setting"),
        ("log:\n  level: 3\n", "bad.yaml:2: log.level: "),
        ("1: 2\n", "bad.yaml:1: 1: there is no such setting"),
        ("telegram:\n  token_file: none\n", "bad.yaml:2: telegram.token_file: the file none cannot be read"),
        ("telegram:\n  token_file: empty\n", "bad.yaml:2: telegram.token_file: in the file empty: it is empty"),
    ],
)
@pytest.mark.parametrize("command", [["run"], ["run", "--or-chat"], ["chat"], ["ask", "hello"], ["check"]])
def test_a_config_that_cannot_be_used(
    cli: Callable[..., Result], command: list[str], config: str | bytes | None, says: str
) -> None:
    Path("empty").touch()
    if config is not None:
        Path("bad.yaml").write_bytes(config.encode() if isinstance(config, str) else config)
    said = refused(cli(*command, "--config", "bad.yaml"))
    assert said.startswith(says)
    assert "config.example.yaml" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM__TOKEN", ""),
        ("TELEGRAM__TOKEN", f"8123456789:{SECRET} oops"),
        ("TELEGRAM__TOKN", f"8123456789:{SECRET}"),
        ("TOKEN", f"8123456789:{SECRET}"),
        ("TELEGRAM", f'{{"token": "8123456789:{SECRET}"'),
        ("LOG__LEVEL", "loud"),
    ],
)
def test_an_environment_that_cannot_be_used(
    cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"KRATOM_ANSWERS_{name}", value)
    said = refused(cli("run", "--or-chat"))
    assert said.startswith("The environment")
    assert "config.example.yaml" in said
    assert SECRET not in said


def test_a_missing_content_folder(cli: Callable[..., Result]) -> None:
    Path("config.yaml").write_text("content: {path: nowhere}\n", "utf-8")
    for command in (["run"], ["chat"], ["ask", "hello"], ["check"], ["report"], ["fit"]):
        assert refused(cli(*command)) == "nowhere: There is no such content folder. Name one that exists.\n"
    for command in (["check"], ["report"], ["fit"]):
        assert refused(cli(*command, "--content", "none")).startswith("none: There is no such content folder.")


@pytest.fixture
def broken(content: Path, edit: Edit) -> Iterator[Path]:
    """A content folder with two problems, which no command may change."""
    edit(LIVER, lambda data: data["answer"][0].update(cites=["nobody-1999"]))
    edit("entries/declined/dose.yaml", lambda data: data.pop("question"))
    before = files(content)
    yield content
    assert files(content) == before


def test_malformed_content_is_refused_with_every_place(cli: Callable[..., Result], broken: Path) -> None:
    Path("config.yaml").write_text(f"content: {{path: '{broken}'}}\n", "utf-8")
    for command in (["run", "--or-chat"], ["chat"], ["ask", "hello"], ["ask", "--jsonl"], ["report"], ["fit"]):
        first, second = refused(cli(*command)).splitlines()
        assert re.match(r"entries/declined/dose.yaml:\d+: question: .*missing.* Add it", first)
        assert re.match(rf"{LIVER}:\d+: answer\[1\].cites\S*: There is no source 'nobody-1999'", second)


def test_check_prints_every_problem_with_its_place(cli: Callable[..., Result], broken: Path) -> None:
    result = cli("check", "--content", str(broken))
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["entries/declined/dose.yaml", LIVER]
    assert result.stderr == "2 problems found.\n"


def test_check_finds_nothing_in_good_content(cli: Callable[..., Result], content: Path) -> None:
    before = files(content)
    result = cli("check", "--content", str(content))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No problems found.\n")
    assert files(content) == before


def test_check_shows_what_will_be_due(cli: Callable[..., Result], content: Path, edit: Edit, library: Library) -> None:
    def keep_two(data: dict[str, Any]) -> None:
        for code in set(data) - {"US", "INTL"}:
            del data[code]

    edit("crisis_lines.yaml", keep_two)
    due = max(entry.recheck_by for entry in library.entries.values()) + timedelta(days=1)
    result = cli("check", "--content", str(content), "--today", due.isoformat())
    assert result.exit_code == 1
    assert re.search(rf"^{LIVER}:\d+: recheck_by", result.stdout, re.MULTILINE)
    assert cli("check", "--content", str(content), "--today", date.today().isoformat()).exit_code == 0  # noqa: DTZ011


@pytest.mark.parametrize("day", ["2026-02-30", "soon", ""])
def test_check_wants_a_day(cli: Callable[..., Result], day: str) -> None:
    assert "--today" in refused(cli("check", "--today", day))


def test_fit_keeps_a_matcher_that_is_used(cli: Callable[..., Result], content: Path) -> None:
    before = files(content)
    result = cli("fit", "--content", str(content))
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"Wrote {content / MATCHER_FILE}." in result.stderr
    after = files(content)
    assert {file for file in after if after[file] != before.get(file)} == {content / MATCHER_FILE}
    assert stored(Library.load(content)) is not None


def test_fit_says_where_it_cannot_write(
    cli: Callable[..., Result], content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = SimpleNamespace(to_bytes=lambda: b"weights")  # fitting takes seconds, and is not what this is about
    monkeypatch.setattr("answers.matching.fitting.fit", lambda *_, **__: fitted)
    (content / MATCHER_FILE).mkdir()
    before = files(content)
    said = refused(cli("fit", "--content", str(content)))
    assert f"{content / MATCHER_FILE} cannot be written" in said
    assert files(content) == before


# Help


def test_version(cli: Callable[..., Result]) -> None:
    result = cli("--version")
    assert (result.exit_code, result.output) == (0, f"{version('kratom-answers')}\n")


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_is_everywhere(cli: Callable[..., Result], command: list[str]) -> None:
    result = cli(*command, "--help")
    assert result.exit_code == 0
    assert " ".join(["Usage:", "kratom-answers", *command]) in result.stdout
    assert not result.stderr


def test_help_names_and_explains_every_command(cli: Callable[..., Result]) -> None:
    shown = cli("--help").stdout
    assert {"run", "chat", "ask", "conduct", "check", "fit", "evaluate", "report"} <= set(COMMANDS)
    for name, command in COMMANDS.items():
        assert re.search(rf"\b{name}\b", shown)
        assert command.help
        assert not [option.name for option in command.params if not getattr(option, "help", True)]


@pytest.mark.parametrize("arguments", [["asks"], ["ask", "--jsn", "hello"], ["--verson"], ["chat", "hello"], []])
def test_an_unknown_command_or_option_is_refused(cli: Callable[..., Result], arguments: list[str]) -> None:
    result = cli(*arguments)
    assert result.exit_code == 2
    assert "Usage: kratom-answers" in result.output
    assert all(word in result.output for word in arguments[:1] if word.startswith("--"))
    assert "Traceback" not in result.output
