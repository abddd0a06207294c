"""Reading objects as the bytes that they are on the wire, from stored documents or from rows (docs/adr/0012).

Promises: a document shows the rows as of the reader's snapshot. It is deleted in the transaction that changes an object in it
(`invalidation`), and stored only while it is right (`store`); so no stored document is ever wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.queries.statements import rows_of
from launchledger.documents.dependencies import MOST_OBJECTS, is_tracked, uses_objects
from launchledger.documents.references import objects_in
from launchledger.documents.renderer import Key
from launchledger.documents.rendering import DocumentBytes, render_documents
from launchledger.documents.store import Rendered, store
from launchledger.journal.reading import newest
from launchledger.wire.fields import Shape

_ONE = 'SELECT "body", "digest" FROM "serving_document" WHERE "shape" = %s AND "key" = %s'


class ReadDocuments(Protocol):
    def __call__(self, shape: Shape, keys: Sequence[Key], /) -> list[DocumentBytes]:
        """The documents of the rows with these keys, in their order; a key without a row is left out."""
        ...


@contextmanager
def reading() -> Iterator[ReadDocuments]:
    """Read documents in one snapshot. Those that had to be rendered are stored afterwards."""
    with _snapshot_then_store() as rendered:
        yield lambda shape, keys: documents_of(shape, keys, rendered)


def document_of(shape: Shape, key: Key) -> DocumentBytes | None:
    """The document of one row, None where there is no such row. A stored one costs one query, outside a transaction."""
    if is_tracked():  # its references must be read in the same snapshot
        with reading() as documents:
            return next(iter(documents(shape, [key])), None)
    found = rows_of(_ONE, [shape.label, str(key)])
    if found:
        return DocumentBytes._make(found[0])
    with _snapshot_then_store() as rendered:
        return _render(shape, [key], rendered).get(key)


@contextmanager
def _snapshot_then_store() -> Iterator[Rendered]:
    """A snapshot, and a collection for documents rendered in it, which are stored when it ends."""
    rendered = Rendered()
    with snapshot():
        yield rendered
    store(rendered)


def documents_of(shape: Shape, keys: Sequence[Key], rendered: Rendered) -> list[DocumentBytes]:
    """The documents of the rows with these keys, in their order; a key without a row is left out.

    Call it within `snapshot()`. Documents that had to be rendered are added to `rendered`, for `store` after the snapshot.
    """
    found = _read(shape, keys)
    if is_tracked():
        uses_objects(objects_in(shape.label, list(found), MOST_OBJECTS + 1))
    missing = [key for key in keys if str(key) not in found]
    if missing:
        found |= {str(key): written for key, written in _render(shape, missing, rendered).items()}
    return [found[str(key)] for key in keys if str(key) in found]


def _render(shape: Shape, keys: Sequence[Key], rendered: Rendered) -> dict[Key, DocumentBytes]:
    """Render the rows with these keys, as of the current snapshot."""
    rendered.newest = newest()
    documents = render_documents(shape, keys)
    for key, document in documents.items():
        uses_objects(document.objects)
        if document.is_storable:
            rendered.documents[shape.label, key] = document
    return {key: document.content for key, document in documents.items()}


def _read(shape: Shape, keys: Sequence[Key]) -> dict[str, DocumentBytes]:
    if not keys:
        return {}
    database = dialect()
    sql = f'SELECT "key", "body", "digest" FROM "serving_document" WHERE "shape" = %s AND "key" {database.among}'
    return {
        key: DocumentBytes(body, digest)
        for key, body, digest in rows_of(sql, [shape.label, database.keys([str(key) for key in keys])])
    }
