"""The overview of the catalogue: counts of rows, their sources, the next launches, and the names of rows.

Promises: each function runs one query, however many tables it reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models.functions import Coalesce

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import deleted_keys_sql, is_deleted_sql, listed_rows
from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import rows_of_once
from launchledger.catalogue.starter import SOURCE as STARTER
from launchledger.catalogue.statistics.flying import flown
from launchledger.formats.times import parse_date_time

# The path to a row's name, for models that have no column `name`.
_NAMED_BY = {
    "AstronautFlight": "astronaut__name",
    "AstronautRole": "role",
    "DockingEvent": "flight_vehicle__spacecraft__name",
    "FirstStage": "launcher__serial_number",
    "Launcher": "serial_number",
    "Notice": "type__name",
    "RoadClosure": "title",
    "SpacecraftFlight": "spacecraft__name",
    "TimelineEventType": "abbrev",
}

NEVER = datetime.min.replace(tzinfo=UTC)

Named = tuple[str, str]  # a model's name, and an id as text


class Source(NamedTuple):
    """A source: how many rows were last seen there, and when the newest of them was."""

    name: str
    rows: int
    newest: datetime | None


class Holding(NamedTuple):
    """Of one list: its rows, when the row was observed that was observed longest ago (the starter's aside), and how many rows of
    its kind are deleted."""

    rows: int
    oldest: datetime | None
    deleted: int


class NextLaunch(NamedTuple):
    """A launch near the present, with the names of related rows (None where these are not known)."""

    id: str
    name: str | None
    net: datetime
    precision: str | None
    status: str | None
    provider: str | None
    pad: str | None
    location: str | None
    slug: str | None = None
    vehicle: str | None = None
    mission: str | None = None
    orbit: str | None = None
    image: str | None = None
    webcast_live: bool = False

    @property
    def where(self) -> list[str]:
        """The names of its provider, pad and location, as far as they are known."""
        return [name for name in (self.provider, self.pad, self.location) if name]


def count(lists: Mapping[str, models.QuerySet[Any]]) -> dict[str, int]:
    """The number of rows of each of these lists, by its name, in the order of the lists. One query."""
    counts = [(name, *rows.order_by().values("pk").query.sql_with_params()) for name, rows in lists.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT %s, count(*) FROM ({rows}) AS listed" for _, rows, _ in counts),
            [value for name, _, values in counts for value in (name, *values)],
        )
        found = dict(cursor.fetchall())  # in any order: PostgreSQL may count several lists at once
    return {name: found[name] for name in lists}


def sources(kinds: Iterable[str]) -> list[Source]:
    """The sources of the rows of these kinds, those seen last first."""
    tables = (
        f"SELECT source, count(*), max(observed_at) FROM {table} WHERE id NOT IN ({deleted_keys_sql(table)}) GROUP BY source"
        for table in (f'"{model_of(kind)._meta.db_table}"' for kind in kinds)
    )
    newest = dialect().wire_forms["DateTimeField"].format("max(newest)")
    with connection.cursor() as cursor:  # grouped by table first: takes a third of the time of one large group
        cursor.execute(
            f"WITH found (source, seen, newest) AS ({' UNION ALL '.join(tables)})"
            f" SELECT source, CAST(sum(seen) AS bigint), {newest} FROM found GROUP BY source"
        )
        found = [Source(name, rows, at and parse_date_time(at)) for name, rows, at in cursor.fetchall()]
    return sorted(found, key=lambda source: (source.newest or NEVER, source.rows, source.name), reverse=True)


def holdings(lists: Mapping[str, models.QuerySet[Any]]) -> dict[str, Holding]:
    """What is stored of each of these lists, by its name, in the order of the lists. One query."""
    oldest = dialect().wire_forms["DateTimeField"].format("min(CASE WHEN source <> %s THEN observed_at END)")
    questions, values = [], list[Any]()
    for name, rows in lists.items():
        sql, parameters = rows.order_by().values("source", "observed_at").query.sql_with_params()
        deleted = f'SELECT count(*) FROM "{rows.model._meta.db_table}" WHERE deleted_at IS NOT NULL'
        questions.append(f"SELECT %s, count(*), {oldest}, ({deleted}) FROM ({sql}) AS listed")
        values += (name, STARTER, *parameters)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions), values)
        found = {name: Holding(rows, at and parse_date_time(at), gone) for name, rows, at, gone in cursor.fetchall()}
    return {name: found[name] for name in lists}


def next_launches(now: datetime, limit: int) -> list[NextLaunch]:
    """The launches whose net is not past, soonest first."""
    return _launches(listed_rows(Launch).filter(net__gte=now).order_by("net", "id"), limit)


def last_launches(now: datetime, limit: int) -> list[NextLaunch]:
    """The launches that flew, newest first."""
    return _launches(listed_rows(Launch).filter(flown(now), net__lt=now).order_by("-net", "-id"), limit)


def _launches(rows: models.QuerySet[Any], limit: int) -> list[NextLaunch]:
    columns = ("id", "name", "net", "net_precision__abbrev", "status__name")
    named = (
        Coalesce("lsp_name", "launch_service_provider__name"),
        Coalesce("pad_name", "pad__name"),
        Coalesce("location_name", "pad__location__name"),
        "slug",
        "configuration__full_name",
        Coalesce("mission_name", "mission__name"),
        "mission__orbit__name",
        "image",
        "webcast_live",
    )
    return [NextLaunch(*row) for row in rows.values_list(*columns, *named)[:limit]]


def names_of(rows: Collection[Named]) -> tuple[dict[Named, str], set[Named]]:
    """The names of these rows, and which of them are deleted. Rows that do not exist or have no name are left out."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind, key in rows:
        wanted[kind].append(key)
    questions, values = [], list[Any]()
    for kind in sorted(wanted):
        if sql := _names_sql(kind):
            questions.append(sql)
            values += (kind, dialect().keys(_keys(kind, wanted[kind])))
    if not questions:
        return {}, set()
    found = rows_of_once(" UNION ALL ".join(questions), values)
    names = {(kind, key): name for kind, key, name, _ in found if name}
    return names, {(kind, key) for kind, key, _, deleted in found if deleted}


def related_model(kind: str, column: str) -> str:
    """The kind of the rows whose ids this column holds, "" if it holds something else or there is no such column."""
    try:
        field: Any = model_of(kind)._meta.get_field(column)
    except (LookupError, FieldDoesNotExist):
        return ""
    return field.related_model.kind if field.is_relation and field.concrete else ""


@cache
def name_sql(kind: str) -> tuple[str, str]:
    """The SQL of the name of a row of this kind whose table is called `named`, with the joins that it needs; ("", "") without."""
    try:
        model: Any = model_of(kind)
    except LookupError:  # stored by a version that had more kinds
        return "", ""
    path = name_path(kind)
    if not path:
        return "", ""
    table, joins = "named", ""
    *relations, column = path.split("__")
    for number, relation in enumerate(relations):
        field = model._meta.get_field(relation)
        model, following = field.related_model, f"named_{number}"
        joins += f' LEFT JOIN "{model._meta.db_table}" AS {following} ON {following}."id" = {table}."{field.column}"'
        table = following
    return f'{table}."{model._meta.get_field(column).column}"', joins


@cache
def _names_sql(kind: str) -> str:
    """The SELECT of kind, key, name and deletion of some rows, "" if rows of this kind have no name.

    Written by hand: Django would need milliseconds to build and compile the union of all kinds, each time.
    """
    name, joins = name_sql(kind)
    if not name:
        return ""
    return (
        f'SELECT CAST(%s AS text), CAST(named."id" AS text), {name}, {is_deleted_sql("named")}'
        f' FROM "{model_of(kind)._meta.db_table}" AS named{joins} WHERE named."id" {dialect().among}'
    )


def _keys(kind: str, texts: Iterable[str]) -> list[Any]:
    has_text_id = model_of(kind)._meta.pk.get_internal_type() == "CharField"
    return [*texts] if has_text_id else [int(text) for text in texts if text.isascii() and text.isdecimal()]


def name_path(kind: str) -> str:
    """The path to the name of rows of this kind; "" if they have none."""
    has_name = any(field.name == "name" for field in model_of(kind)._meta.concrete_fields)
    return "name" if has_name else _NAMED_BY.get(kind, "")
