"""Which objects a document shows, as hashes; surrogate keys and the invalidation of documents use them.

An object's hash is 64 bits of a digest of its kind and key: small enough for an index of millions. Two objects with one hash only
mean that a document is deleted once too often.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b

from launchledger.catalogue.actions.columns import table
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import rows_of
from launchledger.journal.models import Entry

_USES = """SELECT DISTINCT "thing" FROM "serving_use" WHERE "document" IN
(SELECT "id" FROM "serving_document" WHERE "shape" = %s AND "key" {among}) LIMIT %s"""


@lru_cache(maxsize=16_384)
def object_hash(kind: str, key: object) -> int:
    """The hash of an object, a signed 64-bit integer: `kind` as its model declares it."""
    return int.from_bytes(blake2b(f"{kind} {key}".encode(), digest_size=8).digest(), "big", signed=True)


def objects_in(shape: str, keys: Sequence[str], most: int) -> set[int]:
    """The hashes of the objects in the stored documents of these rows, at most `most`; `shape` is a shape's label.

    Call it within the snapshot in which the documents are read: their references are deleted with them.
    """
    if not keys:
        return set()
    database = dialect()
    return {row[0] for row in rows_of(_USES.format(among=database.among), [shape, database.keys(keys), most])}


def objects_changed_by(entries: Iterable[Entry]) -> set[int]:
    """The hashes of the objects that replies show differently after these entries.

    An object that joins or leaves a list changes the list's owner, which may have no entry of its own: the member's column stores
    such a list.
    """
    return {object_hash(kind, key) for entry in entries for kind, key in _changed(entry)}


def _changed(entry: Entry) -> Iterator[tuple[str, object]]:
    yield entry.kind, entry.key
    owners = _owners(entry.kind)
    for column, sides in entry.changes.items():
        if column in owners:
            yield from ((owners[column], side) for side in sides if side is not None)


@cache
def _owners(kind: str) -> dict[str, str]:
    """The kind that owns the list that a row joins or leaves by a column; none for kinds that the catalogue does not know."""
    try:
        return {column: listed.owner.kind for column, listed in table(model_of(kind)).listed_in.items()}
    except LookupError:
        return {}
