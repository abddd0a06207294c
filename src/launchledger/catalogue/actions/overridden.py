"""Overrides as a transaction sees them: lifted from rows while they are observed, and laid on them again before they are written.

Promises: while rows are observed they have the values that they would have without any override, so that observing needs no rule
for overrides, and what it leaves is kept beneath them. A change of such a value is noted for the journal under a name of its own,
because nobody is served it. Costs one SELECT for a transaction where no override exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from launchledger.catalogue.actions.columns import as_json, from_json, table
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.queries.statements import rows_of

if TYPE_CHECKING:
    from launchledger.catalogue.actions.rows import Row

OBSERVED = "observed."  # before the name of a column in the journal: what was observed beneath an override changed
NONE: Mapping[str, Override] = MappingProxyType({})


class Overrides:
    """The overrides of the catalogue: which there are is read when they are first asked for, and each when its row is."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, str], list[str]] | None = None
        self._of_rows: dict[tuple[str, str], dict[str, Override]] = {}
        self._changed: dict[Override, None] = {}

    def __bool__(self) -> bool:
        return bool(self._read())

    def of(self, kind: str, key: object) -> Mapping[str, Override]:
        """The overrides of a row, by column."""
        columns = self._read()
        row = (kind, str(key))
        if not columns or row not in columns:
            return NONE
        if row not in self._of_rows:
            self._of_rows[row] = {each.column: each for each in Override.objects.filter(kind=kind, key=row[1]).order_by("pk")}
        return self._of_rows[row]

    def of_column(self, kind: str, column: str) -> list[Override]:
        """The overrides of a column, of all rows."""
        rows = (row for row, columns in self._read().items() if row[0] == kind and column in columns)
        return [self.of(*row)[column] for row in rows]

    def observe(self, override: Override, values: Mapping[str, Any]) -> None:
        """Note what some columns hold beneath an override, in wire form; `write` stores it."""
        if any(override.observed[column] != value for column, value in values.items()):
            override.observed = {**override.observed, **values}
            self._changed[override] = None

    def write(self) -> None:
        """Store what was noted."""
        Override.objects.bulk_update(self._changed, ["observed"])
        self._changed.clear()

    def _read(self) -> dict[tuple[str, str], list[str]]:
        if self._columns is None:
            self._columns = {}
            for kind, key, column in rows_of('SELECT "kind", "key", "column" FROM "catalogue_override"'):
                self._columns.setdefault((kind, key), []).append(column)
        return self._columns


def lift(row: Row) -> None:
    """Give a row the values that it would have without its overrides. Its lists are lifted when they are read."""
    for column, attribute, override in _columns_of(row):
        row.overridden[column] = as_json(getattr(row.instance, attribute))
        setattr(row.instance, attribute, from_json(row.model._meta.get_field(column), override.observed[column]))


def lay(row: Row, overrides: Overrides) -> None:
    """Give a lifted row its effective values again, after what lies beneath may have changed."""
    for override in row.overrides.values():
        for column in override.values:
            if column in row.changes:
                row.changes[OBSERVED + column] = row.changes.pop(column)
                if column in row.causes:
                    row.causes[OBSERVED + column] = row.causes.pop(column)
    beneath: dict[Override, dict[str, Any]] = {override: {} for override in row.overrides.values()}
    for column, attribute, override in _columns_of(row):
        beneath[override][column] = as_json(getattr(row.instance, attribute))
    for override, values in beneath.items():
        overrides.observe(override, values)
    for column, attribute, override in _columns_of(row):
        now = override.effective(column)
        setattr(row.instance, attribute, from_json(row.model._meta.get_field(column), now))
        if row.overridden[column] != now:  # a column that follows from the overridden one, where both agree at last or no longer
            cause = row.causes.get(OBSERVED + column) or row.causes.get(OBSERVED + override.column)
            row.note_change(column, row.overridden[column], now, cause)


def _columns_of(row: Row) -> Iterable[tuple[str, str, Override]]:
    """The overridden columns of a row, each with its attribute; lists are none."""
    attributes = table(row.model).attributes
    for override in row.overrides.values():
        for column in override.values:
            if column in attributes:
                yield column, attributes[column], override
