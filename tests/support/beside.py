"""A process of its own on a database, told from the tests what to do: it writes, and it renders with nothing kept.

`with beside(url) as call: call(observed, [...])` runs a function of this module in that process. What it is given and what it
gives back are pickled; what it raises is an assertion that fails in the test.
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
    """Calls functions of this module, by the function, in a process on this database. One call at a time."""
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
    """Take them in, in one transaction; tells the moment after the commit by the clock that all processes share."""
    from launchledger.catalogue.actions import observe

    observe(observations)
    return time.monotonic()


def deleted(kind: str, key: int | str, at: datetime) -> float:
    """Delete an object as of a time; tells the moment after the commit."""
    from launchledger.catalogue.actions import delete

    delete(kind, key, at, "test")
    return time.monotonic()


def refreshed() -> float:
    """Let the time that passed do what it does to computed numbers; tells the moment after."""
    from launchledger.catalogue.actions import refresh

    refresh()
    return time.monotonic()


def emptied() -> float:
    """Every row gone, and told of in the journal as any change is; tells the moment after the commit."""
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
    """All that a reply depends on: how far the journal is, and the minute. Two replies of one state must be the same."""
    from launchledger.journal.reading import latest_serial

    return latest_serial(), int(time.time() // 60)


def rendered(addresses: Sequence[str]) -> dict[str, Reply]:
    """Replies to these addresses made of rows: by Django's own way, before which no cache stands, with no document there."""
    from django.db import transaction
    from django.test import Client

    client = Client()
    replies = {}
    with transaction.atomic():
        for address in addresses:
            _forget_documents()
            response = client.get(address, headers={"host": HOST})
            replies[address] = Reply(response.status_code, response.content)
        transaction.set_rollback(True)
    return replies


def _forget_documents() -> None:
    from launchledger.documents.models import Document, Use

    Document.objects.all().delete()
    Use.objects.all().delete()


def documents() -> int:
    """How many are stored."""
    from launchledger.documents.models import Document

    return Document.objects.count()


def faults() -> list[str]:
    """What is wrong with what is stored: documents that are not what their rows give, halves of them, and a file that is broken.

    Compared in one snapshot, so somebody may write meanwhile.
    """
    from django.db import connection

    from launchledger.catalogue.queries.snapshots import snapshot
    from launchledger.documents.models import Document, Use
    from launchledger.documents.rendering import build

    found: list[str] = []
    with snapshot():
        stored: dict[str, dict[str, tuple[int, bytes, bytes]]] = defaultdict(dict)
        for id, shape, key, body, digest in Document.objects.values_list("id", "shape", "key", "body", "digest"):
            stored[shape][key] = id, bytes(body), bytes(digest)
        uses: dict[int, set[int]] = defaultdict(set)
        for thing, document in Use.objects.values_list("thing", "document"):
            uses[document].add(thing)
        for shape, of_shape in stored.items():
            anew = {str(key): built for key, built in build(_shape(shape), list(of_shape)).items()}
            for key, (id, *written) in of_shape.items():
                built = anew.get(key)
                if built is None or written != list(built.written):
                    found.append(f"{shape} {key} is not what its rows give")
                elif uses[id] != built.things:
                    found.append(f"{shape} {key} does not know all that it uses")
        known = {id for of_shape in stored.values() for id, *_ in of_shape.values()}
        found += [f"a use of document {id}, which is not there" for id in uses.keys() - known]
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
    """Of what searches look in, all that is not what writing everything anew gives."""
    from django.db import transaction

    from launchledger.catalogue.actions.texts import rebuild_texts
    from launchledger.catalogue.models.texts import SearchedText

    def told() -> set[tuple[str, str, str]]:
        return set(SearchedText.objects.values_list("search", "key", "text"))

    with transaction.atomic():
        before = told()
        rebuild_texts()
        after = told()
        transaction.set_rollback(True)
    return sorted(f"{search} {key}: {text!r}" for search, key, text in before ^ after)


_open = ExitStack()
_rendered: list[Rendered] = []
_threads: list[StoreThread] = []


def look(shape: str, keys: Sequence[int | str]) -> int:
    """Read: in a snapshot that stays open, this many documents. Given no keys only the snapshot is taken."""
    from launchledger.catalogue.queries.snapshots import snapshot
    from launchledger.documents.reading import documents_of
    from launchledger.documents.store import Rendered
    from launchledger.journal.reading import latest_serial

    if not _rendered:
        _open.enter_context(snapshot())
        latest_serial()  # the first question is what fixes the moment
        _rendered.append(Rendered())
    return len(documents_of(_shape(f"2.2.0/{shape}"), keys, _rendered[0]))


def look_away() -> None:
    """End the snapshot."""
    _open.close()


def store() -> int:
    """Store what was made while looking; tells how many documents were."""
    from launchledger.documents.store import store

    return store(_rendered.pop())


def hand_over() -> None:
    """Have it stored by a thread, as a server does."""
    from launchledger.documents.store import StoreThread

    _threads.append(StoreThread(period=0))
    _threads[0].add(_rendered.pop())


def await_stored() -> bool:
    """Wait for that thread; tells whether it is done."""
    return _threads.pop().wait_until_stored(timeout=20)


def begin_observing(observations: Sequence[Observation]) -> None:
    """Take them in, and keep the transaction open."""
    from launchledger.catalogue.actions import observe
    from launchledger.journal.writing import writing

    _open.enter_context(writing())
    observe(observations)


def commit() -> float:
    """End that transaction; tells the moment after."""
    _open.close()
    return time.monotonic()


def answer() -> None:
    """What that process does until nobody tells it anything more."""
    import django

    django.setup()
    commands, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no answer
    while True:
        try:
            name, given = pickle.load(commands)
        except EOFError:
            return
        try:
            told = True, globals()[name](*given)
        except Exception:
            told = False, traceback.format_exc()
        pickle.dump(told, answers)
        answers.flush()
