"""The journal: entries in order, in the transaction of their changes, and the newest serial."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.utils import timezone

from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.journal.writing import entries_written, write, writing


def entry(key: str) -> Entry:
    return Entry(
        at=timezone.now(), source="test", kind="Thing", key=key, action=Entry.Action.CREATED, changes={"name": [None, key]}
    )


@pytest.mark.django_db
def test_serials_follow_the_order_of_writing() -> None:
    """Entries get serials in the order given, and the newest is the catalogue's state."""
    assert latest_serial() == 0
    with writing():
        write([entry("1"), entry("2")])
    keys = list(Entry.objects.order_by("serial").values_list("key", flat=True))
    assert keys == ["1", "2"]
    assert latest_serial() == Entry.objects.get(key="2").serial


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_no_entries() -> None:
    """A transaction that fails takes its entries with it, and no later serial is smaller than one that was seen."""

    class Surprise(Exception):
        pass

    with writing():
        write([entry("kept")])
    seen = latest_serial()

    def write_and_fail() -> None:
        with writing():
            write([entry("lost")])
            raise Surprise

    with pytest.raises(Surprise):
        write_and_fail()
    assert latest_serial() == seen
    with writing():
        write([entry("next")])
    assert latest_serial() > seen
    assert list(Entry.objects.order_by("serial").values_list("key", flat=True)) == ["kept", "next"]


@pytest.mark.django_db(transaction=True)
def test_a_writer_holds_the_lock_until_its_end() -> None:
    """Inside `writing()` other writers are excluded; after it the lock is free."""
    with writing():
        assert connection.in_atomic_block
        assert _is_locked()
    assert not connection.in_atomic_block
    if connection.vendor == "postgresql":
        assert not _is_locked()


def _is_locked() -> bool:
    """On PostgreSQL, whether an advisory lock is held; on SQLite, whether the transaction began as a writer's."""
    if connection.vendor == "sqlite":
        return bool(connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE" and connection.in_atomic_block)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_writing_may_be_nested() -> None:
    """A writer may call another: they are one transaction, decided by the outer."""
    with transaction.atomic():
        with writing(), writing():
            write([entry("1")])
        transaction.set_rollback(True)
    assert latest_serial() == 0


@pytest.mark.django_db
def test_what_is_written_together_has_one_number() -> None:
    """Each outermost `writing()` is a transaction; the numbers of transactions grow."""
    with writing():
        write([entry("1")])
        with writing():
            write([entry("2")])
        write([entry("3")])
    with writing():
        write([entry("4")])
    assert list(Entry.objects.order_by("serial").values_list("key", "transaction")) == [("1", 1), ("2", 1), ("3", 1), ("4", 2)]


@pytest.mark.django_db
def test_a_transaction_without_entries_takes_no_number() -> None:
    """Nor does one that is taken back."""
    with writing():
        write([])
    with transaction.atomic():
        with writing():
            write([entry("1")])
        transaction.set_rollback(True)
    with writing():
        write([entry("2")])
    assert Entry.objects.get().transaction == 1


@pytest.mark.django_db
def test_receivers_get_the_entries_within_the_transaction() -> None:
    """They have their serials and their transaction's number, and an exception in a receiver rolls everything back."""
    heard: list[tuple[int, int, bool]] = []

    def hear(entries: list[Entry], **_: object) -> None:
        heard.extend((each.serial, each.transaction, connection.in_atomic_block) for each in entries)
        raise LookupError

    entries_written.connect(hear)
    try:
        with pytest.raises(LookupError), writing():
            write([entry("1")])
    finally:
        entries_written.disconnect(hear)
    ((serial, number, in_atomic_block),) = heard
    assert serial
    assert (number, in_atomic_block) == (1, True)
    assert not Entry.objects.exists()
