"""Compacting the journal: what is watched stays, the rest of what is old goes, and nobody misses an entry unawares."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from launchledger.journal import compacting
from launchledger.journal.compacting import (
    AnotherJournal,
    Counts,
    Fate,
    Span,
    compact,
    complete_since,
    newest_and_compaction,
    span_before,
    survey,
)
from launchledger.journal.models import Compaction, Entry
from launchledger.journal.reading import latest_serial
from launchledger.journal.writing import write, writing

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = BEGIN + 100 * HOUR
WATCHED = {"Launch": {"net", "observed.net"}}
NET, NAME, REASON, GONE = ({"net": ["a", "b"]}, {"name": ["a", "b"]}, {"reason": [None, "so"]}, {"deleted_at": [None, "2026"]})


def _write(*changes: dict[str, Any], kind: str = "Launch", action: str = "changed", at: datetime = BEGIN) -> list[int]:
    """Write an entry of a transaction for each of these changes; returns their serials."""
    entries = [Entry(at=at, source="test", kind=kind, key="1", action=action, changes=each) for each in changes]
    with writing():
        write(entries)
    return [entry.serial for entry in entries]


def _compact(before: datetime = LATER, most: int | None = None) -> Counts:
    counts = Counts()
    for some in compact(span_before(before, most), WATCHED):
        counts.add(some)
    return counts


def _journal() -> dict[int, Any]:
    return dict(Entry.objects.order_by("serial").values_list("serial", "changes"))


@pytest.mark.parametrize(
    ("kind", "action", "changes", "kept"),
    [
        ("Launch", "changed", NET, NET),
        ("Launch", "changed", NET | NAME, NET),
        ("Launch", "changed", NAME, None),
        ("Launch", "changed", {}, None),
        ("Launch", "changed", {"observed.net": [1, 2], "observed.name": [1, 2]}, {"observed.net": [1, 2]}),
        ("Launch", "changed", NET | REASON, NET | REASON),
        ("Launch", "changed", NAME | REASON, None),
        ("Launch", "created", NET | NAME, NET),
        ("Launch", "created", NAME | REASON, REASON),
        ("Pad", "created", NAME, {}),
        ("Pad", "changed", NET, None),
        ("Pad", "deleted", GONE | REASON, GONE | REASON),
        ("Former", "revived", GONE, GONE),
    ],
)
def test_what_is_watched_stays(kind: str, action: str, changes: dict[str, Any], kept: dict[str, Any] | None) -> None:
    """With its reason, and that an object came, went or came back; an entry of other columns alone goes."""
    (serial,) = _write(changes, kind=kind, action=action)
    before = Entry.objects.filter(pk=serial).values().get()
    (newest,) = _write(NAME)
    counts = _compact()
    assert _journal() == ({} if kept is None else {serial: kept}) | {newest: NAME}
    fate = Fate.DROPPED if kept is None else Fate.KEPT if kept == changes else Fate.SHORTENED
    assert counts.entries == {(kind, fate): 1}
    if kept is not None:
        assert Entry.objects.filter(pk=serial).values().get() == before | {"changes": kept}


def test_what_is_not_older_stays_whole() -> None:
    """The first entry that was written at the time or later, and all after it, also if the clock was set back then."""
    old = [*_write(NAME, NAME), *_write(NET, at=BEGIN + HOUR)]
    rest = [*_write(NAME, at=BEGIN + 2 * HOUR), *_write(NAME, at=BEGIN)]
    _compact(BEGIN + 2 * HOUR)
    assert list(_journal()) == [old[2], *rest]
    assert complete_since() == (old[2], BEGIN + HOUR)


def test_the_newest_entry_stays_and_numbers_go_on() -> None:
    """However old it is: the journal never looks empty or older, and neither serials nor transactions are used twice."""
    *_, newest = _write(NAME, NAME)
    _compact()
    _compact()
    assert (latest_serial(), _journal()) == (newest, {newest: NAME})
    (next_,) = _write(NAME)
    assert next_ > newest
    assert list(Entry.objects.order_by("serial").values_list("transaction", flat=True)) == [1, 2]


def test_a_journal_without_old_entries_stays_as_it_is() -> None:
    """An empty one, one entry, only later entries, and one that may be compacted up to before its first entry only."""
    assert span_before(LATER).entries == 0
    _write(NAME)
    assert span_before(LATER).entries == 0
    first, _ = _write(NAME, NAME, at=LATER)
    assert span_before(BEGIN).entries == span_before(LATER, first - 2).entries == 0
    assert _compact(BEGIN).entries == {}
    assert complete_since() == (0, None)
    assert not Compaction.objects.exists()


def test_entries_after_a_serial_are_spared() -> None:
    """They are still needed by somebody, however old they are."""
    first, second, third, _ = _write(NAME, NAME, NAME, NAME)
    _compact(most=second)
    assert list(_journal()) == [third, third + 1]
    assert complete_since().serial == second
    assert first < second


def test_a_dry_run_counts_what_a_run_does_and_writes_nothing() -> None:
    """The entries by kind, and the bytes."""
    _write(NET | NAME, NAME, NET)
    _write(NAME, kind="Pad", action="created")
    _write(NAME)
    before, counts = _journal(), Counts()
    with CaptureQueriesContext(connection) as queries:
        for some in survey(span_before(LATER), WATCHED):
            counts.add(some)
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert (_journal(), complete_since()) == (before, (0, None))
    assert counts == _compact()
    assert counts.entries == {
        ("Launch", Fate.DROPPED): 1,
        ("Launch", Fate.KEPT): 1,
        ("Launch", Fate.SHORTENED): 1,
        ("Pad", Fate.SHORTENED): 1,
    }
    assert 0 < counts.after < counts.before


@pytest.mark.usefixtures("_small_batches")
def test_what_may_be_missing_is_marked_before_it_goes() -> None:
    """After each batch, and where it ends there: who reads entries and then the mark never misses one unawares."""
    serials = [*_write(*[NAME] * 6), *_write(NET)]
    _write(NAME)
    states = [newest_and_compaction()]
    run = compact(span_before(LATER), WATCHED)
    for batch in (1, 2):
        next(run)
        assert list(_journal())[:-1] == serials[2 * batch :]
        assert complete_since() == (serials[-1], BEGIN)
        states.append(newest_and_compaction())
    run.close()
    assert span_before(LATER).entries == 3  # of the next run, which goes on
    _compact()
    states.append(newest_and_compaction())
    assert list(_journal())[:-1] == serials[6:]
    assert states[0] != states[1] == states[2] != states[3]
    assert span_before(LATER).entries == 0


@pytest.mark.usefixtures("_small_batches")
def test_an_earlier_time_takes_no_mark_back() -> None:
    """After a compaction that was stopped, one for an earlier time leaves the rest to the next one."""
    serials = [*_write(*[NAME] * 4), *_write(*[NAME] * 4, at=BEGIN + HOUR)]
    _write(NAME)
    next(compact(span_before(LATER), WATCHED))
    _compact(BEGIN + HOUR)
    assert complete_since() == (serials[-1], BEGIN + HOUR)
    assert list(_journal())[:-1] == serials[4:]
    _compact()
    assert len(_journal()) == 1


@pytest.mark.usefixtures("_small_batches")
def test_a_restored_journal_is_left_alone() -> None:
    """Its serials are others' entries: a backup without the mark, or with fewer entries."""
    _write(*[NAME] * 6)
    run = compact(span_before(LATER), WATCHED)
    next(run)
    Compaction.objects.all().delete()
    left = _journal()
    with pytest.raises(AnotherJournal):
        next(run)
    with pytest.raises(AnotherJournal):
        next(compact(Span(0, latest_serial(), 1, BEGIN), WATCHED))
    assert _journal() == left
    assert not Compaction.objects.exists()


def test_a_batch_costs_few_queries() -> None:
    """The mark, the entries, and one statement each to shorten and to drop; each transaction has its savepoint in a test."""
    _write(*[NAME, NET | NAME] * 20)
    span = span_before(LATER)
    run = compact(span, WATCHED)
    with CaptureQueriesContext(connection) as queries:
        next(run)
    written = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"] and "advisory" not in each["sql"]]
    assert len(written) <= 8, written


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "BATCH", 2)
