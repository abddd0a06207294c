"""What the writers must know of each model: which attribute holds a column, and how each of its lists is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import models

from launchledger.catalogue.models.base import Link, Observed, Owned
from launchledger.formats.times import format_date_time, format_duration, parse_date, parse_date_time, parse_duration

Model = type[models.Model]

OWN_COLUMNS = frozenset({"id"} | {field.name for field in Observed._meta.get_fields()})
"""The columns of every row that tell how it was observed, and not what it is."""


@dataclass(frozen=True, slots=True)
class LinkedList:
    """A list of rows with ids of their own, stored in a table of links."""

    name: str
    link: type[Link]


@dataclass(frozen=True, slots=True)
class ReverseList:
    """A list of the rows that point to the owner: the member's column `relation` does, its column `position` is its place."""

    name: str
    owner: type[Observed]
    member: type[Observed]
    relation: str
    position: str


@dataclass(frozen=True, slots=True)
class OwnedList:
    """A list of rows without an id of their own."""

    name: str
    member: type[Owned]
    columns: tuple[str, ...]


ModelList = LinkedList | ReverseList | OwnedList


@dataclass(frozen=True, slots=True)
class Table:
    """One model as its writers see it. `listed_in` maps a relation's column to the list of the other side that shows the row."""

    attributes: dict[str, str]
    lists: dict[str, ModelList]
    listed_in: dict[str, ReverseList]


@cache
def table(model: type[Observed]) -> Table:
    attributes: dict[str, str] = {}
    lists: dict[str, ModelList] = {}
    listed_in: dict[str, ReverseList] = {}
    for field in model._meta.get_fields():
        model_list = _list(field)
        if model_list is not None:
            lists[model_list.name] = model_list
        elif field.concrete and field.editable:  # not a column that is computed from others when the row is written
            attributes[field.name] = field.attname
            if field.remote_field and field.remote_field.related_name != "+":
                listed_in[field.name] = _listed(field)
    return Table(attributes, lists, listed_in)


@cache
def attributes_of(model: type[Owned]) -> dict[str, str]:
    """The attribute that holds each column of rows without an id."""
    return {field.name: field.attname for field in model._meta.concrete_fields}


@cache
def owner_of(model_list: ModelList) -> type[Observed]:
    """The model of the rows that have this list."""
    if isinstance(model_list, ReverseList):
        return model_list.owner
    model: Any = model_list.link if isinstance(model_list, LinkedList) else model_list.member
    owner: type[Observed] = model._meta.get_field("owner").related_model
    return owner


def _list(field: Any) -> ModelList | None:
    if not field.one_to_many or not field.get_accessor_name():
        return None
    member = field.related_model
    if issubclass(member, Link):
        return LinkedList(field.name, member)
    if issubclass(member, Owned):
        columns = tuple(
            column.attname for column in member._meta.concrete_fields if column.name not in ("id", "owner", "position")
        )
        return OwnedList(field.name, member, columns)
    return _listed(field.field)


def _listed(relation: Any) -> ReverseList:
    return ReverseList(
        relation.remote_field.related_name, relation.related_model, relation.model, relation.name, f"{relation.name}_position"
    )


def as_json(value: Any) -> Any:
    """A column's value as the journal stores it: in wire form."""
    if isinstance(value, datetime):
        return format_date_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_duration(value // timedelta(microseconds=1))
    return value


def from_json(field: Any, stored: Any) -> Any:
    """The value of a column that `as_json` gave in wire form; `field` is the column's."""
    if stored is None:
        return None
    if isinstance(field, models.DateTimeField):
        return parse_date_time(stored)
    if isinstance(field, models.DateField):
        return parse_date(stored)
    return parse_duration(stored) if isinstance(field, models.DurationField) else stored
