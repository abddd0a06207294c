"""Storing every observed state of watched columns, also of replies that are older than the row.

Promises: what is stored depends on the replies alone, in whatever order they come; a reply that repeats a known state changes one
row at most. Leaves out replies of an unknown time without a `last_updated`: the time of their state is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from launchledger.catalogue.actions.columns import as_json
from launchledger.catalogue.actions.seen import Seen
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Record
from launchledger.formats.encoding import encode_sorted
from launchledger.formats.times import UNKNOWN

_COLUMNS = ("kind", "key", "since", "is_dated", "state", "first", "last", "source")
_WRITE = """
INSERT INTO "catalogue_observedstate" AS known ("kind", "key", "since", "is_dated", "state", "first", "last", "source")
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT ("kind", "key", "since", "is_dated", "state") DO UPDATE SET
"source" = CASE WHEN (excluded."first", excluded."source") < (known."first", known."source")
    THEN excluded."source" ELSE known."source" END,
"first" = CASE WHEN excluded."first" < known."first" THEN excluded."first" ELSE known."first" END,
"last" = CASE WHEN excluded."last" > known."last" THEN excluded."last" ELSE known."last" END
WHERE (excluded."first", excluded."source") < (known."first", known."source") OR excluded."last" > known."last"
"""


class History:
    """The states that one transaction observes."""

    def __init__(self) -> None:
        self._states: list[tuple[Any, ...]] = []

    def note(self, records: Iterable[Record], seen: Seen) -> None:
        """Remember the values of watched columns in these records."""
        for record in records:
            model = model_of(record.model)
            if model.watched:
                self._note(model, record, seen)

    def _note(self, model: type[Observed], record: Record, seen: Seen) -> None:
        values = {column: as_json(record.columns[column]) for column in model.watched if column in record.columns}
        updated: datetime | None = record.columns.get("last_updated")
        if not values or (updated is None and seen.at == UNKNOWN):
            return
        at = max(seen.at, updated) if updated else seen.at
        since = updated or at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        state = encode_sorted(values).decode()
        self._states.append((model.kind, str(record.key), since, updated is not None, state, at, at, seen.source))

    def write(self) -> None:
        """Add the states to the stored ones, with one statement that is run for each."""
        fields: Any = [ObservedState._meta.get_field(name) for name in _COLUMNS]
        values = [
            [field.get_db_prep_save(value, connection) for field, value in zip(fields, state, strict=True)]
            for state in self._states
        ]
        if values:
            with connection.cursor() as cursor:
                cursor.executemany(_WRITE, values)
