"""The revisions of the tables: which one a database has, which the program knows, and the way to a later one."""

from __future__ import annotations

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

VERSION_TABLE = "alembic_version"
MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = [MIGRATIONS / "versions"]
"""The folders of the steps."""


def revision(connection: Connection) -> str | None:
    """The revision that a database has; `None` where it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """The revisions that this program knows, the latest first."""
    return [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()]


def tables(connection: Connection) -> set[str]:
    """The names of the tables in a database, without Alembic's own."""
    return set(inspect(connection).get_table_names()) - {VERSION_TABLE}


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring a database forward to a revision, within the transaction that the connection is in."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", _option(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(_option, VERSIONS)))
    return config


def _option(path: Path) -> str:
    return str(path).replace("%", "%%")
