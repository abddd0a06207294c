"""What lets a test run on one database alone."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.support.second_database import NOWHERE


def test_a_test_that_asks_for_no_database_has_none() -> None:
    """Neither its connections nor what the programs that it starts are told: whatever it proves, it proves for both."""
    with pytest.raises(AssertionError, match="mark it django_db"):
        assert connection.vendor
    words = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip() == NOWHERE


@pytest.mark.django_db
def test_a_test_that_asks_for_one_has_one() -> None:
    """The database of this run, by its connections and by its URL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert os.environ["DATABASE_URL"] != NOWHERE


def test_every_mark_has_a_reason(request: pytest.FixtureRequest) -> None:
    """`sqlite_only` says why the second database would show nothing new."""
    marks = [mark for item in request.session.items for mark in item.iter_markers("sqlite_only")]
    assert all(mark.args and mark.args[0] for mark in marks)
