"""Pages of the journal's entries: each entry once, in commit order, by the names of the wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from launchledger.history import changes as module
from launchledger.history.changes import Change, Filters, Page, changes_after
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.journal.writing import write, writing

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def _write(*entries: dict[str, Any], at: datetime = BEGIN) -> list[int]:
    """Write entries of one transaction; returns their serials."""
    made = [
        Entry(
            **{"at": at, "source": "test", "kind": "Pad", "key": "1", "action": "changed", "changes": {"name": ["a", "b"]}} | each
        )
        for each in entries
    ]
    with writing():
        write(made)
    return [entry.serial for entry in made]


def _pages(filters: Filters, limit: int, after: int = 0) -> Iterator[Page]:
    while True:
        page = changes_after(after, filters, limit)
        yield page
        if page.after == page.newest:
            return
        after = page.after


def _serials(filters: Filters, limit: int = 3, after: int = 0) -> list[int]:
    return [entry.serial for page in _pages(filters, limit, after) for entry in page.entries]


def test_an_entry_has_the_names_of_the_wire() -> None:
    """The path of its resource and of the object, and columns by the keys that show them."""
    launch = {"kind": "Launch", "key": "x", "changes": {"vid_urls": [[], []], "configuration": [1, 2], "net": [None, "2026"]}}
    (serial,) = _write({**launch, "observed_at": BEGIN})
    (entry,) = changes_after(0).entries
    assert entry == Change(
        serial=serial,
        transaction=entry.transaction,
        at=BEGIN,
        observed_at=BEGIN,
        source="test",
        kind="Launch",
        resource="launch",
        id="x",
        path="launch/x/",
        action="changed",
        changes={"vidURLs": [[], []], "rocket.configuration": [1, 2], "net": [None, "2026"]},
    )


@pytest.mark.parametrize("kind", ["Mission", "Former"])
def test_what_no_resource_serves_has_no_path(kind: str) -> None:
    """A kind that is only nested in others, and one of a version that had more kinds."""
    _write({"kind": kind})
    (entry,) = changes_after(0).entries
    assert (entry.kind, entry.resource, entry.path) == (kind, "", "")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_give_each_entry_once_in_commit_order(limit: int) -> None:
    """Whatever the size of the pages; the last one ends at the newest entry."""
    serials = [serial for number in range(4) for serial in _write({"key": str(number)}, {"key": "99"})]
    assert _serials(Filters(), limit) == serials
    assert _serials(Filters(), limit, after=serials[2]) == serials[3:]


def test_after_the_newest_entry_there_is_nothing_until_the_next() -> None:
    """Whoever goes on from the last page gets what is committed later, and nothing twice."""
    assert changes_after(0) == Page([], 0, 0)
    (serial,) = _write({})
    assert changes_after(serial) == Page([], serial, serial)
    (later,) = _write({})
    assert [entry.serial for entry in changes_after(serial).entries] == [later]


@pytest.mark.parametrize(
    ("filters", "matching"),
    [
        (Filters(resource="pad"), [0, 1, 4]),
        (Filters(resource="pad", id="2"), [1]),
        (Filters(source="other"), [2]),
        (Filters(action="deleted"), [3]),
        (Filters(column="net"), [2]),
        (Filters(column="vidURLs"), [4]),
        (Filters(resource="launch", column="name"), []),
        (Filters(at_from=BEGIN + timedelta(hours=1)), [1, 2, 3, 4]),
        (Filters(at_before=BEGIN + timedelta(hours=2)), [0, 1]),
        (Filters(at_from=BEGIN + timedelta(hours=1), at_before=BEGIN + timedelta(hours=3)), [1, 2]),
    ],
)
@pytest.mark.parametrize("examined", [1, 2, 50_000])
def test_filters_are_joined_by_and(filters: Filters, matching: list[int], examined: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a page examines everything or stops before; one that stops says from where to go on."""
    monkeypatch.setattr(module, "EXAMINED", examined)
    written: list[dict[str, Any]] = [
        {},
        {"key": "2"},
        {"kind": "Launch", "source": "other", "changes": {"net": [1, 2]}},
        {"kind": "Launch"},
        {},
    ]
    written[3] |= {"action": "deleted", "changes": {"deleted_at": [None, "2026"]}}
    written[4] |= {"changes": {"vid_urls": [1, 2]}}
    serials = [_write(each, at=BEGIN + number * timedelta(hours=1))[0] for number, each in enumerate(written)]
    assert _serials(filters) == [serials[number] for number in matching]
    assert _serials(filters, limit=1) == [serials[number] for number in matching]


def test_a_page_that_finds_nothing_reads_no_more_than_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on after what it examined, over a gap in the serials too."""
    monkeypatch.setattr(module, "EXAMINED", 2)
    first = _write(*({"key": str(number)} for number in range(5)))[0]
    Entry.objects.filter(serial__in=[first, first + 1]).delete()
    page = changes_after(0, Filters(action="deleted"))
    assert (page.entries, page.after, page.newest) == ([], first + 3, first + 4)


def test_times_find_their_entries_although_a_clock_was_set_back_a_little() -> None:
    """Writers take the time before they wait for each other: an entry may be a little older than the one before it."""
    times = [BEGIN, BEGIN + timedelta(minutes=9), BEGIN + timedelta(minutes=1), BEGIN + timedelta(hours=1)]
    serials = [_write({}, at=at)[0] for at in times]
    assert _serials(Filters(at_from=BEGIN + timedelta(minutes=5))) == [serials[1], serials[3]]
    assert _serials(Filters(at_before=BEGIN + timedelta(minutes=5))) == [serials[0], serials[2]]


def test_a_page_takes_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The newest serial and the entries; a filter, also where the page begins to examine; a time, the halving of the journal."""
    for number in range(16):
        _write({}, at=BEGIN + timedelta(days=number))
    with django_assert_num_queries(2):
        changes_after(0)
    with django_assert_num_queries(2):
        changes_after(0, Filters(resource="pad", id="1"))
    with django_assert_num_queries(3):
        changes_after(0, Filters(resource="pad"))
    with CaptureQueriesContext(connection) as queries:
        changes_after(0, Filters(at_from=BEGIN + timedelta(days=8)))
    assert len(queries) <= 3 + latest_serial().bit_length()


@pytest.mark.parametrize("filters", [Filters(resource="rocket"), Filters(column="nat")])
def test_unknown_names_are_refused(filters: Filters) -> None:
    """A name that nothing has is a mistake, and not a filter that matches nothing."""
    with pytest.raises(LookupError):
        changes_after(latest_serial(), filters)
