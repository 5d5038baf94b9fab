"""Settings: one YAML file, with overrides from the environment (`KRATOM_ANSWERS_TELEGRAM__TOKEN` and so on)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from answers.documents import ContentError, Document

PREFIX = "KRATOM_ANSWERS_"
DEFAULT_FILE = Path("config.yaml")

Token = Annotated[SecretStr, Field(min_length=1)]


class ConfigError(Exception):
    """The configuration cannot be used. The message says what is wrong, where, and how to mend it."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Telegram(_Section):
    """How to reach Telegram. The token comes from the environment or from `token_file`, and is never printed."""

    token: Token | None = None
    token_file: Path | None = None
    api_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")] = "https://api.telegram.org"

    @model_validator(mode="after")
    def _read_token_file(self) -> Self:
        if self.token is None and self.token_file is not None:
            try:
                token = self.token_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"token_file: the file {self.token_file} cannot be read ({error})") from None
            if not token:
                raise ValueError(f"token_file: the file {self.token_file} is empty")
            object.__setattr__(self, "token", SecretStr(token))
        return self


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
        try:
            return cls(**values)
        except ValidationError as error:
            raise ConfigError("\n".join(_problem(item, document) for item in error.errors())) from None


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
        what = "there is no such setting"
    found: Any = document.data if document else None
    for step in loc:
        found = found.get(step, _ABSENT) if isinstance(found, dict) else _ABSENT
    if document and found is not _ABSENT:
        where = f"{document.shown}:{document.line(loc)}"
    else:
        where = f"The environment ({PREFIX}{'__'.join(map(str, loc)).upper()})"
    return f"{where}: {name}: {what}. config.example.yaml shows every setting and its form."


_ABSENT = object()
