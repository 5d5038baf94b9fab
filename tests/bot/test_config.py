"""Settings: defaults, the file, the environment over it, clear messages, and a token that is never shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, SecretStr, ValidationError

from bot.config import PREFIX, Config, ConfigError

TOKEN = "8123456789:AAH-made_up_for_these_tests_0123456789"
SECRET = TOKEN.partition(":")[2]
EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, and an environment that sets nothing."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Any:
    def write(text: str | bytes, name: str = "config.yaml") -> Path:
        file = folder / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write


def refused(file: Path | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        Config.load(file)
    assert caught.value.__cause__ is None
    return str(caught.value)


def token_of(config: Config) -> str:
    assert config.telegram.token is not None
    return config.telegram.token.get_secret_value()


def test_everything_has_a_default() -> None:
    config = Config.load()
    assert config.telegram.token is None
    assert config.telegram.token_file is None
    assert config.telegram.api_url == "https://api.telegram.org"
    assert config.content.path is None
    assert config.country == "US"
    assert (config.log.level, config.log.format) == ("info", "console")


def test_settings_cannot_be_changed() -> None:
    config = Config.load()
    with pytest.raises(ValidationError):
        config.country = "DE"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        config.log.level = "debug"  # type: ignore[misc]


def test_config_yaml_of_this_folder_is_read(write: Any) -> None:
    write("country: DE\nlog: {level: debug}\n")
    config = Config.load()
    assert config.country == "DE"
    assert (config.log.level, config.log.format) == ("debug", "console")


def test_a_named_file_is_read_instead(write: Any) -> None:
    write("country: DE\n")
    assert Config.load(write("country: FR\n", "other.yaml")).country == "FR"


@pytest.mark.parametrize("text", ["", "# nothing\n", "telegram:\n", "telegram:\n  # token_file: x\nlog:\n", "{}", "~"])
def test_what_is_left_empty_keeps_its_default(write: Any, text: str) -> None:
    assert Config.load(write(text)) == Config.load()


def test_countries_stay_text(write: Any) -> None:
    assert Config.load(write("country: NO\n")).country == "NO"


def test_the_environment_wins_over_the_file(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("country: DE\nlog: {level: debug, format: json}\ntelegram: {api_url: 'http://one.example'}\n")
    monkeypatch.setenv("KRATOM_ANSWERS_COUNTRY", "FR")
    monkeypatch.setenv("KRATOM_ANSWERS_LOG__LEVEL", "error")
    monkeypatch.setenv("kratom_answers_telegram__token", TOKEN)
    config = Config.load()
    assert config.country == "FR"
    assert (config.log.level, config.log.format) == ("error", "json")
    assert config.telegram.api_url == "http://one.example"
    assert token_of(config) == TOKEN


@pytest.mark.parametrize("around", ["{}", "{}\n", "  {}\r\n"])
def test_white_space_around_a_token_does_no_harm(around: str, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = around.format(TOKEN)
    assert token_of(Config.load(write(f"telegram: {{token_file: '{write(given, 'token')}'}}"))) == TOKEN
    monkeypatch.setenv("KRATOM_ANSWERS_TELEGRAM__TOKEN", given)
    assert token_of(Config.load()) == TOKEN


def test_a_token_in_the_environment_wins_over_the_token_file(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRATOM_ANSWERS_TELEGRAM__TOKEN", TOKEN)
    for file in (write("1:other", "token"), "no-such-file"):
        assert token_of(Config.load(write(f"telegram: {{token_file: '{file}'}}"))) == TOKEN


@pytest.mark.parametrize("set_in", ["environment", "file"])
def test_the_token_is_never_shown(set_in: str, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if set_in == "environment":
        monkeypatch.setenv("KRATOM_ANSWERS_TELEGRAM__TOKEN", TOKEN)
    else:
        write(f"telegram: {{token_file: '{write(TOKEN, 'token')}'}}")
    config = Config.load()
    assert token_of(config) == TOKEN
    shown = (
        f"{config} {config!r} {config.telegram} {config.telegram!r} {config.model_dump()} {config.model_dump_json()}"
    )
    assert SECRET not in shown


@pytest.mark.parametrize(
    "variables",
    [
        {"TELEGRAM__TOKEN": f"{TOKEN} {TOKEN}"},
        {"TELEGRAM__TOKEN": f"Bearer {SECRET}"},
        {"TELEGRAM__TOKEN": TOKEN, "LOG__LEVEL": "loud"},
        {"TELEGRAM__TOKEN": TOKEN, "TELEGRAM__API_URL": "no address"},
        {"TELEGRAM__TOKEN": TOKEN, "TELEGRAM__TOKN": TOKEN},
        {"TELEGRAM": f'{{"token": "{TOKEN}"'},
        {"TELEGRAM": f'{{"token": ["{TOKEN}"]}}'},
        {"TOKEN": TOKEN},
    ],
)
def test_no_message_shows_the_token(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"KRATOM_ANSWERS_{name}", value)
    message = refused()
    assert SECRET not in message
    assert "environment" in message
    assert "config.example.yaml" in message


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("country: US\nlog:\n  level: loud\n", ":3: log.level: "),
        ("\n\ncountry: us\n", ":3: country: a two-letter code"),
        ("country: 49\n", ":1: country: "),
        ("country: [US]\n", ":1: country: "),
        ("telegram:\n  api_url: api.telegram.org\n", ":2: telegram.api_url: an address"),
        ("# a\ntelegram:\n  tokenfile: x\n", ":3: telegram.tokenfile: there is no such setting"),
        ("telegarm:\n  token_file: x\n", ":1: telegarm: there is no such setting"),
        ("country: DE\n1: 2\n", ":2: 1: there is no such setting"),
        ("telegram: yes please\n", ":1: telegram: settings are due under it"),
        ("log:\n- level\n", ":1: log: settings are due under it"),
        ("- country\n", ":1: Settings are due here"),
        ("just text", ":1: Settings are due here"),
        ("country: DE\ncountry: FR\n", ":2: "),
        ("telegram: {api_url: [\n", ": It is not well-formed YAML"),
        ("a: 1\n  b: 2\n", ":2: It is not well-formed YAML"),
        ("country: *alias\n", ":1: "),
        ("[" * 5000, ":1: It is not well-formed YAML"),
        (b"country: \xff\xfe\n", ": It cannot be read"),
        (b"country: \x00\n", ": It is not YAML"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(write: Any, text: str | bytes, starts: str) -> None:
    file = write(text)
    message = refused()
    assert starts in message
    assert message.startswith(file.name)
    assert message.count(file.name) == 1
    assert "config.example.yaml" in message


def test_every_problem_is_named_at_once(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRATOM_ANSWERS_CUONTRY", "US")
    write("country: 1\nlog:\n  level: loud\n  colour: red\n")
    places = [line.split(": ")[0] for line in refused().splitlines()]
    assert sorted(places) == sorted(
        ["The environment (KRATOM_ANSWERS_CUONTRY)", "config.yaml:1", "config.yaml:3", "config.yaml:4"]
    )


@pytest.mark.parametrize(
    ("name", "value"), [("LOG__LEVEL", "loud"), ("COUNTRY", "Germany"), ("LOG__COLOUR", "red"), ("CUONTRY", "US")]
)
def test_a_variable_that_does_not_fit_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"KRATOM_ANSWERS_{name}", value)
    assert refused().startswith(f"The environment (KRATOM_ANSWERS_{name}): ")


def test_a_variable_is_named_where_the_file_sets_the_same(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("log: {level: debug}\n")
    monkeypatch.setenv("KRATOM_ANSWERS_LOG__LEVEL", "loud")
    assert refused().startswith("The environment (KRATOM_ANSWERS_LOG__LEVEL): ")


def test_a_missing_file_is_named(folder: Path) -> None:
    assert refused(Path("none.yaml")).startswith("none.yaml: There is no such file.")
    assert "cannot be read" in refused(folder)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("the token", "this is no token"),
        (f"{TOKEN}\n{TOKEN}", "this is no token"),
        (f"TOKEN={TOKEN}", "this is no token"),
        (b"\xff\xfe", "it is not text"),
    ],
)
def test_a_token_file_that_cannot_be_used(write: Any, given: str | bytes | None, says: str) -> None:
    if given is not None:
        write(given, "token")
    write("country: US\ntelegram:\n  token_file: token\n")
    message = refused()
    assert message.startswith("config.yaml:3: telegram.token_file: ")
    assert says in message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("given", "says"), [("", "is empty"), ("  ", "is empty"), ("abc", "this is no token"), ("1:a b", "no token")]
)
def test_a_token_that_cannot_be_used(given: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRATOM_ANSWERS_TELEGRAM__TOKEN", given)
    message = refused()
    assert message.startswith("The environment (KRATOM_ANSWERS_TELEGRAM__TOKEN): ")
    assert says in message
    assert "@BotFather" in message


def settings(model: type[BaseModel], above: str = "") -> dict[str, Any]:
    """Every setting of a model with its default, by its dotted name; `telegram.token` is for the environment only."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            found |= settings(type(field.default), f"{above}{name}.")
        elif f"{above}{name}" != "telegram.token":
            hidden = isinstance(field.default, SecretStr)
            found[f"{above}{name}"] = field.default.get_secret_value() if hidden else field.default
    return found


def flat(data: dict[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def test_the_example_shows_every_setting_with_its_default() -> None:
    assert flat(yaml.safe_load(EXAMPLE.read_text("utf-8"))) == settings(Config)


def test_the_example_is_valid_and_changes_nothing() -> None:
    assert Config.load(EXAMPLE) == Config.load()


def test_the_example_explains_every_setting() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for setting in settings(Config):
        name = setting.rpartition(".")[2]
        number = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{name}:"))
        assert lines[number - 1].lstrip().startswith("#"), f"nothing explains {setting}"
    assert "KRATOM_ANSWERS_TELEGRAM__TOKEN" in EXAMPLE.read_text("utf-8")


def test_the_database_is_a_file_here_by_default() -> None:
    assert Config.load().storage.url.get_secret_value() == "sqlite:///kratom-answers.db"


@pytest.mark.parametrize(
    "address",
    ["sqlite:///bot.db", "sqlite:////var/lib/bot.db", "postgresql://a:b@h:5432/bot", "postgresql:///bot?host=/run"],
)
def test_addresses_of_databases(address: str, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Config.load(write(f"storage: {{url: '{address}'}}")).storage.url.get_secret_value() == address
    monkeypatch.setenv("KRATOM_ANSWERS_STORAGE__URL", f" {address}\n")
    assert Config.load().storage.url.get_secret_value() == address


@pytest.mark.parametrize(
    "address",
    ["", "bot.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:bot.db", "mysql://a:s3cret@h/bot",
     "postgres://a:s3cret@h/bot", "postgresql://a:s3cret@h", "postgresql+asyncpg://a:s3cret@h/bot"],
)  # fmt: skip
def test_other_addresses_are_refused_without_repeating_them(address: str, write: Any) -> None:
    said = refused(write(f"storage:\n  url: '{address}'\n"))
    assert "config.yaml:2: storage.url: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE is due" in said
    assert "s3cret" not in said


def test_the_password_of_a_database_is_never_shown(write: Any) -> None:
    config = Config.load(write("storage: {url: 'postgresql://a:s3cret@h/bot'}"))
    for shown in (str(config), repr(config), repr(config.storage), config.model_dump_json()):
        assert "s3cret" not in shown
