"""Objects as the bytes that they are on the wire, kept beside the rows (docs/adr/0012).

Promises: what is shown is what the rows say at the moment of the reader's snapshot. A document is deleted in the transaction that
changes anything it was made of (`forgetting`), and stored only while it is right (`keeping`); so none is ever there that is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.queries.statements import rows_of
from launchledger.documents.dependencies import MOST, is_tracked, uses_objects
from launchledger.documents.references import objects_in
from launchledger.documents.renderer import Key
from launchledger.documents.rendering import Written, build
from launchledger.documents.store import Rendered, store
from launchledger.journal.reading import newest
from launchledger.wire.fields import Shape

_ONE = 'SELECT "body", "digest" FROM "serving_document" WHERE "shape" = %s AND "key" = %s'


class Show(Protocol):
    def __call__(self, shape: Shape, keys: Sequence[Key], /) -> list[Written]:
        """The documents of the rows with these keys, in their order; a key without a row is left out."""
        ...


@contextmanager
def reading() -> Iterator[Show]:
    """Read everything inside as of one moment, and show documents of that moment. What had to be made is stored afterwards."""
    with _one_moment() as fresh:
        yield lambda shape, keys: show(shape, keys, fresh)


def document_of(shape: Shape, key: Key) -> Written | None:
    """The document of one row, None where there is no such row. One that is stored costs a query, which needs no transaction."""
    if is_tracked():  # what it was made of must be read in the same moment
        with reading() as documents:
            return next(iter(documents(shape, [key])), None)
    found = rows_of(_ONE, [shape.label, str(key)])
    if found:
        return Written._make(found[0])
    with _one_moment() as fresh:
        return _make(shape, [key], fresh).get(key)


@contextmanager
def _one_moment() -> Iterator[Rendered]:
    """A snapshot, and a place for what is made in it, which is kept when it is over."""
    fresh = Rendered()
    with snapshot():
        yield fresh
    store(fresh)


def show(shape: Shape, keys: Sequence[Key], fresh: Rendered) -> list[Written]:
    """The documents of the rows with these keys, in their order; a key without a row is left out.

    Call it within `snapshot()`; what had to be made is added to `fresh`, for `keep` when the snapshot is over.
    """
    found = _read(shape, keys)
    if is_tracked():
        uses_objects(objects_in(shape.label, list(found), MOST + 1))
    missing = [key for key in keys if str(key) not in found]
    if missing:
        found |= {str(key): written for key, written in _make(shape, missing, fresh).items()}
    return [found[str(key)] for key in keys if str(key) in found]


def _make(shape: Shape, keys: Sequence[Key], fresh: Rendered) -> dict[Key, Written]:
    """Render the rows with these keys, as of the snapshot around."""
    fresh.newest = newest()
    made = build(shape, keys)
    for key, built in made.items():
        uses_objects(built.things)
        if built.lasts:
            fresh.built[shape.label, key] = built
    return {key: built.written for key, built in made.items()}


def _read(shape: Shape, keys: Sequence[Key]) -> dict[str, Written]:
    if not keys:
        return {}
    database = dialect()
    sql = f'SELECT "key", "body", "digest" FROM "serving_document" WHERE "shape" = %s AND "key" {database.among}'
    return {
        key: Written(body, digest) for key, body, digest in rows_of(sql, [shape.label, database.keys([str(key) for key in keys])])
    }
