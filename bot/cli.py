"""The `kratom-answers` command. Exit status: 0 success, 1 a check found problems, 2 wrong usage or configuration."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from answers import Answerer, ContentError, Library
from answers.exporting.files import write_whole
from answers.library import CONTENT, load_evidence
from answers.matching import fitting
from answers.matching.matcher import FILE as MATCHER_FILE
from answers.reading import Reader
from answers.rendering import to_text
from answers.vetting import vet
from bot import telemetry
from bot.config import Config, ConfigError
from bot.console import Chat
from bot.explaining import show
from bot.store import commands as db

app = typer.Typer(
    name="kratom-answers",
    help="Answers questions about kratom from a vetted FAQ, with citations and crisis lines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(db.app)
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="The settings (YAML). Default: config.yaml here, if there is one.")
]
Country = Annotated[
    str | None, typer.Option("--country", help="Two-letter code whose crisis lines are shown, or INTL.")
]


def main() -> None:
    """The console script."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # any bytes can be read, and any answer shown, whatever the terminal
    app()


@app.callback(invoke_without_command=True)
def _root(
    *, show_version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False
) -> None:
    if show_version:
        typer.echo(version("kratom-answers"))
        raise typer.Exit


@app.command()
def run(
    config: ConfigFile = None,
    *,
    or_chat: Annotated[bool, typer.Option("--or-chat", help="Chat in the terminal where no token is set.")] = False,
) -> None:
    """Start the Telegram bot."""
    with _clear_errors():
        settings = Config.load(config)
        answerer = _answerer(settings, None)
        if settings.telegram.token is None:
            if not or_chat:
                raise ConfigError(
                    "No Telegram token is set. Get one from @BotFather, then set KRATOM_ANSWERS_TELEGRAM__TOKEN or "
                    "telegram.token_file. To try the bot without one: kratom-answers chat"
                )
            typer.echo(answerer.library.wording["en"].console.no_token, err=True)
            Chat(answerer).run()
            return
        from bot.app import serve  # the other commands need no Telegram

        telemetry.configure(settings.log, secret=settings.telegram.token.get_secret_value())
        serve(settings, answerer)


@app.command()
def chat(config: ConfigFile = None, country: Country = None) -> None:
    """Chat with the same bot in this terminal: no token, no network."""
    with _clear_errors():
        Chat(_answerer(Config.load(config), country)).run()


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question. Leave it out with --jsonl.")] = None,
    config: ConfigFile = None,
    country: Country = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as one JSON object.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"text": …} from standard input; print a JSON line for each.')
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how the message is read and matched, too.")] = False,
) -> None:
    """Answer one question, or one a line."""
    with _clear_errors():
        if jsonl == (text is not None):
            raise ConfigError("Give a question, or --jsonl with lines on standard input; not both, not neither.")
        answerer = _answerer(Config.load(config), country)
        if jsonl:
            _each_line(lambda line: _as_json(_given(line)["text"], answerer))
        elif as_json:
            typer.echo(_dump(_as_json(text or "", answerer)))
        else:
            typer.echo(to_text(answerer.reply(text or ""), answerer.library))
        if explain and text:
            show(answerer.explain(text), answerer)


@app.command()
def conduct(
    config: ConfigFile = None,
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"text": …} from standard input; print a JSON line for each.')
    ] = False,
) -> None:
    """Say what each group message does: advertise, ask where to buy, tell an amount, and so on.

    A line may hold "links" (those that its text hides behind words) and "forwarded" (true or false), too.
    """
    with _clear_errors():
        if not jsonl:
            raise ConfigError("Give --jsonl, with lines on standard input.")
        answerer = _answerer(Config.load(config), None)
        _each_line(lambda line: _conduct_as_json(line, answerer))


@app.command()
def check(
    config: ConfigFile = None,
    content: Annotated[Path | None, typer.Option("--content", help="Another content folder.")] = None,
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="Show what will be due on this day.")
    ] = None,
    *,
    links: Annotated[
        bool,
        typer.Option("--links", help="Try every link that readers are given, too. Asks the network; takes minutes."),
    ] = False,
) -> None:
    """Vet the FAQ's content: print every problem with its file and line."""
    with _clear_errors():
        folder = content or Config.load(config).content.path or CONTENT
        if not folder.is_dir():
            raise ConfigError(f"{folder}: There is no such content folder. Name one that exists.")
        problems = vet(folder, today=today.date() if today else None)
    for problem in problems:
        typer.echo(problem)
    if problems:
        typer.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found.", err=True)
    else:
        typer.echo("No problems found.", err=True)
    all_well = not problems
    if links:
        from bot.links import NoNetworkError, check_links

        try:
            all_well = check_links(Library.load(folder), typer.echo)
        except ContentError:
            typer.echo("The links were not tried: the content does not load.", err=True)
        except NoNetworkError as error:
            _fail(str(error))
    if problems or not all_well:
        raise typer.Exit(1)


@app.command()
def report(
    config: ConfigFile = None,
    content: Annotated[Path | None, typer.Option("--content", help="Another content folder.")] = None,
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="The figures as they will be on this day.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Where to write the page.")] = Path("report.html"),
) -> None:
    """Write figures about the FAQ's content as one HTML page with charts."""
    from answers.exporting.files import write_whole
    from answers.exporting.report import render, summarise

    with _clear_errors():
        folder = content or Config.load(config).content.path or CONTENT
        day = today.date() if today else date.today()  # noqa: DTZ011  the curator's day, not an instant
        page = render(summarise(Library.load(folder), load_evidence(folder), day))
        try:
            write_whole(out, page)
        except OSError as error:
            raise ConfigError(
                f"{out} cannot be written: {error.strerror or error}. Name another place with --out."
            ) from None
    typer.echo(f"Wrote {out}.", err=True)


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Labelled messages, one JSON object a line.", metavar="FILE...")],
    config: ConfigFile = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as one HTML page, too.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
) -> None:
    """Measure over labelled messages: answered right, wrong, among the choices, refused; emergencies recognised."""
    from bot.evaluating import evaluate_files  # the other commands need no evaluation

    with _clear_errors():
        answerer = _answerer(Config.load(config), None)
        report = evaluate_files(files, answerer, out=sys.stdout, as_json=as_json, html=html)
    for problem in report.problems:
        typer.echo(problem, err=True)
    if report.problems:
        raise typer.Exit(2)


@app.command()
def fit(
    config: ConfigFile = None,
    content: Annotated[Path | None, typer.Option("--content", help="Another content folder.")] = None,
) -> None:
    """Fit the matcher on the content's phrasings and keep the result, so that the bot starts at once."""
    with _clear_errors():
        library = Library.load(content or Config.load(config).content.path or CONTENT)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Fitting", total=None)
        network = fitting.fit(
            library, Reader(library), progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    file = library.content / MATCHER_FILE
    try:
        write_whole(file, network.to_bytes())
    except OSError as error:
        _fail(f"{file} cannot be written: {error.strerror or error}. Copy the content to a folder of yours.")
    typer.echo(f"Wrote {file}.", err=True)


def _answerer(settings: Config, country: str | None) -> Answerer:
    library = Library.load(settings.content.path) if settings.content.path else Library.load()
    try:
        return Answerer(library, country=country or settings.country)
    except ValueError as error:
        raise ConfigError(f"{'--country' if country else 'The setting country'}: {error}") from None


def _as_json(text: str, answerer: Answerer) -> dict[str, Any]:
    reply = answerer.reply(text)
    return {
        "text": text,
        "language": reply.language,
        "kind": reply.kind,
        "urgency": reply.urgency.kind if reply.urgency else None,
        "entry": reply.entry.id if reply.entry else None,
        "candidates": [{"entry": one.entry, "confidence": round(one.confidence, 4)} for one in reply.candidates],
        "citations": list(reply.citations),
        "reply": to_text(reply, answerer.library),
    }


def _conduct_as_json(line: bytes, answerer: Answerer) -> dict[str, Any]:
    given = _given(line)
    links, forwarded = given.get("links", []), given.get("forwarded", False)
    if not isinstance(links, list) or not all(isinstance(link, str) for link in links):
        raise ValueError('"links" is no list of texts.')
    if not isinstance(forwarded, bool):
        raise ValueError('"forwarded" is neither true nor false.')  # noqa: TRY004  one kind of error for one kind of line
    found = answerer.conduct(given["text"], links=links, forwarded=forwarded)
    return {
        "text": given["text"],
        "label": found.label,
        "confidence": round(found.confidence, 4),
        "reasons": list(found.reasons),
        "entry": found.entry,
    }


def _each_line(answer: Callable[[bytes], dict[str, Any]]) -> None:
    """A JSON line out for each JSON line in, in order. A bad line gets an error in its place; the rest go on."""
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            result = answer(line)
        except ValueError as error:
            bad += 1
            message = f"line {number}: {error}"
            typer.echo(message, err=True)
            result = {"error": message}
        sys.stdout.write(f"{_dump(result)}\n")
        sys.stdout.flush()
    if bad:
        raise typer.Exit(2)


def _given(line: bytes) -> dict[str, Any]:
    expected = 'Each line must be a JSON object such as {"text": "is kratom bad for my liver"}.'
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is not JSON ({error}). {expected}") from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError(f"there is no text. {expected}")  # noqa: TRY004  one kind of error for one kind of line
    return given


def _dump(value: Any) -> str:
    # Lone surrogates (half an emoji) and what the output's encoding lacks cannot be written; JSON's own escape can.
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What a user can mend is said in plain words, without a traceback."""
    try:
        yield
    except (ConfigError, ContentError) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
