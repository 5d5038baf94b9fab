"""Settings: one YAML file, with overrides from the environment (`KRATOM_ANSWERS_TELEGRAM__TOKEN` and so on)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from answers.documents import ContentError, Document, Loc

PREFIX = "KRATOM_ANSWERS_"
DEFAULT_FILE = Path("config.yaml")
PLAINLY = {
    "country": "a two-letter code in capitals such as US, or INTL, is due",
    "telegram.api_url": "an address such as https://api.telegram.org is due",
}
"""What a setting is due to be, where its pattern would be hard to read."""
_SEE = "config.example.yaml shows every setting and its form."
_UNKNOWN = "there is no such setting"
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


class ConfigError(Exception):
    """The configuration cannot be used. The message says what is wrong, where, and how to mend it."""


def _as_token(given: SecretStr) -> SecretStr:
    token = given.get_secret_value().strip()
    if not token:
        raise ValueError("it is empty; put the token from @BotFather there, or take the setting away")
    if not _TOKEN.fullmatch(token):
        raise ValueError("this is no token; @BotFather gives one of digits, a colon, and letters, without spaces")
    return SecretStr(token)


Token = Annotated[SecretStr, AfterValidator(_as_token)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Telegram(_Section):
    """How to reach Telegram. The token comes from the environment or from `token_file`, and is never printed.

    `limits` says whether what the bot sends is kept within Telegram's limits.
    """

    token: Token | None = None
    token_file: Path | None = None
    api_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")] = "https://api.telegram.org"
    limits: bool = True

    @field_validator("token_file")
    @classmethod
    def _holds_a_token(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if file and info.data.get("token") is None:
            _read_token(file)
        return file

    @model_validator(mode="after")
    def _take_token_from_file(self) -> Self:
        if self.token is None and self.token_file:
            object.__setattr__(self, "token", _read_token(self.token_file))
        return self


def _read_token(file: Path) -> SecretStr:
    try:
        return _as_token(SecretStr(file.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        raise ValueError(f"the file {file} cannot be read (it is not text)") from None
    except OSError as error:
        raise ValueError(f"the file {file} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ValueError(f"in the file {file}: {error}") from None


def _as_address(given: SecretStr) -> SecretStr:
    address = given.get_secret_value().strip()
    scheme, _, rest = address.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1 and not rest.endswith(("/", ":memory:")):
        return SecretStr(address)
    if scheme == "postgresql" and "/" in rest.strip("/"):
        return SecretStr(address)
    # What was given is not repeated: it may hold a password.
    raise ValueError("sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE is due")


class Storage(_Section):
    """Where the bot keeps people's settings. The address may hold a password, so it is never printed."""

    url: Annotated[SecretStr, AfterValidator(_as_address)] = SecretStr("sqlite:///kratom-answers.db")


class Content(_Section):
    """Where the FAQ is. Nothing given: the one inside the package."""

    path: Path | None = None


class Log(_Section):
    """What is logged, to standard error. Never message texts, never names."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Config(BaseSettings):
    """Every setting. `country` is the two-letter code whose crisis lines are shown to someone who set none."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__")

    telegram: Telegram = Telegram()
    content: Content = Content()
    storage: Storage = Storage()
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|INTL)$")] = "US"
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic-settings calls it so
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  likewise
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before the file."""
        return env_settings, init_settings

    @classmethod
    def load(cls, file: Path | None = None) -> Config:
        """Read `file`; without one, `config.yaml` of this folder where it exists, else the defaults.

        Raises `ConfigError` naming the file and line, or the environment variable, of each setting that does not fit.
        """
        if file is None:
            file = DEFAULT_FILE if DEFAULT_FILE.exists() else None
        document = _read(file) if file else None
        values: Any = {} if document is None or document.data is None else document.data
        if not isinstance(values, dict):
            raise ConfigError(
                f"{file}:1: Settings are due here, as 'name: value'. config.example.yaml shows all of them."
            )
        problems = [f"The environment ({name}): {_UNKNOWN}. {_SEE}" for name in os.environ if cls._is_unknown(name)]
        try:
            settings = cls(**{str(name): value for name, value in values.items() if value is not None})
        except ValidationError as error:
            problems += [_problem(item, document) for item in error.errors()]
        except SettingsError as error:
            problems.append(f"The environment: {error}: a whole section in one variable must be JSON. {_SEE}")
        if problems:
            raise ConfigError("\n".join(problems))
        return settings

    @classmethod
    def _is_unknown(cls, variable: str) -> bool:
        prefix, _, rest = variable.upper().partition(PREFIX)
        return not prefix and bool(rest) and rest.split("__")[0].lower() not in cls.model_fields


def _read(file: Path) -> Document:
    try:
        return Document.read(file, shown=str(file))
    except ContentError as error:
        raise ConfigError(f"{error} config.example.yaml shows every setting.") from None


def _problem(error: Any, document: Document | None) -> str:
    loc = error["loc"]
    name = ".".join(map(str, loc))
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        what = _UNKNOWN
    elif error["type"] == "model_type":
        what = "settings are due under it, as 'name: value'"
    elif error["type"] == "string_pattern_mismatch":
        what = PLAINLY.get(name, what)
    return f"{_place(loc, document)}: {name}: {what}. {_SEE}"


def _place(loc: Loc, document: Document | None) -> str:
    """Where a setting stands: the environment wins over the file."""
    variable = f"{PREFIX}{'__'.join(map(str, loc))}".upper()
    found: Any = document.data if document else None
    for step in loc:
        found = {str(name): value for name, value in found.items()}.get(str(step)) if isinstance(found, dict) else None
    if document is None or found is None or variable in map(str.upper, os.environ):
        return f"The environment ({variable})"
    return f"{document.shown}:{document.line(loc)}"
