"""The plan of a shape: the SELECTs that read what it shows, as a fixed tree.

Promises: relations to one row are joined, each list is one SELECT for all owners at once, so a plan costs the same number of
queries for one object as for a hundred. The database returns values in wire form wherever SQL can write it.
Refuses: a field whose column the model does not have (at first use of the shape).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from typing import Any

from django.db import models

from launchledger.catalogue.models.base import CompletedLink, Link, Observed, Owned
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import is_deleted_sql
from launchledger.catalogue.queries.dialects import DIALECTS, Dialect, dialect
from launchledger.catalogue.queries.statements import Row, rows_of
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.wire.fields import SCALARS, TEXT_OF, Field, Kind, Shape

OWNER = 0  # the place of the owner's key in every row (in rows selected by key: of their own key)

Model = type[models.Model]
ModelField = Any  # Django's field classes have no common public type that knows `column`


@dataclass(frozen=True, slots=True)
class Value:
    """A value, by its place in the row."""

    place: int


@dataclass(frozen=True, slots=True)
class Running:
    """A duration, and at `since` the time since when it also runs, null if it does not."""

    place: int
    since: int


@dataclass(frozen=True, slots=True)
class Nested:
    """An object whose columns are in the same row; null where the key at `place` is null."""

    place: int
    layout: Layout


@dataclass(frozen=True, slots=True)
class Listing:
    """A list read by a SELECT of its own: the `number`-th of its parent, for the owner whose key is at `place`."""

    place: int
    number: int


Slot = Value | Running | Nested | Listing


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the values of a shape are found in a row; `key` is the place of the object's own id."""

    shape: Shape
    key: int
    slots: tuple[tuple[Field, Slot | None], ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """One list of a SELECT: the place of the owner's key in its rows, and the SELECT that reads the members."""

    place: int
    select: Select


@dataclass(frozen=True, slots=True, eq=False)
class Select:
    """One query: `sql` takes one parameter, the owners' keys.

    `reads` names the kind of every joined row that can change by itself, with the place of its key; `running` are the places of
    the times since when durations run. `deleted` is the place of a flag: the list's member is deleted. A deleted member is read,
    because the reply changes when it is revived, and left out; None where no row can be deleted.
    Each place in a plan has its own Select, so it is compared by identity and can be the key of a cache.
    """

    sql: str
    layout: Layout
    lists: tuple[Lists, ...]
    reads: tuple[tuple[str, int], ...]
    running: tuple[int, ...]
    deleted: int | None

    def count(self) -> int:
        """How many queries reading this costs."""
        return 1 + sum(part.select.count() for part in self.lists)


@cache
def plan(shape: Shape, vendor: str) -> Select:
    """The plan that reads rows by key for this shape, on a database of this vendor."""
    model = model_of(shape.model)
    table = _quoted(model._meta.db_table)
    builder = _Builder(DIALECTS[vendor], f"{table} AS t0")
    key = f"t0.{_key(model)}"
    return builder.select(builder.lay_out(shape, model, "t0", owner=key), f"NOT {is_deleted_sql('t0')} AND {key}")


def fetch_rows(select: Select, keys: Collection[int | str]) -> list[Row]:
    """The rows of one SELECT for these owners, lists in their order. No owner, no query."""
    if not keys:
        return []
    return rows_of(select.sql, [dialect().keys(keys)])


def _key(model: Model) -> str:
    return _quoted(_field(model, model._meta.pk.name).column)


def _quoted(name: str) -> str:
    return f'"{name}"'


@dataclass
class _Builder:
    """Collects the columns, joins and lists of one SELECT."""

    dialect: Dialect
    source: str
    columns: list[str] = default(default_factory=list)
    places: dict[str, int] = default(default_factory=dict)
    joins: dict[tuple[str, str, str], str] = default(default_factory=dict)
    join_sql: list[str] = default(default_factory=list)
    lists: dict[tuple[int, str, Shape], Lists] = default(default_factory=dict)
    reads: dict[tuple[str, int], None] = default(default_factory=dict)
    running: dict[int, None] = default(default_factory=dict)

    def select(self, layout: Layout, where: str, order: str = "", deleted: int | None = None) -> Select:
        sql = f"SELECT {', '.join(self.columns)} FROM {self.source}{''.join(self.join_sql)} WHERE {where} {self.dialect.among}"
        sql += f" ORDER BY {order}" if order else ""
        return Select(sql, layout, tuple(self.lists.values()), tuple(self.reads), tuple(self.running), deleted)

    def lay_out(self, shape: Shape, model: Model, alias: str, owner: str = "") -> Layout:
        if owner:
            self.place(owner)
        key = self.read(model, f"{alias}.{_key(model)}")
        return Layout(
            shape, key, tuple((field, self._slot(shape, field, model, alias, key)) for field in shape.fields if field.sent)
        )

    def _slot(self, shape: Shape, field: Field, model: Model, alias: str, key: int) -> Slot | None:
        if field.kind is Kind.URL:
            return Value(key)
        if field.kind is Kind.DURATION and field.column in running_columns(model):
            since = self.place(self.dialect.microseconds.format(f"{alias}.{_quoted(_field(model, field.column + SINCE).column)}"))
            self.running[since] = None
            return Running(self._column(model, alias, field.column), since)
        if field.kind in SCALARS:
            return Value(self._column(model, alias, field.column))
        if field.kind is Kind.PART:
            part = self.lay_out(shape.nested(field), model, alias)
            own_id = next(
                (slot.place for part_field, slot in part.slots if part_field.key == "id" and isinstance(slot, Value)), key
            )
            return Nested(own_id, part)
        if field.kind is Kind.COMPUTED:
            return self._computed(field, model, alias)
        if field.queried:
            return None
        relation = model._meta.get_field(field.column)
        if field.kind is Kind.ONE and relation.concrete:
            joined, target = self.join(model, alias, field.column, self._agrees(field, model, alias))
            layout = self.lay_out(shape.nested(field), target, joined)
            return Nested(layout.key, layout)
        if agrees := self._agrees(field, model, alias):
            key = self.place(f"CASE WHEN {agrees} THEN {alias}.{_key(model)} END")
        return self._list(key, relation, shape.nested(field))

    def _agrees(self, field: Field, model: Model, alias: str) -> str:
        """The condition that the coarser column still has the value observed with the relation; "" where there is none."""
        if not field.coarse:
            return ""
        columns = (_field(model, name).column for name in (field.column + TEXT_OF, field.coarse[0][0]))
        return " = ".join(f"{alias}.{_quoted(column)}" for column in columns)

    def _computed(self, field: Field, model: Model, alias: str) -> Value | None:
        if not field.path:
            return None
        found = self._along(model, alias, field.path)
        if field.column:
            found = f"COALESCE({self._expression(model, alias, field.column)}, {found})"
        return Value(self.place(found))

    def _list(self, place: int, relation: ModelField, shape: Shape) -> Listing:
        known = (place, relation.name, shape)
        if known not in self.lists:
            self.lists[known] = Lists(place, _list_select(self.dialect, relation, shape))
        return Listing(place, list(self.lists).index(known))

    def _along(self, model: Model, alias: str, path: tuple[str, ...]) -> str:
        """The column at the end of a path of relations."""
        *steps, last = path
        for step in steps:
            if last == "id" and step == steps[-1]:
                return f"{alias}.{_quoted(_field(model, step).column)}"
            alias, model = self.join(model, alias, step)
            self.read(model, f"{alias}.{_key(model)}")
        return self._expression(model, alias, last)

    def read(self, model: Model, key: str) -> int:
        """The place of the key of a row that is read. A row without its own id changes with its owner."""
        place = self.place(key)
        if issubclass(model, Observed):
            self.reads[model.kind, place] = None
        return place

    def join(self, model: Model, alias: str, column: str, condition: str = "") -> tuple[str, Model]:
        relation = _field(model, column)
        target: Model = relation.related_model
        joined = self.joins.get((alias, column, condition))
        if joined is None:
            joined = self.joins[alias, column, condition] = f"t{len(self.joins) + 1}"
            on = f"{joined}.{_key(target)} = {alias}.{_quoted(relation.column)}"
            on += f" AND {condition}" if condition else ""
            self.join_sql.append(f" LEFT JOIN {_quoted(target._meta.db_table)} AS {joined} ON {on}")
        return joined, target

    def _column(self, model: Model, alias: str, name: str) -> int:
        return self.place(self._expression(model, alias, name))

    def _expression(self, model: Model, alias: str, name: str) -> str:
        """A column as the wire writes it."""
        field = _field(model, name)
        expression = f"{alias}.{_quoted(field.column)}"
        return self.dialect.wire_forms.get(field.get_internal_type(), "{0}").format(expression)

    def place(self, expression: str) -> int:
        if expression not in self.places:
            self.places[expression] = len(self.columns)
            self.columns.append(expression)
        return self.places[expression]


def _field(model: Model, name: str) -> ModelField:
    return model._meta.get_field(name)


def _list_select(dialect: Dialect, relation: ModelField, shape: Shape) -> Select:
    """The SELECT of a list for many owners: by its link table, or by the members' relation to the owner."""
    listed: Model = relation.related_model
    if issubclass(listed, Link):
        target: Model = _field(listed, "member").related_model
        owner, follows = 'l."owner_id"', ', l."follows"' if issubclass(listed, CompletedLink) else ""
        order = f'{owner}{follows}, l."position"'
        source = (
            f"{_quoted(listed._meta.db_table)} AS l JOIN {_quoted(target._meta.db_table)} AS t0"
            f' ON t0.{_key(target)} = l."member_id"'
        )
    else:
        target = listed
        back = relation.field
        owner = f"t0.{_quoted(back.column)}"
        position = "position" if issubclass(listed, Owned) else f"{back.name}_position"
        order = f"{owner}, {dialect.nulls_last.format(f't0.{_quoted(position)}')}, t0.{_key(target)}"
        source = f"{_quoted(target._meta.db_table)} AS t0"
    builder = _Builder(dialect, source)
    layout = builder.lay_out(shape, target, "t0", owner)
    deleted = builder.place(is_deleted_sql("t0")) if issubclass(target, Observed) else None
    return builder.select(layout, owner, order, deleted)
