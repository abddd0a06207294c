"""`launchledger check`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection

from launchledger.cli import launchledger

pytestmark = pytest.mark.django_db


def test_everything_is_in_order() -> None:
    """On a database with this version's tables there is nothing to say."""
    result = CliRunner().invoke(launchledger, ["check"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Everything is in order.\n", "")


def test_missing_tables_are_told() -> None:
    """Tables that are not there end in status 1 with what makes them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
    result = CliRunner().invoke(launchledger, ["check"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "launchledger: The database lacks this version's tables; launchledger serve and load make them.\n"
