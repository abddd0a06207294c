"""Deleting the documents that a change made wrong, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.documents.references import objects_changed_by
from launchledger.journal.models import Entry

CHUNK = 5_000  # hashes or ids in one statement


def invalidate_documents(entries: Sequence[Entry]) -> None:
    """Delete every document that shows an object that these entries changed. Call it in the transaction that writes them."""
    hashes = sorted(objects_changed_by(entries))
    for start in range(0, len(hashes), CHUNK):
        _delete_documents(hashes[start : start + CHUNK])


def _delete_documents(hashes: Collection[int]) -> None:
    database = dialect()
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT "document" FROM "serving_use" WHERE "thing" {database.among}', [database.keys(hashes)])
        documents = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(documents), CHUNK):
            ids = [database.keys(documents[start : start + CHUNK])]
            cursor.execute(f'DELETE FROM "serving_use" WHERE "document" {database.among}', ids)
            cursor.execute(f'DELETE FROM "serving_document" WHERE "id" {database.among}', ids)
