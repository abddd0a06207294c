"""Reading the last entries of the journal."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from launchledger.journal.models import Entry
from launchledger.journal.reading import Head, changes_of, latest
from launchledger.journal.writing import write, writing

pytestmark = pytest.mark.django_db


def _write(*keys: str) -> None:
    entries = [
        Entry(at=timezone.now(), source="test", kind="Pad", key=key, action=Entry.Action.CREATED, changes={"name": [None, key]})
        for key in keys
    ]
    with writing():
        write(entries)


def test_the_newest_entries_come_first_and_are_as_many_as_asked_for(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The heads of the newest entries, newest first, in one query."""
    _write("1", "2", "3")
    with django_assert_num_queries(1):
        heads = latest(2)
    assert [(head.kind, head.key, head.action, head.source) for head in heads] == [
        ("Pad", "3", "created", "test"),
        ("Pad", "2", "created", "test"),
    ]


def test_an_empty_journal_has_no_newest_entry() -> None:
    """Where nothing was written there is nothing to read."""
    assert latest(5) == []
    assert changes_of([]) == {}


def test_changes_are_read_for_the_entries_that_are_named(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """What entries changed comes by serial, in one query; a serial that is not there is left out."""
    _write("1", "2")
    newest, older = latest(2)
    with django_assert_num_queries(1):
        changes = changes_of([older.serial, newest.serial + 1])
    assert changes == {older.serial: {"name": [None, "1"]}}
    assert isinstance(newest, Head)
