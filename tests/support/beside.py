"""A process of its own on a database, controlled by tests: it writes, and it renders without any cache.

`with beside(url) as call: call(observed, [...])` runs a function of this module in that process. Arguments and results are
pickled; an exception there fails an assertion in the test.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # in the process itself they can be had only when Django is ready
    from datetime import datetime

    from launchledger.catalogue.actions import Observation
    from launchledger.documents.store import Rendered, StoreThread
    from launchledger.wire.fields import Shape

ROOT = Path(__file__).parents[2]
HOST = "ledger.example"
Call = Callable[..., Any]


class Reply(NamedTuple):
    status: int
    body: bytes


@contextmanager
def beside(url: str) -> Iterator[Call]:
    """Yields a function that calls a function of this module in a process on this database. One call at a time."""
    from tests.support.processes import environment

    pipe = subprocess.PIPE
    words = [sys.executable, "-c", f"from {__name__} import answer; answer()"]
    turn = Lock()
    with subprocess.Popen(words, env=environment(url), cwd=ROOT, stdin=pipe, stdout=pipe) as process:
        to, answers = process.stdin, process.stdout
        assert to is not None
        assert answers is not None

        def call(function: Callable[..., Any], *given: Any) -> Any:
            with turn:
                pickle.dump((function.__name__, given), to)
                to.flush()
                went_well, answer = pickle.load(answers)
            assert went_well, answer
            return answer

        yield call
        to.close()


def observed(observations: Sequence[Observation]) -> float:
    """Observe these in one transaction; returns the time after the commit by the clock that all processes share."""
    from launchledger.catalogue.actions import observe

    observe(observations)
    return time.monotonic()


def deleted(kind: str, key: int | str, at: datetime) -> float:
    """Delete an object as of a time; returns the time after the commit."""
    from launchledger.catalogue.actions import delete

    delete(kind, key, at, "test")
    return time.monotonic()


def refreshed() -> float:
    """Refresh the computed numbers that depend on the clock; returns the time after."""
    from launchledger.catalogue.actions import refresh

    refresh()
    return time.monotonic()


def emptied() -> float:
    """Delete every row, with journal entries as for any change; returns the time after the commit."""
    from django.apps import apps
    from django.db import connection
    from django.utils import timezone

    from launchledger.journal.models import Entry
    from launchledger.journal.writing import write, writing
    from launchledger.wire.v2_2_0 import WIRE

    now = timezone.now()
    with writing():
        entries = []
        for model in apps.get_app_config("catalogue").get_models(include_auto_created=True):
            rows = model._base_manager.all()
            if model.__name__ in WIRE.reader.keyed_models:
                gone = {"at": now, "source": "test", "kind": model.__name__, "action": Entry.Action.DELETED, "changes": {}}
                entries += [Entry(key=str(key), **gone) for key in rows.values_list("pk", flat=True)]
            rows._raw_delete(connection.alias)
        write(entries)
    return time.monotonic()


def state() -> tuple[int, int]:
    """All that a reply depends on: the journal's newest serial, and the minute. Two replies of one state must be the same."""
    from launchledger.journal.reading import latest_serial

    return latest_serial(), int(time.time() // 60)


def rendered(addresses: Sequence[str]) -> dict[str, Reply]:
    """Replies to these addresses rendered from rows: by Django, without the cache of replies and without documents."""
    from django.db import transaction
    from django.test import Client

    client = Client()
    replies = {}
    with transaction.atomic():
        for address in addresses:
            _delete_documents()
            response = client.get(address, headers={"host": HOST})
            replies[address] = Reply(response.status_code, response.content)
        transaction.set_rollback(True)
    return replies


def _delete_documents() -> None:
    from launchledger.documents.models import Document, Use

    Document.objects.all().delete()
    Use.objects.all().delete()


def documents() -> int:
    """How many documents are stored."""
    from launchledger.documents.models import Document

    return Document.objects.count()


def faults() -> list[str]:
    """The faults of what is stored: documents that differ from their rows, wrong references, and a damaged file.

    Compared in one snapshot, so others may write meanwhile.
    """
    from django.db import connection

    from launchledger.catalogue.queries.snapshots import snapshot
    from launchledger.documents.models import Document, Use
    from launchledger.documents.rendering import render_documents

    found: list[str] = []
    with snapshot():
        stored: dict[str, dict[str, tuple[int, bytes, bytes]]] = defaultdict(dict)
        for id, shape, key, body, digest in Document.objects.values_list("id", "shape", "key", "body", "digest"):
            stored[shape][key] = id, bytes(body), bytes(digest)
        uses: dict[int, set[int]] = defaultdict(set)
        for thing, document in Use.objects.values_list("thing", "document"):
            uses[document].add(thing)
        for shape, of_shape in stored.items():
            anew = {str(key): built for key, built in render_documents(_shape(shape), list(of_shape)).items()}
            for key, (id, *written) in of_shape.items():
                built = anew.get(key)
                if built is None or written != list(built.content):
                    found.append(f"{shape} {key} differs from its rows")
                elif uses[id] != built.objects:
                    found.append(f"{shape} {key} has wrong references")
        known = {id for of_shape in stored.values() for id, *_ in of_shape.values()}
        found += [f"a reference of document {id}, which is not there" for id in uses.keys() - known]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found += [row[0] for row in cursor.fetchall() if row[0] != "ok"]
    return found


def _shape(label: str) -> Shape:
    """The shape with this label."""
    from launchledger.wire.served import WIRES

    version, name = label.split("/")
    return WIRES[version].shapes[name]


def stale_texts() -> list[str]:
    """The texts for searches that differ from those after a rebuild."""
    from django.db import transaction

    from launchledger.catalogue.actions.texts import rebuild_texts
    from launchledger.catalogue.models.texts import SearchedText

    def stored() -> set[tuple[str, str, str]]:
        return set(SearchedText.objects.values_list("search", "key", "text"))

    with transaction.atomic():
        before = stored()
        rebuild_texts()
        after = stored()
        transaction.set_rollback(True)
    return sorted(f"{search} {key}: {text!r}" for search, key, text in before ^ after)


_open = ExitStack()
_rendered: list[Rendered] = []
_threads: list[StoreThread] = []


def read_documents(shape: str, keys: Sequence[int | str]) -> int:
    """Read documents in a snapshot that stays open; returns how many. Without keys only the snapshot begins."""
    from launchledger.catalogue.queries.snapshots import snapshot
    from launchledger.documents.reading import documents_of
    from launchledger.documents.store import Rendered
    from launchledger.journal.reading import latest_serial

    if not _rendered:
        _open.enter_context(snapshot())
        latest_serial()  # the first question is what fixes the moment
        _rendered.append(Rendered())
    return len(documents_of(_shape(f"2.2.0/{shape}"), keys, _rendered[0]))


def end_snapshot() -> None:
    """End the snapshot."""
    _open.close()


def store() -> int:
    """Store what was rendered in the snapshot; returns how many documents were stored."""
    from launchledger.documents.store import store

    return store(_rendered.pop())


def store_in_thread() -> None:
    """Store it by a thread, as a server does."""
    from launchledger.documents.store import StoreThread

    _threads.append(StoreThread(period=0))
    _threads[0].add(_rendered.pop())


def await_stored() -> bool:
    """Wait for that thread; returns whether it is done."""
    return _threads.pop().wait_until_stored(timeout=20)


def begin_observing(observations: Sequence[Observation]) -> None:
    """Observe these, and leave the transaction open."""
    from launchledger.catalogue.actions import observe
    from launchledger.journal.writing import writing

    _open.enter_context(writing())
    observe(observations)


def commit() -> float:
    """End that transaction; returns the time after."""
    _open.close()
    return time.monotonic()


def answer() -> None:
    """The main loop of that process, until its input ends."""
    import django

    django.setup()
    commands, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that printed text is not taken for an answer
    while True:
        try:
            name, given = pickle.load(commands)
        except EOFError:
            return
        try:
            answer = True, globals()[name](*given)
        except Exception:
            answer = False, traceback.format_exc()
        pickle.dump(answer, answers)
        answers.flush()
