"""Statements that bypass Django's cursor give the same results."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.queries.statements import rows_of, run

pytestmark = pytest.mark.django_db


def test_the_rows_are_the_same_whoever_asks() -> None:
    """Parameters, percent signs and texts with marks in them mean the same on both ways."""
    sql = "SELECT CAST(%s AS text), CAST(%s AS integer), '100 %%' WHERE 'a' <> %s"
    parameters = ["what? %s", 7, "b"]
    straight = rows_of(sql, parameters)
    with CaptureQueriesContext(connection) as queries:
        counted = rows_of(sql, parameters)
    assert straight == counted == [("what? %s", 7, "100 %")]
    assert len(queries) == 1


def test_errors_are_those_of_django() -> None:
    """Who catches Django's errors catches these; the transaction around goes on after a savepoint."""
    for ask in (lambda: rows_of("SELECT nothing_of_this_name"), lambda: run("NONSENSE")):
        with pytest.raises(DatabaseError), transaction.atomic():
            ask()
