"""Storing documents that were made while reading.

Promises: a document is stored under the writers' lock, and only if no entry since the snapshot that it was made from tells of
anything in it; so what is stored is right at that moment, and forgotten by whatever makes it wrong later. Where it cannot be
stored (the database takes no writes, too much was written meanwhile) it is made again for who asks next.

A server stores in a thread of its own, many documents at once: nobody waits for it, and a hundred in one transaction cost a third
of a hundred transactions. Whatever ends the process takes no more than documents that were not stored yet.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread

from django.conf import settings
from django.db import Error, connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.database.following import follow
from launchledger.documents.references import objects_changed_by
from launchledger.documents.renderer import Key
from launchledger.documents.rendering import RenderedDocument
from launchledger.journal.models import Entry
from launchledger.journal.reading import NOTHING, Newest, newest
from launchledger.journal.writing import write_if_free, writing

MOST_ENTRIES = 500  # that are looked through to find out whether a document is still right
BATCH = 100  # documents in one transaction, which no writer waits for long
PERIOD = 0.05  # seconds in which documents gather
MOST_BYTES = 4 * 1024 * 1024  # of documents that wait; those beyond are not stored

_INSERT = """
    INSERT INTO "serving_document" ("shape", "key", "body", "digest") VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING "id"
"""
_INSERT_USES = 'INSERT INTO "serving_use" ("thing", "document")'


@dataclass(slots=True)
class Rendered:
    """Documents that were made while reading and are worth storing, as of this entry: by the label of their shape and by key."""

    newest: Newest = NOTHING
    built: dict[tuple[str, Key], RenderedDocument] = field(default_factory=dict)


def store(fresh: Rendered) -> int:
    """Store what was made, unless somebody writes just now; tells how many documents were stored.

    Once a `StoreThread` was set to work, it is handed over to that, and nothing is told.
    """
    if not fresh.built or settings.READ_ONLY:
        return 0
    if _keeper is not None:
        _keeper.take(fresh)
        return 0
    return write_if_free(lambda: _store([fresh]))


def _store(some: Sequence[Rendered]) -> int:
    """Store those that are still right. Call it under the writers' lock."""
    now = newest()
    changed = {since: _changed_since(since, now) for since in {fresh.newest for fresh in some}}
    right: dict[tuple[str, Key], RenderedDocument] = {}
    for fresh in some:
        wrong = changed[fresh.newest]
        if wrong is not None:
            right.update((name, built) for name, built in fresh.built.items() if built.things.isdisjoint(wrong))
    return _insert(right)


def _changed_since(since: Newest, now: Newest) -> set[int] | None:
    """The numbers of what replies show otherwise since then; None where that cannot be told, or only at length.

    The entry of then must still be there with its time: otherwise the catalogue was replaced by another one meanwhile.
    """
    if since == now:
        return set()
    if not 0 < now.serial - since.serial <= MOST_ENTRIES or not (since.serial == 0 or _is_there(since)):
        return None
    return objects_changed_by(Entry.objects.filter(serial__gt=since.serial))


def _is_there(entry: Newest) -> bool:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "at" FROM "journal_entry" WHERE "serial" = %s', [entry.serial])
        return bool(cursor.fetchone() == (entry.at,))


def _insert(made: Mapping[tuple[str, Key], RenderedDocument]) -> int:
    database = dialect()
    uses: list[tuple[int, int]] = []
    stored = 0
    with connection.cursor() as cursor:
        for (shape, key), one in made.items():
            cursor.execute(_INSERT, [shape, str(key), *one.written])
            row = cursor.fetchone()
            if row:  # else somebody else has stored it since it was looked for
                uses += [(thing, row[0]) for thing in one.things]
                stored += 1
        if uses:
            uses.sort()  # as the index is: neighbours are written together
            cursor.execute(f"{_INSERT_USES} {database.pairs}", database.pair_parameters(uses))
    return stored


class StoreThread:
    """Stores what it is given in a thread of its own, which begins with the first document."""

    def __init__(self, period: float = PERIOD) -> None:
        """`period` is for how many seconds documents gather."""
        self._period = period
        self._waiting: list[Rendered] = []
        self._bytes = 0
        self._busy = False
        self._news = Condition()
        self._process = 0
        self._thread: Thread | None = None
        self._stopping = False

    def take(self, fresh: Rendered) -> None:
        """Store this soon, unless too much waits already."""
        size = sum(len(built.written.body) for built in fresh.built.values())
        with self._news:
            if self._bytes + size > MOST_BYTES:
                return
            self._waiting.append(fresh)
            self._bytes += size
            if self._process != os.getpid():  # a forked process has none of its parent's threads
                self._process = os.getpid()
                self._thread = Thread(target=self._run, name="keeper", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing waits any more; tells whether that came within so many seconds."""
        with self._news:
            return self._news.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def stop(self) -> None:
        """Store what waits, and end the thread and its connection. Nothing may be given afterwards."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while some := self._next():
            try:
                follow()
                with writing():
                    _store(some)
            except Error:  # documents are an optimisation: whoever needs the database reports that it is down
                connection.close()
        connection.close()

    def _next(self) -> list[Rendered]:
        """What has gathered, as soon as there is anything; nothing when the thread is to end."""
        with self._news:
            self._busy = False
            self._news.notify_all()
            self._news.wait_for(lambda: self._waiting or self._stopping)
            self._news.wait_for(lambda: self._counted() >= BATCH or self._stopping, self._period)
            some, self._waiting, self._bytes = self._waiting, [], 0
            self._busy = bool(some)
            return some

    def _counted(self) -> int:
        return sum(len(fresh.built) for fresh in self._waiting)


_keeper: StoreThread | None = None


def store_in_background() -> StoreThread:
    """From now on store in a thread, as a server does."""
    global _keeper
    _keeper = StoreThread()
    return _keeper
