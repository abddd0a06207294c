"""Forgetting the documents that a change made wrong, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection

from launchledger.catalogue.queries.dialects import dialect
from launchledger.documents.references import objects_changed_by
from launchledger.journal.models import Entry

CHUNK = 5_000  # numbers in one statement


def invalidate_documents(entries: Sequence[Entry]) -> None:
    """Delete every document that used an object of which these entries tell. Call it where the entries are written."""
    numbers = sorted(objects_changed_by(entries))
    for start in range(0, len(numbers), CHUNK):
        _forget(numbers[start : start + CHUNK])


def _forget(numbers: Collection[int]) -> None:
    database = dialect()
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT "document" FROM "serving_use" WHERE "thing" {database.among}', [database.keys(numbers)])
        documents = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(documents), CHUNK):
            some = [database.keys(documents[start : start + CHUNK])]
            cursor.execute(f'DELETE FROM "serving_use" WHERE "document" {database.among}', some)
            cursor.execute(f'DELETE FROM "serving_document" WHERE "id" {database.among}', some)
