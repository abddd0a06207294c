"""Databases of their own for tests that start, or kill, whole processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from django.db import connection

from tests.support.tables import on_server, sqlite_with_tables, tables_template
from tools.ports import free_port

_DIGEST = """
import django, hashlib, json, sys
django.setup()
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from launchledger.journal.models import Entry

digest = hashlib.sha256()
derived = ("BigAutoField", "BinaryField")  # numbers of rows, and sort keys that follow from names
models = [model for model in apps.get_app_config("catalogue").get_models() if model.__name__ != "Clock"]  # when, not what
for model in sorted(models, key=lambda model: model.__name__):
    columns = [field.attname for field in model._meta.concrete_fields if field.get_internal_type() not in derived]
    rows = sorted(json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True) for row in model._default_manager.values(*columns))
    digest.update(json.dumps([model.__name__, rows]).encode())
if sys.argv[1] == "journal":
    entries = Entry.objects.order_by("kind", "key", "serial").values_list("kind", "key", "action", "changes")
    digest.update(json.dumps(list(entries), sort_keys=True).encode())
print(digest.hexdigest())
"""


@contextmanager
def database_of_its_own(folder: Path) -> Iterator[str]:
    """The URL of a new database of the kind the tests run on, with empty tables, gone afterwards."""
    if connection.vendor == "sqlite":
        yield sqlite_with_tables(folder / f"own_{uuid4().hex}.sqlite3")
        return
    template = tables_template(os.environ["DATABASE_URL"].rpartition("/")[0])
    with _on_postgresql(f'TEMPLATE "{template}"') as url:
        yield url


@contextmanager
def database_without_tables(folder: Path) -> Iterator[str]:
    """The URL of a new database of the kind the tests run on, without any table, gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder}/new_{uuid4().hex}.sqlite3"
        return
    with _on_postgresql("") as url:
        yield url


@contextmanager
def _on_postgresql(options: str) -> Iterator[str]:
    server, name = os.environ["DATABASE_URL"].rpartition("/")[0], f"own_{uuid4().hex}"
    on_server(server, f'CREATE DATABASE "{name}" {options}')
    try:
        yield f"{server}/{name}"
    finally:
        on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "launchledger.conf.settings"}


def start(url: str, *words: str, output: IO[bytes] | int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """Start the command `launchledger` on this database."""
    command = [sys.executable, "-m", "launchledger", *words]
    return subprocess.Popen(command, env=environment(url), stdout=output, stderr=subprocess.STDOUT)


def run(url: str, *words: str) -> str:
    """Run the command `launchledger` on this database until it succeeds; returns what it printed."""
    with start(url, *words) as process:
        assert process.stdout is not None
        printed = process.stdout.read().decode()
    assert process.returncode == 0, printed
    return printed


def digest(url: str, *, journal: bool = True) -> str:
    """A digest of the catalogue and the journal without times of writing and ids that the database assigned."""
    return run_code(url, _DIGEST, "journal" if journal else "")


def run_code(url: str, code: str, *words: str, status: int = 0) -> str:
    """Run Python code on this database until it ends with this status; returns what it printed."""
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, env=environment(url), capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout.strip()


@dataclass(slots=True)
class Server:
    """A running `launchledger serve`: the beginning of its addresses, its first process, and in the end its output."""

    address: str
    process: subprocess.Popen[bytes]
    said: str = ""


@contextmanager
def serving(url: str, *words: str) -> Iterator[Server]:
    """A `launchledger serve` on this database, from its first answer until it has stopped."""
    port = free_port()
    # A file, because a pipe that nobody reads is full one day, and whoever writes to it waits.
    with TemporaryFile() as output, start(url, "serve", "--port", str(port), *words, output=output) as process:
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            _wait_until_open(process, port, output)
            yield server
        finally:
            process.terminate()
            process.wait()
            output.seek(0)
            server.said = output.read().decode()


@contextmanager
def served(url: str, *words: str) -> Iterator[str]:
    """The same by the beginning of its addresses alone."""
    with serving(url, *words) as server:
        yield server.address


def _wait_until_open(process: subprocess.Popen[bytes], port: int, output: IO[bytes]) -> None:
    """Connect to the port until it is open; fail if the server ends before it listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()
            return
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
                output.seek(0)
                raise AssertionError(output.read().decode()) from None
    raise AssertionError(f"nobody listens on port {port}")
