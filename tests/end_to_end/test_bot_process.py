"""How the bot is started and stopped by the end-to-end tests, tried with scripts that stand for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from . import bot_process
from .bot_process import BotFailedError, BotProcess

if TYPE_CHECKING:
    from pathlib import Path

    from .telegram import Telegram

POLLS = """
import json, os, pathlib, signal, sys, urllib.request
config = pathlib.Path(sys.argv[3]).read_text()
assert sys.argv[1:3] == ["run", "--config"] and "country: DE" in config
url = config.split("api_url:")[1].split()[0] + "/bot" + os.environ["KRATOM_ANSWERS_TELEGRAM__TOKEN"]
def end(*_):
    print("ends", file=sys.stderr)
    sys.exit({status})
signal.signal(signal.SIGTERM, end)
offset = 0
while True:
    address = url + "/getUpdates?timeout=5&offset=" + str(offset)
    for update in json.load(urllib.request.urlopen(address))["result"]:
        offset = update["update_id"] + 1
        chat = update["message"]["chat"]["id"]
        urllib.request.urlopen(url + "/sendMessage?text=hello{more}&chat_id=" + str(chat)).read()
"""


def stand_for(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Take a folder and some Python; have it run in place of the console script."""
    file = folder / "script"
    file.write_text(f"#!{sys.executable}\n{code}")
    file.chmod(0o755)
    monkeypatch.setattr(bot_process, "script", lambda: str(file))


def polls(status: int = 0, more: str = "") -> str:
    """Give a bot that answers everything with hello and ends with this status."""
    return POLLS.replace("{status}", str(status)).replace("{more}", more)


async def test_a_bot_that_works(telegram: Telegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_for(monkeypatch, tmp_path, polls())
    bot = BotProcess(telegram, tmp_path, {"country": "DE"})
    await bot.start()
    alice = telegram.person()
    alice.starts()
    assert (await alice.reply()).text == "hello"
    await bot.restart()
    alice.says("again")
    assert (await alice.reply()).text == "hello"
    await bot.finish()
    assert bot.log.count("ends") == 2


async def test_a_bot_that_ends_badly(telegram: Telegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_for(monkeypatch, tmp_path, polls(status=3))
    bot = BotProcess(telegram, tmp_path, {"country": "DE"})
    await bot.start()
    with pytest.raises(BotFailedError, match=r"ended with status 3 after SIGTERM. It wrote:\nends"):
        await bot.finish()


async def test_a_bot_that_does_something_wrong(
    telegram: Telegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_for(monkeypatch, tmp_path, polls(more="&parsemode=HTML"))
    bot = BotProcess(telegram, tmp_path, {"country": "DE"})
    await bot.start()
    alice = telegram.person()
    alice.starts()
    await alice.reply()
    with pytest.raises(AssertionError, match="unknown parameter: sendMessage has no parameter 'parsemode'"):
        await bot.finish()


async def test_a_bot_that_does_not_start(telegram: Telegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_for(monkeypatch, tmp_path, "import sys; sys.exit('no token')")
    with pytest.raises(BotFailedError, match=r"does not poll \(exit status 1\). It wrote:\nno token"):
        await BotProcess(telegram, tmp_path).start()


def test_a_missing_script_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BotFailedError, match="there is no kratom-answers next to"):
        bot_process.script()
