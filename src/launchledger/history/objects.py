"""The history of one object: its own entries, and those of what is a part of it, such as crews, dockings, landings and stages.

Promises: a part counts that the object shows now, and one that its own entries name, such as a member that left a crew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from launchledger.catalogue.models.base import Link
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.queries.statements import rows_by_id, rows_of
from launchledger.documents.plan import Select, fetch_rows, plan
from launchledger.formats.encoding import decode
from launchledger.history.changes import ALL, Filters, Page, matching, read_page
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.wire.resources import Resource

PARTS = frozenset(
    {"AstronautFlight", "DockingEvent", "FirstStage", "Landing", "Mission", "Notice", "RoadClosure", "SpacecraftFlight"}
)
"""The kinds whose rows are parts of the objects that show them."""

MOST_PARTS = 500  # of one object; stations have had some hundred dockings

Object = tuple[str, str]  # a kind, and a key as text

# Whether an entry changes a column; on SQLite whether its text has such a name at all, which costs a tenth of reading its JSON.
_CHANGES = {"sqlite": """instr("changes", '"' || %s || '"')""", "postgresql": '"changes" ? %s'}
# The sign before the serial lets a database read by the objects' index, and not the whole journal backwards.
_NAMING = """SELECT "kind", "changes" FROM "journal_entry" WHERE ({objects}) AND ({changes})
ORDER BY +"serial" DESC LIMIT {most}"""


def is_known(kind: str, key: int | str) -> bool:
    """Whether the catalogue has, or had, this object."""
    return bool(rows_by_id(kind, (), [key])) or Entry.objects.filter(kind=kind, key=str(key)).exists()


def history_of(
    resource: Resource, key: int | str, serial: int, *, nested: bool = False, filters: Filters = ALL, limit: int = 100
) -> Page:
    """The first `limit` entries of an object after this serial, in commit order; with `nested`, also those of its parts.

    The resource and the id of `filters` are ignored. Raises LookupError for a column that does not exist.
    """
    rows = matching(filters)
    with snapshot():
        newest = latest_serial()
        objects = {(resource.model, str(key))}
        if nested:
            objects |= _parts_now(resource, key)
            objects |= _parts_before(objects)
        return read_page(rows.filter(_any_of(objects)), serial, newest, newest, newest, limit)


def _any_of(objects: Collection[Object]) -> RawSQL:
    """The condition that an entry is of one of these objects; as SQL, which costs a third of what the query builder takes."""
    keys = _by_kind(objects)
    return RawSQL(_condition(len(keys)), _given(keys), BooleanField())  # noqa: S611  (our names; keys are parameters)


def _by_kind(objects: Collection[Object]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in sorted(objects):
        keys[kind].append(key)
    return keys


@cache
def _condition(kinds: int) -> str:
    """The condition for objects of so many kinds, which takes the parameters of `_given`."""
    return " OR ".join([f'("journal_entry"."kind" = %s AND "journal_entry"."key" {dialect().among})'] * kinds)


def _given(keys: Mapping[str, list[str]]) -> list[Any]:
    return [each for kind, some in keys.items() for each in (kind, dialect().keys(some))]


def _parts_now(resource: Resource, key: int | str) -> set[Object]:
    """The parts that the object's detail shows."""
    found = _parts_read_by(plan(resource.detail, connection.vendor), [key])
    return set(sorted(found)[:MOST_PARTS])


def _parts_read_by(select: Select, keys: Collection[int | str]) -> Iterator[Object]:
    rows = fetch_rows(select, keys)
    for kind, place in select.reads:
        if kind in PARTS:
            yield from ((kind, str(row[place])) for row in rows if row[place] is not None)
    for part in select.lists:
        if _leads_to_parts(part.select):
            yield from _parts_read_by(part.select, {row[part.place] for row in rows if row[part.place] is not None})


@cache
def _leads_to_parts(select: Select) -> bool:
    return any(kind in PARTS for kind, _ in select.reads) or any(_leads_to_parts(part.select) for part in select.lists)


def _parts_before(objects: Collection[Object]) -> set[Object]:
    """The parts that entries of these objects name, before or after a change."""
    keys = _by_kind([each for each in objects if _columns_of_parts(each[0])])
    names = sorted({name for kind in keys for name in _columns_of_parts(kind)})
    if not names:
        return set()
    changes = " OR ".join([_CHANGES[connection.vendor]] * len(names))
    sql = _NAMING.format(objects=_condition(len(keys)), changes=changes, most=MOST_PARTS)
    found: set[Object] = set()
    for kind, text in rows_of(sql, [*_given(keys), *names]):
        changes, columns = decode(text), _columns_of_parts(kind)
        for column in columns.keys() & changes.keys():
            sides = [side if isinstance(side, list) else [side] for side in changes[column]]
            found |= {(columns[column], str(id)) for side in sides for id in side if id is not None}
    return set(sorted(found)[:MOST_PARTS])


@cache
def _columns_of_parts(kind: str) -> dict[str, str]:
    """The columns and lists of a kind that name parts, with the kinds of these."""
    found = {field.name: _target(field) for field in model_of(kind)._meta.get_fields() if field.is_relation}
    return {name: target for name, target in found.items() if target in PARTS}


def _target(field: Any) -> str:
    """The kind of the rows that a relation, or a list of members, leads to."""
    model = field.related_model
    try:
        if issubclass(model, Link):
            model = model._meta.get_field("member").related_model
    except FieldDoesNotExist:
        return ""
    return str(getattr(model, "kind", ""))
