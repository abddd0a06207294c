"""The rows that one transaction works on: read once, changed in memory, written once, with what changed for the journal.

Promises: the later observation of a column wins (see `seen`), in whatever order they arrive; the same observation twice changes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from django.db import connection

from launchledger.catalogue.actions.columns import as_json
from launchledger.catalogue.actions.seen import Seen, format_observations, parse_observations
from launchledger.catalogue.actions.stored import update
from launchledger.catalogue.models.base import Observed, Origin, origin_of
from launchledger.catalogue.statistics.numbers import SINCE, families_of, running_columns
from launchledger.formats.times import UNKNOWN
from launchledger.journal.models import Entry

Key = int | str
CHUNK = 500  # keys in one query
COMPUTED = "statistics"  # the source of what follows from other rows
DELETION = "deleted_at"  # what a deletion is called among the columns that were seen or changed
OF_SIGHTINGS = ("source", "observed_at", "observations")


@dataclass(slots=True, eq=False)
class Row:
    """One row as this transaction sees it.

    `changes` maps a column or list to its value before and now, and `causes` to the sighting that changed it; what has none was
    computed. `sightings` maps each sighting of the row to the `last_updated` that it gave. `told` names the linked lists that
    were spoken of, changed or not. `observed` says whether this transaction observed anything of it.
    """

    model: type[Observed]
    instance: Any
    created: bool
    seen: dict[str, Seen]
    changes: dict[str, list[Any]] = default(default_factory=dict)
    causes: dict[str, Seen] = default(default_factory=dict)
    sightings: dict[Seen, datetime | None] = default(default_factory=dict)
    told: set[str] = default(default_factory=set)
    touched: bool = False
    observed: bool = False

    def takes(self, column: str, seen: Seen) -> bool:
        """Take what a sighting says of a column, if that is newer than what is known; tells whether it is."""
        last = self.seen.get(column)
        if last is not None and not last < seen:
            return False
        self.seen[column] = seen
        self.touched = self.observed = True
        return True

    def origin_of(self, column: str) -> Origin:
        """Where the value of a column or list comes from, as this transaction sees it."""
        return origin_of(column, self.seen)

    def note(self, column: str, before: Any, now: Any, seen: Seen | None) -> None:
        """Remember a change and its cause; what goes back to where it began is none."""
        first = self.changes.setdefault(column, [before, now])
        first[1] = now
        if seen is not None:
            self.causes[column] = seen
        if first[0] == now and not self.created:
            del self.changes[column]
        self.touched = True

    def settle(self, column: str, before: Any, now: Any) -> None:
        """Replace what was noted of a list by the whole of it, before and now. Its cause stays; without one it was computed."""
        self.changes.pop(column, None)
        if before != now:
            self.changes[column] = [before, now]

    def set(self, column: str, attribute: str, value: Any, seen: Seen | None) -> bool:
        """The one gate through which a value becomes effective, observed or (without a sighting) computed (docs/adr/0035).

        Tells whether that changed the column.
        """
        before = getattr(self.instance, attribute)
        if before == value and not self.created:
            return False
        setattr(self.instance, attribute, value)
        self.note(column, None if self.created else as_json(before), as_json(value), seen)
        return True

    def newest(self) -> Seen | None:
        """The newest sighting of the row; a deletion is none."""
        return max((seen for column, seen in self.seen.items() if column != DELETION), default=None)

    def settle_deletion(self) -> bool:
        """Bring `deleted_at` in line with what was seen, and tell whether that deleted or revived the row (docs/adr/0034).

        A deletion that is older than a sighting is forgotten: no sighting goes away, so it can never hold again.
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
        self.note(DELETION, as_json(before), as_json(now), deletion if now else newest)
        return True

    def derive(self, column: str, attribute: str, value: Any) -> None:
        """Give a column that was never observed the value that follows from other rows; `write_columns` writes it."""
        touched = self.touched
        self.set(column, attribute, value, None)
        self.touched = touched


class Rows:
    """The identity map of one transaction."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[Observed], Key], Row] = {}

    def read(self, model: type[Observed], keys: Iterable[Key]) -> None:
        """Bring in the rows with these keys that exist; those that do not are made when first asked for."""
        unknown = [key for key in dict.fromkeys(keys) if (model, key) not in self._rows]
        for start in range(0, len(unknown), CHUNK):
            self.adopt(model._default_manager.filter(pk__in=unknown[start : start + CHUNK]))

    def adopt(self, instances: Iterable[Observed]) -> list[Row]:
        """Bring in rows that were read elsewhere in this transaction; a row that is known already stays as it is."""
        return [
            self._rows.setdefault(
                (type(instance), instance.pk), Row(type(instance), instance, False, parse_observations(instance.observations))
            )
            for instance in instances
        ]

    def get(self, model: type[Observed], key: Key) -> Row:
        row = self._rows.get((model, key))
        if row is None:
            row = self._rows[model, key] = Row(model, model(**{model._meta.pk.attname: key}), True, {}, touched=True)
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
        """Write every row that was touched since the last time, a few statements a model; of what was confirmed, only when."""
        changed: dict[type[Observed], list[Observed]] = defaultdict(list)
        confirmed: dict[type[Observed], list[Key]] = defaultdict(list)
        for row in self._rows.values():
            if row.touched:
                row.touched = False
                if row.observed:
                    _stamp(row)
                if row.created or row.changes:
                    changed[row.model].append(row.instance)
                else:
                    confirmed[row.model].append(row.instance.pk)
        for model, instances in changed.items():
            columns = [field.name for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
            key = model._meta.pk.attname
            model._default_manager.bulk_create(instances, update_conflicts=True, unique_fields=[key], update_fields=columns)
        for model, keys in confirmed.items():
            self.write_columns(model, (*OF_SIGHTINGS, *(family.flag for family in families_of(model) if family.flag)), keys)

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
        """What changed, as journal entries, in the order in which the rows were first met."""
        return [entry for row in self._rows.values() if row.created or row.changes for entry in _entries(row, at)]


def _entries(row: Row, at: datetime) -> Iterator[Entry]:
    """An entry for each source and time of the row's changes.

    The first entry of a row that was not there before created it, with the numbers that were computed for it at once. That a row
    was deleted or revived comes first, and alone.
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
    for (source, observed_at), of_one in changes.items():
        yield Entry(
            at=at,
            observed_at=observed_at,
            source=source,
            kind=row.model.kind,
            key=str(row.instance.pk),
            action=action,
            changes=of_one,
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
    """Where a change comes from, and when it was so."""
    if seen is None:
        return COMPUTED, None
    return seen.source, row.sightings.get(seen) or (None if seen.at == UNKNOWN else seen.at)


def _stamp(row: Row) -> None:
    row.settle_deletion()
    row.instance.observations = format_observations(row.seen)
    if newest := row.newest():
        row.instance.observed_at, row.instance.source = newest.at, newest.source
    for family in families_of(row.model):
        if family.flag:
            setattr(row.instance, family.flag, family.is_computed(row.seen))
    for number in running_columns(row.model):
        if row.origin_of(number) is not Origin.COMPUTED and getattr(row.instance, number + SINCE) is not None:
            row.derive(number + SINCE, number + SINCE, None)  # what was sent stands still
