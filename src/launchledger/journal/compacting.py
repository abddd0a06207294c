"""Compacting the journal: entries from before a time keep what is watched, and lose the rest.

Promises: every change of a watched column stays, with its serial, transaction, times, source and reason, and so do the creation,
deletion and revival of every object. Entries after the last compacted one stay as they are, the newest always, so that serials
and numbers of transactions go on growing. Up to which entry others may be missing is committed before the first of them goes:
whoever reads entries, and `complete_since` after them, knows whether some are missing. A compaction that is killed leaves that
true, and the next one completes it. Each batch is a transaction of its own, so that writers wait a little only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max, TextField
from django.db.models.functions import Cast, Length

from launchledger.journal.models import CHANGED_ALONE, Compaction, Entry
from launchledger.journal.reading import NOTHING, Newest, latest_serial
from launchledger.journal.writing import writing

BATCH = 2_000  # entries in one transaction
YOUNGEST = timedelta(days=1)  # an entry that is younger stays: caches, deliverers and followers read the last entries
OVERHEAD = 110  # bytes of an entry in a table and its indexes, apart from its texts: numbers, times, lengths, free space

_NEWEST = """
SELECT entry."serial", entry."at", compaction."serial", compaction."done"
FROM "journal_entry" AS entry LEFT JOIN "journal_compaction" AS compaction ON TRUE ORDER BY entry."serial" DESC LIMIT 1
"""

Watched = Mapping[str, Collection[str]]  # by kind, the columns by their names in entries
Row = tuple[int, str, str, str, str, dict[str, Any], int]


class Complete(NamedTuple):
    """Every entry after `serial` is there, as it was written; all that is missing was written at `at` or before.

    0 and None where nothing was compacted.
    """

    serial: int
    at: datetime | None


class Fate(StrEnum):
    """What becomes of an entry."""

    DROPPED = "dropped"
    SHORTENED = "shortened"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Span:
    """Entries to compact: those after the serial `after` and up to `until`, their number, and the newest time among them."""

    after: int
    until: int
    entries: int
    at: datetime | None


@dataclass(slots=True)
class Counts:
    """What becomes of some entries, by kind; and about how many bytes they have in the database, before and after."""

    entries: Counter[tuple[str, Fate]] = field(default_factory=Counter)
    before: int = 0
    after: int = 0

    def add(self, other: Counts) -> None:
        self.entries += other.entries
        self.before += other.before
        self.after += other.after


class AnotherJournal(Exception):
    """The journal is not the one whose compaction began: a backup was restored meanwhile. Nothing of it was changed."""


def complete_since() -> Complete:
    """From where on the journal is complete. Read it after the entries that it is about, or in one snapshot with them."""
    return Complete(*(Compaction.objects.values_list("serial", "at").first() or (0, None)))


def newest_and_compaction() -> tuple[Newest, object]:
    """The newest entry, and what changes when a compaction begins and when it ends, and at no other time. One query."""
    with connection.cursor() as cursor:  # every worker runs this ten times a second
        cursor.execute(_NEWEST)
        entry, at, *compaction = cursor.fetchone() or (*NOTHING, None, None)
        return Newest(entry, at), tuple(compaction)


def span_before(before: datetime, most: int | None = None) -> Span:
    """The entries that were written before a time, up to the first that was not, without the newest entry of all.

    At most up to the serial `most`, and without those that a compaction completed already. Reads the journal up to there.
    """
    later = Entry.objects.filter(at__gte=before).order_by("serial").values_list("serial", flat=True).first()
    until = (latest_serial() if later is None else later) - 1
    until = until if most is None else min(until, most)
    after = Compaction.objects.values_list("done", flat=True).first() or 0
    found = Entry.objects.filter(serial__gt=after, serial__lte=until).aggregate(entries=Count("serial"), at=Max("at"))
    return Span(after, until, found["entries"], found["at"])


def survey(span: Span, watched: Watched) -> Iterator[Counts]:
    """What compacting these entries would do, batch by batch. Writes nothing."""
    after = span.after
    while rows := _read(after, span.until):
        yield _judge(rows, watched)[0]
        after = rows[-1][0]


def compact(span: Span, watched: Watched) -> Generator[Counts, None, None]:
    """Compact these entries; yields after each batch what became of it. Raises AnotherJournal."""
    if span.at is None:
        return
    with writing():
        if latest_serial() <= span.until:
            raise AnotherJournal
        before = complete_since()
        mark = {"serial": max(before.serial, span.until), "at": max(before.at or span.at, span.at)}
        Compaction.objects.update_or_create(id=1, defaults=mark)
    after = span.after
    while True:
        with writing():
            _require_mark(span)
            rows = _read(after, span.until)
            if not rows:
                Compaction.objects.filter(done__lt=span.until).update(done=span.until)
                return
            counts, kept, dropped = _judge(rows, watched)
            _write(kept, dropped)
        yield counts
        after = rows[-1][0]


def _require_mark(span: Span) -> None:
    """Raise AnotherJournal where it is not recorded that entries of this span may be missing, as in a restored backup."""
    if complete_since().serial < span.until:
        raise AnotherJournal


def _read(after: int, until: int) -> Sequence[Row]:
    rows = Entry.objects.filter(serial__gt=after, serial__lte=until).order_by("serial")
    rows = rows.annotate(size=Length(Cast("changes", TextField())))
    return list(rows.values_list("serial", "source", "kind", "key", "action", "changes", "size")[:BATCH])


def _judge(rows: Sequence[Row], watched: Watched) -> tuple[Counts, list[tuple[int, Any]], list[int]]:
    """What becomes of these entries; the serials of those that are shortened, with what stays, and of those that go."""
    counts = Counts()
    shortened: list[tuple[int, Any]] = []
    dropped: list[int] = []
    for serial, source, kind, key, action, changes, size in rows:
        around = OVERHEAD + len(source) + len(action) + 2 * (len(kind) + len(key))  # kind and key are in an index as well
        counts.before += around + size
        kept = _kept(action, changes, watched.get(kind, ()))
        if kept is None:
            dropped.append(serial)
            fate = Fate.DROPPED
        elif len(kept) < len(changes):
            shortened.append((serial, kept))
            counts.after += around + len(json.dumps(kept))
            fate = Fate.SHORTENED
        else:
            counts.after += around + size
            fate = Fate.KEPT
        counts.entries[kind, fate] += 1
    return counts, shortened, dropped


def _kept(action: str, changes: Mapping[str, Any], watched: Collection[str]) -> dict[str, Any] | None:
    """What stays of the changes of an entry; None if the entry goes."""
    if action == Entry.Action.CHANGED and not any(column in watched for column in changes):
        return None
    return {column: change for column, change in changes.items() if column in watched or column in CHANGED_ALONE}


def _write(shortened: Sequence[tuple[int, Any]], dropped: Sequence[int]) -> None:
    if shortened:
        field: Any = Entry._meta.get_field("changes")
        values = [(field.get_db_prep_save(kept, connection), serial) for serial, kept in shortened]
        with connection.cursor() as cursor:
            cursor.executemany('UPDATE "journal_entry" SET "changes" = %s WHERE "serial" = %s', values)
    if dropped:
        Entry.objects.filter(serial__in=dropped).delete()
