"""Objects as the bytes that they are on the wire, kept beside the rows (docs/adr/0012).

Promises: what is shown is what the rows say at the moment of the reader's snapshot. A document is deleted in the transaction that
changes anything it was made of, and stored only under the writers' lock, when nothing was written since the snapshot that it was
made from; so none is ever there that is not right. Where it cannot be stored at once (somebody writes, or the database takes no
writes) it is shown all the same, and made again next time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from launchledger.catalogue.queries.dialects import DIALECTS
from launchledger.journal.reading import latest_serial
from launchledger.journal.writing import write_if_free
from launchledger.serving.building import Built, build
from launchledger.serving.render import Key

_INSERT = """INSERT INTO "serving_document" ("shape", "key", "body") VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING "id" """
_INSERT_USES = 'INSERT INTO "serving_use" ("document", "thing")'


@dataclass(slots=True)
class Fresh:
    """Documents that were made while reading and are worth storing: by shape and key, as of this serial."""

    serial: int = 0
    built: dict[tuple[str, Key], Built] = field(default_factory=dict)


def show(shape: str, keys: Sequence[Key], fresh: Fresh) -> list[bytes]:
    """The documents of the rows with these keys, in their order; a key without a row is left out.

    Call it within `snapshot()`; what had to be made is added to `fresh`, for `keep` when the snapshot is over.
    """
    found = _read(shape, keys)
    missing = [key for key in keys if str(key) not in found]
    if missing:
        fresh.serial = latest_serial()
        for key, built in build(shape, missing).items():
            found[str(key)] = built.body
            if built.lasts:
                fresh.built[shape, key] = built
    return [found[str(key)] for key in keys if str(key) in found]


def keep(fresh: Fresh) -> int:
    """Store what was made, unless somebody writes or has written since; tells how many documents were stored."""
    if not fresh.built:
        return 0
    return write_if_free(lambda: _store(fresh.built) if latest_serial() == fresh.serial else 0)


def _read(shape: str, keys: Sequence[Key]) -> dict[str, bytes]:
    if not keys:
        return {}
    dialect = DIALECTS[connection.vendor]
    with connection.cursor() as cursor:
        sql = f'SELECT "key", "body" FROM "serving_document" WHERE "shape" = %s AND "key" {dialect.among}'
        cursor.execute(sql, [shape, dialect.keys([str(key) for key in keys])])
        return {key: bytes(body) for key, body in cursor.fetchall()}


def _store(built: Mapping[tuple[str, Key], Built]) -> int:
    dialect = DIALECTS[connection.vendor]
    stored = 0
    with connection.cursor() as cursor:
        for (shape, key), one in built.items():
            cursor.execute(_INSERT, [shape, str(key), one.body])
            row = cursor.fetchone()
            if row:  # else somebody else has stored it since it was looked for
                cursor.execute(f"{_INSERT_USES} {dialect.beside_each}", [row[0], dialect.keys(list(one.things))])
                stored += 1
    return stored
