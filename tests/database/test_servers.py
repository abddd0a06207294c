"""PostgreSQL's own commands for backups do what the documentation says of them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.support.processes import database_of_its_own, digest, run, start

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql" or not shutil.which("pg_restore"), reason="needs PostgreSQL's commands"),
]


def _printed(url: str, command: str, file: Path) -> list[str]:
    with start(url, command, str(file)) as process:
        printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 2
    return shlex.split(printed.partition("run: ")[2].partition(". See")[0])


def test_the_printed_commands_write_and_restore_a_backup(tmp_path: Path) -> None:
    """What was loaded after the dump is gone; everything else is as it was."""
    with database_of_its_own(tmp_path) as url:
        status = tmp_path / "status.json"
        status.write_text('{"id": 1, "name": "One", "abbrev": "O", "description": ""}')
        before = digest(url)
        subprocess.run(_printed(url, "backup", tmp_path / "dump"), env={**os.environ, "PGPASSWORD": "x"}, check=True)
        run(url, "load", "--as", "config/launchstatus", str(status))
        assert digest(url) != before
        subprocess.run(_printed(url, "restore", tmp_path / "dump"), check=True)
        assert digest(url) == before
