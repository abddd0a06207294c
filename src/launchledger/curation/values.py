"""The columns of one object that can be overridden, with their values as people write them.

Promises: what `text_of` writes, `columns.value_in` reads as the same value. A fixed number of queries for each kind of object.
"""

from __future__ import annotations

import json
from typing import Any

from launchledger.catalogue.actions.columns import LinkedList, OwnedList, as_json, table
from launchledger.catalogue.actions.lists import Lists
from launchledger.catalogue.actions.overriding import is_overridable
from launchledger.catalogue.actions.rows import Rows
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Key
from launchledger.curation.columns import Column, Subject, written
from launchledger.wire.fields import SCALARS, Kind

_PLAIN = frozenset({Kind.TEXT, Kind.NAME_OF, Kind.DATE, Kind.DATE_TIME, Kind.DURATION})


def columns_of(subject: Subject) -> list[Column]:
    """The columns of these objects that can be overridden, in the order of the wire; those of a part come in its place."""
    found: list[Column] = []
    stored: set[str] = set()
    for key, field in subject.vocabulary.items():
        nested = subject.part(field) if field.kind is Kind.PART else {"": field}
        for name, each in nested.items():
            column = Column(subject, (key, name) if name else (key,), each)
            if _can_be_overridden(column) and each.column not in stored:
                stored.add(each.column)
                found.append(column)
    return found


def _can_be_overridden(column: Column) -> bool:
    kind = column.field.kind
    return (
        kind in {*SCALARS, Kind.ONE, Kind.MANY}
        and column.path[-1] != "id"
        and is_overridable(model_of(column.subject.kind), column.field.column)
    )


def values_of(subject: Subject, row: Observed) -> dict[str, Any]:
    """The effective values of the columns of a row, by their names, as a file of overrides has them."""
    lists = Lists(Rows())
    return {column.name: written(column, _stored(column, row, lists)) for column in columns_of(subject)}


def _stored(column: Column, row: Observed, lists: Lists) -> Any:
    known = table(type(row))
    model_list = known.lists.get(column.field.column)
    if isinstance(model_list, LinkedList | OwnedList):
        key: Key = row.pk
        lists.read(model_list, [key])
        return lists.members_as_json(model_list, key)
    return as_json(getattr(row, known.attributes[column.field.column]))


def text_of(column: Column, value: Any) -> str:
    """A value as people write it; `null` for none."""
    if value is None:
        return "null"
    if column.field.kind in _PLAIN:
        text = str(value)
        return json.dumps(text, ensure_ascii=False) if text.startswith('"') or text == "null" else text
    if column.field.kind is Kind.MANY and column.has_ids:
        return ", ".join(map(str, value))
    if column.has_ids:
        return str(value)
    return "" if value == [] else json.dumps(value, ensure_ascii=False, indent=1)
