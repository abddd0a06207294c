"""Storing every observed state of watched columns, also of replies that are older than the row.

Promises: what is stored depends on the replies alone, in whatever order they come; a reply that repeats a known state changes one
row at most. Leaves out replies of an unknown time without a `last_updated`: the time of their state is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from launchledger.catalogue.actions.columns import as_json
from launchledger.catalogue.actions.overridden import OBSERVED
from launchledger.catalogue.actions.seen import Seen
from launchledger.catalogue.models.history import ObservedState
from launchledger.catalogue.models.kinds import kinds, model_of
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


class WatchedState(NamedTuple):
    """The watched columns of one object in a reply, as JSON, and the object's `last_updated` there."""

    kind: str
    key: str
    updated: datetime | None
    state: str


def watched_in_journal() -> dict[str, frozenset[str]]:
    """By kind, the watched columns as entries of the journal name them, also what was observed of them beneath an override."""
    watched = {kind: model.watched for kind, model in kinds().items() if model.watched}
    return {kind: frozenset({*columns, *(OBSERVED + column for column in columns)}) for kind, columns in watched.items()}


def watched_states(records: Iterable[Record]) -> Iterator[WatchedState]:
    """The states of the objects in these records that have watched columns."""
    for record in records:
        model = model_of(record.model)
        values = {column: as_json(record.columns[column]) for column in model.watched if column in record.columns}
        if values:
            updated = record.columns.get("last_updated")
            yield WatchedState(model.kind, str(record.key), updated, encode_sorted(values).decode())


def see_again(states: Iterable[WatchedState], at: datetime, source: str) -> None:
    """Store that replies up to this time still had these states. Call it inside `writing()`."""
    history = History()
    for state in states:
        history.note_state(state, at, source)
    history.write()


class History:
    """The states that one transaction observes."""

    def __init__(self) -> None:
        self._states: list[tuple[Any, ...]] = []

    def note(self, records: Iterable[Record], seen: Seen) -> None:
        """Remember the values of watched columns in these records."""
        for state in watched_states(records):
            self.note_state(state, seen.at, seen.source)

    def note_state(self, watched: WatchedState, seen_at: datetime, source: str) -> None:
        """Remember that a reply of this time had this state."""
        kind, key, updated, state = watched
        if updated is None and seen_at == UNKNOWN:
            return
        at = max(seen_at, updated) if updated else seen_at
        since = updated or at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        self._states.append((kind, key, since, updated is not None, state, at, at, source))

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
