"""No token comes through in a log line, whoever logs it and in whatever part of the line it stands."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot import telemetry
from bot.config import Log

TOKEN = "8123456789:AAH-made_up_for_these_tests_0123456789"
SHORT = "424242:short"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getMe"


class Client:
    """An object that names the token when it is shown, as an HTTP client's request does."""

    def __repr__(self) -> str:
        return f"<Request GET {ADDRESS}>"


def fails() -> None:
    raise RuntimeError(f"cannot reach {ADDRESS}")


def stdlib_traceback() -> None:
    try:
        fails()
    except RuntimeError:
        logging.getLogger("somelib").exception("failed at %s", ADDRESS)


def structlog_traceback() -> None:
    try:
        fails()
    except RuntimeError:
        structlog.get_logger("bot").exception("failed", url=ADDRESS)


LEAKS: dict[str, Callable[[], object]] = {
    "text": lambda: logging.getLogger("somelib").error(ADDRESS),
    "argument": lambda: logging.getLogger("somelib").error("asks %s", ADDRESS),
    "object as argument": lambda: logging.getLogger("somelib").error("asks %r", Client()),
    "percent-encoded": lambda: logging.getLogger("somelib").error(ADDRESS.replace("t8123456789:", "t8123456789%3A")),
    "traceback": stdlib_traceback,
    "stack": lambda: logging.getLogger("somelib").error("here", stack_info=True, extra={"url": ADDRESS}),
    "bad format": lambda: logging.getLogger("somelib").error("%d seconds", TOKEN),
    "own text": lambda: structlog.get_logger("bot").error(ADDRESS),
    "own field": lambda: structlog.get_logger("bot").error("asks", url=ADDRESS),
    "own field, nested": lambda: structlog.get_logger("bot").error("asks", request={"urls": [ADDRESS]}),
    "own field, object": lambda: structlog.get_logger("bot").error("asks", request=Client()),
    "own field, bytes": lambda: structlog.get_logger("bot").error("asks", body=ADDRESS.encode()),
    "own argument": lambda: structlog.get_logger("bot").error("asks %s", ADDRESS),
    "own traceback": structlog_traceback,
    "bound": lambda: structlog.get_logger("bot").bind(token=TOKEN).error("asks"),
    "http library": lambda: logging.getLogger("httpx").error("HTTP Request: GET %s", ADDRESS),
    "telegram library": lambda: logging.getLogger("telegram.ext.Updater").error("at %s", ADDRESS),
    "event loop": lambda: logging.getLogger("asyncio").error("Task exception was never retrieved: %s", ADDRESS),
}


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    named = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram", "apscheduler")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raises
    for name, was in named.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()


@pytest.fixture(params=["console", "json"])
def form(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("leak", LEAKS)
def test_no_token_comes_through(leak: str, form: Any, capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(level="debug", format=form))
    LEAKS[leak]()
    out, err = capfd.readouterr()
    assert TOKEN not in out + err
    assert TOKEN.partition(":")[2] not in out + err
    if leak != "bad format":  # that line is left out as a whole
        assert err


@pytest.mark.parametrize("leak", ["text", "own field", "traceback"])
def test_the_rest_of_the_line_stays(leak: str, form: Any, capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(level="debug", format=form))
    LEAKS[leak]()
    assert f"https://api.telegram.org/bot{telemetry.REDACTED}/getMe" in capfd.readouterr().err


def test_a_configured_secret_of_any_length_is_taken_out(form: Any, capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(format=form), secret=SHORT)
    logging.getLogger("somelib").error("at /bot%s/getMe and %s", SHORT, ADDRESS)
    structlog.get_logger("bot").error("at", where=f"/bot{SHORT}/getMe")
    err = capfd.readouterr().err
    assert SHORT not in err
    assert TOKEN not in err
    assert err.count(telemetry.REDACTED) == 3


def test_without_a_secret_nothing_else_is_taken_out(form: Any, capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(format=form))
    logging.getLogger("somelib").error("took 12345 ms at 127.0.0.1:8080, id 500000001:7")
    assert "took 12345 ms at 127.0.0.1:8080, id 500000001:7" in capfd.readouterr().err


def test_json_lines_are_json_and_carry_level_time_logger_and_fields(capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(format="json"))
    structlog.get_logger("bot.app").warning("kräftig", entry="dose", number=3)
    logging.getLogger("somelib").info("plain")
    structlog_traceback()
    own, foreign, traceback = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert {"event": "kräftig", "level": "warning", "logger": "bot.app", "entry": "dose", "number": 3}.items() <= (
        own.items()
    )
    assert own["timestamp"].endswith("Z")
    assert {"event": "plain", "level": "info", "logger": "somelib"}.items() <= foreign.items()
    assert "RuntimeError: cannot reach" in traceback["exception"]


def test_the_level_is_obeyed(capfd: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(level="warning"))
    structlog.get_logger("bot").info("a detail")
    logging.getLogger("somelib").info("another detail")
    structlog.get_logger("bot").warning("a warning")
    err = capfd.readouterr().err
    assert "a warning" in err
    assert "detail" not in err


@pytest.mark.parametrize("name", ["httpx", "httpcore.connection", "telegram.ext.ExtBot", "telegram"])
def test_libraries_that_print_requests_are_quiet_even_when_debugging(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    telemetry.configure(Log(level="debug"))
    logging.getLogger(name).info("HTTP Request: text=is+kratom+bad+for+my+liver")
    logging.getLogger(name).debug("HTTP Request: text=is+kratom+bad+for+my+liver")
    assert not capfd.readouterr().err
