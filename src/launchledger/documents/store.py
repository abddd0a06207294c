"""Storing documents that were rendered while reading.

Promises: a document is stored under the writers' lock, and only if no entry since its snapshot changed an object in it; so it is
right when it is stored, and the change that makes it wrong later deletes it. Where it cannot be stored (the database takes no
writes, too much was written meanwhile) the next request renders it again.

A server stores in a thread of its own, many documents at once: no request waits for it, and a hundred in one transaction cost a
third of a hundred transactions. A process that is killed loses only documents that were not stored yet.
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

MOST_ENTRIES = 500  # that are read to find out whether a document is still right
BATCH = 100  # documents in one transaction, so that writers do not wait long
PERIOD = 0.05  # seconds to collect documents for one transaction
MOST_BYTES = 4 * 1024 * 1024  # of queued documents; more are not stored

_INSERT = """
    INSERT INTO "serving_document" ("shape", "key", "body", "digest") VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING "id"
"""
_INSERT_USES = 'INSERT INTO "serving_use" ("thing", "document")'


@dataclass(slots=True)
class Rendered:
    """Documents to store, rendered as of the entry `newest`: by the label of their shape and by key."""

    newest: Newest = NOTHING
    documents: dict[tuple[str, Key], RenderedDocument] = field(default_factory=dict)


def store(rendered: Rendered) -> int:
    """Store these documents, unless a writer holds the lock; returns how many were stored.

    Where a `StoreThread` runs, hand them to it and return 0.
    """
    if not rendered.documents or settings.READ_ONLY:
        return 0
    if _store_thread is not None:
        _store_thread.add(rendered)
        return 0
    return write_if_free(lambda: _store([rendered]))


def _store(batch: Sequence[Rendered]) -> int:
    """Store the documents that are still right. Call it under the writers' lock."""
    now = newest()
    changed_since = {since: _changed_since(since, now) for since in {rendered.newest for rendered in batch}}
    right: dict[tuple[str, Key], RenderedDocument] = {}
    for rendered in batch:
        changed = changed_since[rendered.newest]
        if changed is not None:
            right.update((name, each) for name, each in rendered.documents.items() if each.objects.isdisjoint(changed))
    return _insert(right)


def _changed_since(since: Newest, now: Newest) -> set[int] | None:
    """The hashes of the objects changed since an entry; None where that is unknown, or there are too many entries.

    The entry must still be there with its time; if not, another catalogue took the place of this one.
    """
    if since == now:
        return set()
    if not 0 < now.serial - since.serial <= MOST_ENTRIES or not (since.serial == 0 or _has_entry(since)):
        return None
    return objects_changed_by(Entry.objects.filter(serial__gt=since.serial))


def _has_entry(entry: Newest) -> bool:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "at" FROM "journal_entry" WHERE "serial" = %s', [entry.serial])
        return bool(cursor.fetchone() == (entry.at,))


def _insert(documents: Mapping[tuple[str, Key], RenderedDocument]) -> int:
    database = dialect()
    uses: list[tuple[int, int]] = []
    stored = 0
    with connection.cursor() as cursor:
        for (shape, key), document in documents.items():
            cursor.execute(_INSERT, [shape, str(key), *document.content])
            row = cursor.fetchone()
            if row:  # else another process stored it meanwhile
                uses += [(thing, row[0]) for thing in document.objects]
                stored += 1
        if uses:
            uses.sort()  # in the order of the index: neighbours are written together
            cursor.execute(f"{_INSERT_USES} {database.pairs}", database.pair_parameters(uses))
    return stored


class StoreThread:
    """Stores documents in a thread of its own, which starts with the first document."""

    def __init__(self, period: float = PERIOD) -> None:
        """`period`: seconds to collect documents for one transaction."""
        self._period = period
        self._waiting: list[Rendered] = []
        self._bytes = 0
        self._busy = False
        self._condition = Condition()
        self._process = 0
        self._thread: Thread | None = None
        self._stopping = False

    def add(self, rendered: Rendered) -> None:
        """Queue these documents, unless the queue is full."""
        size = sum(len(document.content.body) for document in rendered.documents.values())
        with self._condition:
            if self._bytes + size > MOST_BYTES:
                return
            self._waiting.append(rendered)
            self._bytes += size
            if self._process != os.getpid():  # a forked process has none of its parent's threads
                self._process = os.getpid()
                self._thread = Thread(target=self._run, name="document store", daemon=True)
                self._thread.start()
            self._condition.notify_all()

    def wait_until_stored(self, timeout: float) -> bool:
        """Wait until the queue is empty and the thread idle; false if that takes longer than `timeout` seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def stop(self) -> None:
        """Store the queue, and end the thread and its connection. Add nothing afterwards."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while batch := self._next():
            try:
                follow()
                with writing():
                    _store(batch)
            except Error:  # documents are an optimisation: whoever needs the database reports that it is down
                connection.close()
        connection.close()

    def _next(self) -> list[Rendered]:
        """Wait for documents and return all that are queued; nothing when the thread is to end."""
        with self._condition:
            self._busy = False
            self._condition.notify_all()
            self._condition.wait_for(lambda: self._waiting or self._stopping)
            self._condition.wait_for(lambda: self._documents_waiting() >= BATCH or self._stopping, self._period)
            batch, self._waiting, self._bytes = self._waiting, [], 0
            self._busy = bool(batch)
            return batch

    def _documents_waiting(self) -> int:
        return sum(len(rendered.documents) for rendered in self._waiting)


_store_thread: StoreThread | None = None


def store_in_background() -> StoreThread:
    """Have `store` hand documents to a thread from now on, as a server does."""
    global _store_thread
    _store_thread = StoreThread()
    return _store_thread
