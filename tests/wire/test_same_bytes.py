"""Both databases give the same bytes, so that tests that only read replies need not run on both."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client

from launchledger.catalogue.actions import observe_starter
from launchledger.wire.v2_2_0 import WIRE
from tests.support.processes import environment

ROOT = Path(__file__).parents[2]
_ON_SQLITE = """
import json, django
from django.conf import settings
django.setup()
from django.apps import apps
from django.core.management import call_command
settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}  # tables as the models are, and nothing else
settings.ALLOWED_HOSTS = ["*"]
call_command("migrate", run_syncdb=True, verbosity=0)
from tests.wire.test_same_bytes import digests
print(json.dumps(digests()))
"""


def digests() -> dict[str, str]:
    """Digests of all replies of the starter catalogue at one time: every page of every mode, and details."""
    found = {}
    client = Client()

    def ask(address: str) -> dict[str, object]:
        reply = client.get(address)
        assert reply.status_code == 200, address
        found[address] = hashlib.sha256(reply.content).hexdigest()
        body: dict[str, object] = json.loads(reply.content)
        return body

    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        observe_starter()
        for path, resource in WIRE.resources.items():
            keys: list[object] = []
            for mode in resource.modes:
                address: object = f"/2.2.0/{path}/?mode={mode}&limit=100"
                while address:
                    page = ask(str(address).removeprefix("http://testserver"))
                    rows, address = page["results"], page["next"]
                    assert isinstance(rows, list)
                    keys += [row["id"] for row in rows]
            for key in dict.fromkeys(keys):
                ask(f"/2.2.0/{path}/{key}/")
    return found


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "sqlite", reason="compares another database with SQLite")
def test_every_reply_of_the_starter_is_that_of_sqlite() -> None:
    """`sqlite_only` relies on it: the replies of one database are those of the other."""
    words = [sys.executable, "-c", _ON_SQLITE]
    done = subprocess.run(words, env=environment("sqlite://:memory:"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    on_sqlite, here = json.loads(done.stdout), digests()
    assert [address for address in on_sqlite if here.get(address) != on_sqlite[address]] == []
    assert here == on_sqlite
    assert len(here) > 500
