"""A PostgreSQL of its own, for tests that stop it."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tools import throwaway_postgres as throwaway


class Postgres:
    """A server with its files in `folder`: stopped and started at will. `url` is that of its first database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._user = throwaway._unprivileged()
        self._binaries = throwaway._executable_by(self._user, throwaway._find_binaries("any"), folder)
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"postgres://launchledger@{quote(str(folder), safe='')}/postgres"
        users = ("--username=launchledger", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        assert self._run("initdb", "--pgdata", str(folder / "data"), *users).wait() == 0

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = (*throwaway.SPEED, f"unix_socket_directories={self._folder}")
        options = [word for setting in settings for word in ("-c", setting)]
        self._server = self._run("postgres", "-D", str(self._folder / "data"), *options)
        throwaway._await_ready(self._server, self._folder / "data" / "postmaster.pid", self._folder / "log")

    def stop(self) -> None:
        """Stop it without waiting for its clients."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(timeout=throwaway.PATIENCE)
            self._server = None

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        group, groups = (None, None) if self._user is None else (pwd.getpwuid(self._user).pw_gid, ())
        with (self._folder / "log").open("ab") as output:
            return subprocess.Popen(
                [self._binaries / program, *words],
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(self._folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self._user,
                group=group,
                extra_groups=groups,
            )


@contextmanager
def postgres_of_its_own() -> Iterator[Postgres]:
    """A PostgreSQL that runs, gone afterwards."""
    with throwaway._private_folder() as folder:
        server = Postgres(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
