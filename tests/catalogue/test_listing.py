"""Pages of keys, and their counts, which are asked for as seldom as can be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.queries import listing
from launchledger.catalogue.queries.listing import KEPT, Page, page_of
from tests.api.whole import take_in
from tests.bodies import agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def short_sighted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every list were long: no key is read beyond the page and the next."""
    monkeypatch.setattr(listing, "AHEAD", 0)


def _counts(ask: Callable[[], Any]) -> int:
    """How many times this counts rows."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    return sum("COUNT(" in query["sql"] for query in queries)


def _agencies(some: range) -> None:
    take_in("Agency", [agency(key) for key in some])


@pytest.mark.usefixtures("short_sighted")
@pytest.mark.parametrize(
    ("limit", "offset", "keys", "counted"),
    [
        (10, 0, [1, 2, 3, 4, 5], 0),
        (5, 0, [1, 2, 3, 4, 5], 0),
        (2, 3, [4, 5], 0),
        (2, 2, [3, 4], 1),
        (2, 5, [], 1),
        (2, 2**31, [], 1),
    ],
)
def test_a_page_that_reaches_the_end_tells_the_count(limit: int, offset: int, keys: list[int], counted: int) -> None:
    """Rows are counted only where the page ends before the list does, or begins behind it."""
    _agencies(range(1, 6))
    rows = Agency.objects.order_by("pk")
    assert page_of(rows, limit, offset) == Page(5, keys)
    _agencies(range(6, 7))  # another state of the catalogue, whose count nobody knows
    assert _counts(lambda: page_of(rows.exclude(pk=6), limit, offset)) == counted


@pytest.mark.usefixtures("short_sighted")
def test_a_count_is_asked_for_once_for_each_state_of_the_catalogue() -> None:
    """It is kept until anything is written; another list has another count."""
    _agencies(range(1, 6))
    rows = Agency.objects.order_by("pk")
    assert [_counts(partial(page_of, rows, 1, offset)) for offset in range(3)] == [1, 0, 0]
    assert page_of(rows.filter(pk__gt=1), 1, 0) == Page(4, [2])
    _agencies(range(6, 7))
    assert page_of(rows, 1, 0) == Page(6, [1])


def test_a_short_list_is_counted_by_its_keys() -> None:
    """The first page of a list that ends soon needs no other query."""
    _agencies(range(1, 6))
    assert page_of(Agency.objects.order_by("pk"), 2, 0) == Page(5, [1, 2])
    assert _counts(lambda: page_of(Agency.objects.filter(pk__gt=1).order_by("pk"), 2, 1)) == 0


@pytest.mark.usefixtures("short_sighted")
def test_no_more_than_some_counts_are_kept() -> None:
    """Who asks for ever new lists makes the oldest go."""
    _agencies(range(1, 4))
    for most in range(3, KEPT + 4):
        page_of(Agency.objects.filter(pk__lte=most).order_by("pk"), 1, 0)
    assert _counts(lambda: page_of(Agency.objects.filter(pk__lte=3).order_by("pk"), 1, 0)) == 1
    assert _counts(lambda: page_of(Agency.objects.filter(pk__lte=KEPT + 3).order_by("pk"), 1, 0)) == 0


def test_what_no_row_can_be_is_not_asked_for() -> None:
    """A list that is empty by its own words costs nothing."""
    with CaptureQueriesContext(connection) as queries:
        assert page_of(Agency.objects.none(), 10, 0) == Page(0, [])
    assert not queries
