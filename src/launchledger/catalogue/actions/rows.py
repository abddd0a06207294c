"""The rows that one transaction works on: read once, changed in memory, written once, with their changes for the journal.

Promises: the later observation of a column wins (see `seen`), in whatever order they arrive; the same observation twice changes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from django.db import connection

from launchledger.catalogue.actions.columns import as_json
from launchledger.catalogue.actions.overridden import NONE, Overrides, lay, lift
from launchledger.catalogue.actions.seen import Seen, format_observations, parse_observations
from launchledger.catalogue.actions.stored import update
from launchledger.catalogue.models.base import Observed, Origin, origin_of
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.statistics.numbers import SINCE, families_of, running_columns
from launchledger.formats.times import UNKNOWN
from launchledger.journal.models import Entry

Key = int | str
CHUNK = 500  # keys in one query
COMPUTED = "statistics"  # the source of values that follow from other rows
DELETION = "deleted_at"  # the name of a deletion among the columns that were seen or changed
SIGHTING_COLUMNS = ("source", "observed_at", "observations")


@dataclass(slots=True, eq=False)
class Row:
    """One row as this transaction sees it.

    `changes` maps a column or list to its value before and now, and `causes` to the sighting that changed it; a change without
    one was computed. `sightings` maps each sighting of the row to its `last_updated`. `observed_lists` names the linked lists
    that were observed, changed or not. `observed`: this transaction observed something of the row. `dirty`: it must be written.
    `overrides` are those of the row, by column; while they are lifted, `overridden` holds the values in wire form that they gave.
    """

    model: type[Observed]
    instance: Any
    created: bool
    seen: dict[str, Seen]
    changes: dict[str, list[Any]] = default(default_factory=dict)
    causes: dict[str, Seen] = default(default_factory=dict)
    sightings: dict[Seen, datetime | None] = default(default_factory=dict)
    observed_lists: set[str] = default(default_factory=set)
    overrides: Mapping[str, Override] = default(default_factory=lambda: NONE)
    overridden: dict[str, Any] = default(default_factory=dict)
    dirty: bool = False
    observed: bool = False

    def accept(self, column: str, seen: Seen) -> bool:
        """Accept a sighting of a column if it is newer than the last; returns whether it is."""
        last = self.seen.get(column)
        if last is not None and not last < seen:
            return False
        self.seen[column] = seen
        self.dirty = self.observed = True
        return True

    def origin_of(self, column: str) -> Origin:
        """Where the value of a column or list comes from, as this transaction sees it."""
        return Origin.OVERRIDDEN if column in self.overrides else origin_of(column, self.seen)

    def note_change(self, column: str, before: Any, now: Any, seen: Seen | None) -> None:
        """Remember a change and its cause; a column that is back at its first value did not change."""
        first = self.changes.setdefault(column, [before, now])
        first[1] = now
        if seen is not None:
            self.causes[column] = seen
        if first[0] == now and not self.created:
            del self.changes[column]
        self.dirty = True

    def note_whole_list(self, column: str, before: Any, now: Any) -> None:
        """Replace the noted change of a list by one of the whole list. Its cause stays; without one it was computed."""
        self.changes.pop(column, None)
        if before != now:
            self.changes[column] = [before, now]

    def set(self, column: str, attribute: str, value: Any, seen: Seen | None) -> bool:
        """The one gate through which a value becomes effective, observed or (without a sighting) computed (docs/adr/0035).

        Returns whether that changed the column.
        """
        before = getattr(self.instance, attribute)
        if before == value and not self.created:
            return False
        setattr(self.instance, attribute, value)
        self.note_change(column, None if self.created else as_json(before), as_json(value), seen)
        return True

    def newest(self) -> Seen | None:
        """The newest sighting of the row; deletions do not count."""
        return max((seen for column, seen in self.seen.items() if column != DELETION), default=None)

    def update_deleted_at(self) -> bool:
        """Update `deleted_at` from the sightings; returns whether that deleted or revived the row (docs/adr/0034).

        A deletion that is older than a sighting is dropped: sightings are never removed, so it can never apply again.
        """
        deletion = self.seen.get(DELETION)
        if deletion is None:
            return False
        newest, before = self.newest(), self.instance.deleted_at
        now: datetime | None = deletion.at
        if newest and deletion.at < newest.at:
            now = None
            del self.seen[DELETION]
        self.instance.deleted_at = now
        if (before is None) == (now is None):
            return False
        self.note_change(DELETION, as_json(before), as_json(now), deletion if now else newest)
        return True

    def set_computed(self, column: str, attribute: str, value: Any) -> None:
        """Set the computed value of a column that was never observed; `write_columns` writes it."""
        dirty = self.dirty
        self.set(column, attribute, value, None)
        self.dirty = dirty


class Rows:
    """The identity map of one transaction.

    While `observing`, from the begin to `write`, rows have the values that they would have without overrides.
    """

    def __init__(self, *, observing: bool = False) -> None:
        self._rows: dict[tuple[type[Observed], Key], Row] = {}
        self.overrides = Overrides()
        self.observing = observing

    def read(self, model: type[Observed], keys: Iterable[Key]) -> None:
        """Read the rows with these keys that exist; `get` makes the others."""
        unknown = [key for key in dict.fromkeys(keys) if (model, key) not in self._rows]
        for start in range(0, len(unknown), CHUNK):
            self.adopt(model._default_manager.filter(pk__in=unknown[start : start + CHUNK]))

    def adopt(self, instances: Iterable[Observed]) -> list[Row]:
        """Add rows that were read elsewhere in this transaction; a row that is known already stays as it is."""
        return [self._rows.get((type(instance), instance.pk)) or self._add(instance) for instance in instances]

    def _add(self, instance: Observed) -> Row:
        row = Row(type(instance), instance, False, parse_observations(instance.observations))
        row.overrides = self.overrides.of(instance.kind, instance.pk)
        if row.overrides and self.observing:
            lift(row)
        self._rows[row.model, instance.pk] = row
        return row

    def get(self, model: type[Observed], key: Key) -> Row:
        row = self._rows.get((model, key))
        if row is None:
            row = self._rows[model, key] = Row(model, model(**{model._meta.pk.attname: key}), True, {}, dirty=True)
        return row

    def find(self, model: type[Observed], key: Key) -> Row | None:
        """The row with this key if there is one, here or in the database."""
        self.read(model, [key])
        return self._rows.get((model, key))

    def known(self, model: type[Observed], key: Key) -> Row | None:
        """The row with this key if this transaction knows it."""
        return self._rows.get((model, key))

    def of(self, model: type[Observed]) -> list[Row]:
        """The rows of one model that this transaction knows."""
        return [row for row in self._rows.values() if row.model is model]

    def all(self) -> Iterable[Row]:
        """Every row that this transaction knows."""
        return self._rows.values()

    def write(self) -> None:
        """Write every dirty row, in a few statements a model; of rows that were only confirmed, the times."""
        changed: dict[type[Observed], list[Observed]] = defaultdict(list)
        confirmed: dict[type[Observed], list[Key]] = defaultdict(list)
        self._end_observing()
        for row in self._rows.values():
            if row.dirty:
                row.dirty = False
                if row.observed:
                    _prepare_to_write(row)
                if row.created or row.changes:
                    changed[row.model].append(row.instance)
                else:
                    confirmed[row.model].append(row.instance.pk)
        for model, instances in changed.items():
            columns = [field.name for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
            key = model._meta.pk.attname
            model._default_manager.bulk_create(instances, update_conflicts=True, unique_fields=[key], update_fields=columns)
        for model, keys in confirmed.items():
            self.write_columns(model, (*SIGHTING_COLUMNS, *(family.flag for family in families_of(model) if family.flag)), keys)

    def _end_observing(self) -> None:
        if self.observing:
            self.observing = False
            for row in self._rows.values() if self.overrides else ():
                if row.overrides:
                    lay(row, self.overrides)

    def write_columns(self, model: type[Observed], columns: Iterable[str], keys: Iterable[Key]) -> None:
        """Write some columns of rows that are in the database already: many times faster than writing the rows."""
        columns = tuple(columns)
        fields: list[Any] = [*(model._meta.get_field(column) for column in columns), model._meta.pk]
        instances = [self._rows[model, each].instance for each in keys]
        values = [
            [field.get_db_prep_save(getattr(instance, field.attname), connection) for field in fields] for instance in instances
        ]
        update(model, columns, values)

    def entries(self, at: datetime) -> Sequence[Entry]:
        """The changes as journal entries, in the order in which the rows were first used."""
        return [entry for row in self._rows.values() if row.created or row.changes for entry in _entries(row, at)]


def _entries(row: Row, at: datetime) -> Iterator[Entry]:
    """An entry for each source and time of the row's changes.

    The first entry of a new row is its creation, with the numbers that were computed for it at once. A deletion or revival comes
    first, in an entry of its own.
    """
    is_new = row.created and DELETION not in row.changes
    if DELETION in row.changes:
        yield _entry_of_deletion(row, at)
    action = Entry.Action.CREATED if is_new else Entry.Action.CHANGED
    first = next(iter(row.sightings), None) if row.created else None
    changes: dict[tuple[str, datetime | None], dict[str, list[Any]]] = {}
    if is_new:
        changes[_provenance(row, first)] = {}
    for column, change in row.changes.items():
        if column == DELETION:
            continue
        changes.setdefault(_provenance(row, row.causes.get(column, first)), {})[column] = change
    for (source, observed_at), some in changes.items():
        yield Entry(
            at=at,
            observed_at=observed_at,
            source=source,
            kind=row.model.kind,
            key=str(row.instance.pk),
            action=action,
            changes=some,
        )
        action = Entry.Action.CHANGED


def _entry_of_deletion(row: Row, at: datetime) -> Entry:
    cause = row.causes[DELETION]
    return Entry(
        at=at,
        observed_at=cause.at,
        source=cause.source,
        kind=row.model.kind,
        key=str(row.instance.pk),
        action=Entry.Action.DELETED if row.instance.deleted_at else Entry.Action.REVIVED,
        changes={DELETION: row.changes[DELETION]},
    )


def _provenance(row: Row, seen: Seen | None) -> tuple[str, datetime | None]:
    """The source and the observed time of a change."""
    if seen is None:
        return COMPUTED, None
    return seen.source, row.sightings.get(seen) or (None if seen.at == UNKNOWN else seen.at)


def _prepare_to_write(row: Row) -> None:
    row.update_deleted_at()
    row.instance.observations = format_observations(row.seen)
    if newest := row.newest():
        row.instance.observed_at, row.instance.source = newest.at, newest.source
    for family in families_of(row.model):
        if family.flag:
            setattr(row.instance, family.flag, family.is_computed(row.seen))
    for number in running_columns(row.model):
        if row.origin_of(number) is not Origin.COMPUTED and getattr(row.instance, number + SINCE) is not None:
            row.set_computed(number + SINCE, number + SINCE, None)  # observed durations do not run
