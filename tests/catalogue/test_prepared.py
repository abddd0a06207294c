"""Queries that Django writes once: `catalogue.queries.prepared`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, QuerySet
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.models.astronauts import Astronaut
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.queries.prepared import prepared
from tests.support.bodies import launch
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db

NOW = datetime(1963, 1, 1, tzinfo=UTC)
COLUMNS = ("pk", "name", "net", "failreason", "webcast_live", "probability", "pad__location", "observations")


def _launches(location: Any, now: Any) -> QuerySet[Any]:
    rows = Launch.objects.filter(net__lte=now, pad__location=location)
    return rows.order_by("-net", "pk").values_list(*COLUMNS)[:3]


_prepared_launches = prepared("location", "now")(_launches)


@prepared("status")
def _counts(status: Any) -> QuerySet[Any]:
    return Launch.objects.filter(status=status).order_by().values_list("status").annotate(Count("pk"))


@prepared("key")
def _spans(key: Any) -> QuerySet[Any]:
    return Astronaut.objects.filter(pk=key).values_list(F("time_in_space"), "date_of_birth", "in_space")


def _take_in() -> None:
    years = range(1961, 1967)
    take_in("Launch", [launch(uuid(n), slug=f"l-{n}", net=f"{year}-02-01T00:00:00Z") for n, year in enumerate(years, 1)])


def test_the_rows_are_those_of_the_queryset() -> None:
    """Keys, times, booleans, JSON: as Django gives them, whichever database stores them."""
    _take_in()
    for now in (NOW, datetime(1965, 6, 1, tzinfo=UTC)):
        for location in (15, 16):
            assert _prepared_launches(location=location, now=now) == list(_launches(location, now))
    assert [row[2].year for row in _prepared_launches(location=15, now=NOW)] == [1962, 1961]


def test_numbers_are_counted_anew() -> None:
    """What is written between two runs is in the second."""
    _take_in()
    (row,) = _counts(status=3)
    assert row == (3, 6)
    take_in("Launch", [launch(uuid(9), slug="l-9")])
    assert _counts(status=3) == [(3, 7)]
    assert _counts(status=4) == []


def test_durations_and_dates_are_python_values() -> None:
    take_in("Astronaut", [{"id": 1, "time_in_space": "P1DT1H48M0S", "date_of_birth": "1934-03-09", "in_space": False}])
    rows = Astronaut.objects.filter(pk=1).values_list("time_in_space", "date_of_birth", "in_space")
    assert _spans(key=1) == list(rows)


def test_a_run_is_one_query() -> None:
    """It is counted as Django's own are."""
    _prepared_launches(location=15, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        _prepared_launches(location=15, now=NOW)
    assert len(queries) == 1


@pytest.mark.parametrize("values", [{}, {"location": 15}, {"location": 15, "now": NOW, "more": 1}])
def test_other_values_are_refused(values: dict[str, Any]) -> None:
    """A missing one would be found only by the database."""
    with pytest.raises(TypeError, match="location, now"):
        _prepared_launches(**values)
