"""Pages of keys, and their counts, which are asked for as seldom as can be."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.queries import listing
from launchledger.catalogue.queries.bounded import BoundedCache
from launchledger.catalogue.queries.listing import ENTRY_OVERHEAD, Page, page_of
from launchledger.catalogue.queries.texts import containing, searches
from tests.support.bodies import agency
from tests.support.whole import take_in

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
        (2, 2**31, [], 0),
    ],
)
def test_a_page_that_reaches_the_end_tells_the_count(limit: int, offset: int, keys: list[int], counted: int) -> None:
    """Rows are counted only where the page ends before the list does, or begins behind it; a deep page reads all keys."""
    _agencies(range(1, 6))
    rows = Agency.objects.order_by("pk")
    assert page_of(rows, limit, offset) == Page(5, keys)
    _agencies(range(6, 7))  # another state of the catalogue, whose count nobody knows
    assert _counts(lambda: page_of(rows.exclude(pk=6), limit, offset)) == counted


@pytest.mark.usefixtures("short_sighted")
def test_a_count_is_asked_for_once_for_each_state_of_the_catalogue() -> None:
    """It is cached until anything is written; another list has another count."""
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
def test_what_is_known_of_lists_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks for ever new lists evicts the oldest; the length of a query does not change the size of its entry."""
    _agencies(range(1, 4))
    monkeypatch.setattr(listing, "_lists", BoundedCache(10 * ENTRY_OVERHEAD))
    for most in range(3, 20):
        page_of(Agency.objects.filter(pk__in=range(most)).exclude(name="x" * 4000).order_by("pk"), 1, 0)
        assert listing._lists.size <= 10 * ENTRY_OVERHEAD
    assert len(listing._lists) == 10
    asked = partial(Agency.objects.exclude(name="x" * 4000).filter, pk__in=range(19))
    assert _counts(lambda: page_of(asked().order_by("pk"), 1, 0)) == 1
    assert _counts(lambda: page_of(asked().order_by("pk"), 1, 1)) == 0


def test_what_is_counted_is_no_less_than_what_is_taken() -> None:
    """The bytes of cached lists, as Python itself measures them."""
    _agencies(range(1, 4))
    page_of(Agency.objects.filter(pk__lte=10).order_by("pk"), 1, 0)
    before = listing._lists.size
    gc.collect()
    tracemalloc.start()
    try:
        taken = tracemalloc.get_traced_memory()[0]
        for most in range(11, 1011):
            page_of(Agency.objects.filter(pk__lte=most).order_by("pk"), 1, 0)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - taken
    finally:
        tracemalloc.stop()
    assert taken <= listing._lists.size - before


@pytest.mark.usefixtures("short_sighted")
def test_a_search_is_run_once_for_its_pages_and_its_count() -> None:
    """To count what a search finds costs as much as to find it, and so does each of its pages."""
    _agencies(range(1, 6))
    with CaptureQueriesContext(connection) as queries:
        for offset in (0, 4, 9):
            found = containing(searches()["2.2.0/agencies"], Agency.objects.order_by("-pk"), ["sov"])
            assert page_of(found, 2, offset) == Page(5, [5, 4] if not offset else [1] if offset == 4 else [])
    searched = [query["sql"] for query in queries if "searchedtext" in query["sql"] and "catalogue_agency" in query["sql"]]
    assert (len(searched), sum("COUNT(" in sql for sql in searched)) == (1, 0)


def test_what_no_row_can_be_is_not_asked_for() -> None:
    """A list that is empty by its own words costs nothing."""
    with CaptureQueriesContext(connection) as queries:
        assert page_of(Agency.objects.none(), 10, 0) == Page(0, [])
    assert not queries


def _deep_queries(rows: QuerySet[Agency], offset: int) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        keys = page_of(rows, 2, offset).keys
    assert list(keys) == list(rows.values_list("pk", flat=True)[offset : offset + 2])
    return [query["sql"] for query in queries if "catalogue_agency" in query["sql"]]


@pytest.mark.usefixtures("short_sighted")
def test_deep_pages_are_cut_from_keys_that_were_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first deep page reads all keys, and those after it none, until anything is written."""
    monkeypatch.setattr(listing, "DEEP", 3)
    _agencies(range(1, 10))
    rows = Agency.objects.order_by("-pk")
    for number in (10, 11):
        assert [len(_deep_queries(rows, offset)) for offset in (3, 4, 7, 99)] == [1, 0, 0, 0]
        assert _deep_queries(rows, 1) == []
        _agencies(range(number, number + 1))


@pytest.mark.usefixtures("short_sighted")
def test_a_deep_page_is_sorted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks without a limit and counts what it read: SQLite finds the first rows of many in twice the time or more."""
    monkeypatch.setattr(listing, "DEEP", 3)
    _agencies(range(1, 10))
    (asked,) = _deep_queries(Agency.objects.order_by("description", "pk"), 3)
    assert "LIMIT" not in asked
    assert "COUNT(" not in asked


@pytest.mark.usefixtures("short_sighted")
def test_keys_that_take_too_much_memory_are_not_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a list is read for each of its deep pages, and nothing else is dropped for it."""
    monkeypatch.setattr(listing, "DEEP", 3)
    monkeypatch.setattr(listing, "_lists", BoundedCache(ENTRY_OVERHEAD + 100))
    _agencies(range(1, 10))
    assert [len(_deep_queries(Agency.objects.order_by("pk"), offset)) for offset in (3, 4, 5)] == [1, 1, 1]
