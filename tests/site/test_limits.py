"""No statement of a request exceeds the timeout, on either way and either database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection, transaction
from pytest_django.fixtures import Settings

from launchledger.catalogue.queries import limits
from launchledger.catalogue.queries.limits import limited, was_stopped
from launchledger.catalogue.queries.statements import rows_of
from launchledger.site.edge import compose
from launchledger.site.failures import Guarded
from tests.support.calls import within_the_test
from tests.support.wsgi import Answer, ask

pytestmark = pytest.mark.django_db

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT max(i) FROM n"
LONG, SHORT = ENDLESS.format(200_000_000), ENDLESS.format(50_000)  # the first would take minutes
PAD = "/2.2.0/pad/"


@pytest.fixture(autouse=True)
def _a_twentieth_of_a_second(settings: Settings) -> Iterator[None]:
    settings.STATEMENT_TIMEOUT = 0.05
    with within_the_test():
        yield


def _ask_at_length(*_: Any, **__: Any) -> Any:
    with transaction.atomic():  # of which PostgreSQL undoes what was stopped
        rows_of(LONG)


def _ask_at_length_through_django(*_: Any, **__: Any) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LONG)
        cursor.fetchall()


def _assert_stopped(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.body.startswith(b'{"detail":"This request takes too long and was stopped. Ask for less: ')
    assert answer.headers["retry-after"] == "60"
    assert (answer.headers["access-control-allow-origin"], answer.headers["content-type"]) == ("*", "application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_fast_path_is_limited(caplog: pytest.LogCaptureFixture) -> None:
    """A request that is stopped there is not run again by Django; the log has a line without a traceback."""
    asked = []

    def django(*_: Any) -> Any:
        asked.append(True)

    _assert_stopped(ask(Guarded(compose(django, fast_path=_ask_at_length)), PAD))
    assert not asked
    assert [record.exc_info for record in caplog.records if record.name == "launchledger.failures"] == [None]
    assert ask(Guarded(compose(WSGIHandler(), fast_path=None)), PAD).status == 200  # the connection is as good as before


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic x"}])
@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("launchledger.api.views.list_page", PAD),
        ("launchledger.api.views.object_detail", "/2.2.0/pad/1/"),
        ("launchledger.api.dashboard.dashboard_keys", "/2.2.0/dashboard/starship/"),
    ],
)
def test_djangos_way_is_limited(
    where: str, path: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Lists, details and the dashboard, with a key and without one."""
    served = Guarded(compose(WSGIHandler(), fast_path=None))
    assert ask(served, path, headers=headers).status in (200, 404)
    monkeypatch.setattr(where, _ask_at_length_through_django)
    _assert_stopped(ask(Guarded(compose(WSGIHandler(), fast_path=None)), path, headers=headers))
    assert all(record.exc_info is None for record in caplog.records)
    monkeypatch.undo()
    assert ask(served, path, headers=headers).status in (200, 404)


def test_other_work_has_no_limit(settings: Settings) -> None:
    """Commands and background work on a connection that a request had are not stopped; nor is anything, with 0."""
    with limited(1e-9 if connection.vendor == "sqlite" else 10):
        pass
    assert rows_of(SHORT) == [(50_000,)]
    with limited(0):
        assert rows_of(SHORT) == [(50_000,)]


def test_each_statement_has_its_time_for_itself() -> None:
    """The timeout is for each statement and not for a reply: on a slow machine all together may take longer."""
    with limited(0.2):
        for _ in range(30):
            assert rows_of(SHORT) == [(50_000,)]


def test_other_errors_do_not_count_as_stopped() -> None:
    """Other errors of a database are unexpected failures."""
    with pytest.raises(OperationalError) as stopped, limited(0.05):
        _ask_at_length()
    assert was_stopped(stopped.value)
    assert not was_stopped(OperationalError("interrupted"))
    assert not was_stopped(ValueError("interrupted"))


@pytest.mark.sqlite_only("SQLite's limit is checked while a statement runs; PostgreSQL counts from its begin")
def test_a_statement_of_django_has_its_own_time_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before it in the request does not count, nor what Python did in between."""
    now = [0.0]
    monkeypatch.setattr(limits, "thread_time", lambda: now[0])
    with limited(1.0), connection.cursor() as cursor:
        rows_of(SHORT)
        now[0] = 10.0
        cursor.execute(SHORT)
        assert cursor.fetchone() == (50_000,)
