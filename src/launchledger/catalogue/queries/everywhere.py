"""Finding objects of many kinds by words, at once.

Promises: one statement, whatever is looked for, that reads a bounded number of rows of each kind beside their texts. An object is
found if each word is anywhere in its searched values, in any case (`texts`), or in its name where its kind has no searched texts.
Those with a value that begins with what is looked for come first; of equals, rows with a time come by it, those to come first and
soonest first, and others by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import is_deleted_sql
from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.overview import name_sql
from launchledger.catalogue.queries.statements import rows_of
from launchledger.catalogue.queries.texts import MARK, escape_like, texts_containing


class Place(NamedTuple):
    """Where to look: rows of a kind, in the texts of a search (by name, if it has none).

    `time` is the column that has their time, `precision` that of its precision, and `label` the column that is shown as their
    name if that is another one.
    """

    name: str
    kind: str
    search: str = ""
    time: str = ""
    precision: str = ""
    label: str = ""


class Found(NamedTuple):
    """An object, and in which place it was found: its time is as exact as `precision`, the abbreviation of one.

    `begins`: one of its values begins with the text.
    """

    place: str
    key: str
    name: str | None
    slug: str | None
    at: str | None
    precision: str | None
    begins: bool


Part = tuple[str, list[Any]]

_MOST_BEGINNING = 200  # rows with a value that begins with the text; where there are more, their time alone matters


def find(places: Sequence[Place], words: Sequence[str], text: str, now: datetime, limit: int) -> dict[str, list[Found]]:
    """The best `limit` objects of each place that contain all words; `text` is what was asked for."""
    if not words or any(MARK in word for word in words):
        return {}
    texts, values = texts_containing(words, text)
    parts = [part for place in places for part in _parts(place, words, text, now, limit)]
    # Materialized, because each part reads the texts that were found; launches have most of them.
    sql = (
        f'WITH texts("search", "key", "begins") AS MATERIALIZED ({texts}), others AS MATERIALIZED'
        f""" (SELECT * FROM texts WHERE texts."search" NOT LIKE '%%/launch') {" UNION ALL ".join(sql for sql, _ in parts)}"""
    )
    found: dict[str, dict[str, Found]] = {}
    for row in rows_of(sql, [*values, *(value for _, more in parts for value in more)]):
        each = Found(*row)
        found.setdefault(each.place, {}).setdefault(each.key, each)
    return {place: list(some.values())[:limit] for place, some in found.items()}


def _parts(place: Place, words: Sequence[str], text: str, now: datetime, limit: int) -> Iterator[Part]:
    """The SELECTs of the best rows of one place, the best first."""
    if not place.search:
        name, _ = name_sql(place.kind)
        like = rf"lower({name}) LIKE %s ESCAPE '\'"
        condition, begin = " AND ".join([like] * len(words)), f"{escape_like(text.lower())}%"
        values = [f"%{escape_like(word.lower())}%" for word in words]
        yield _part(place, like, condition, f"{like} DESC, lower({name})", [begin, *values, begin], limit)
        return
    if not place.time:
        name, _ = name_sql(place.kind)
        order = f'others."begins" DESC, lower({name})'
        yield _part(place, 'others."begins"', 'others."search" = %s', order, [place.search], limit)
        return
    field: Any = model_of(place.kind)._meta.get_field(place.time)
    time, moment = f'named."{field.column}"', connection.ops.adapt_datetimefield_value(now)
    texts = _texts_of(place)
    of_texts = f'SELECT {_key_of_text(place)} FROM {texts} WHERE {texts}."search" = %s'
    ordered = f"{time} >= %s DESC, CASE WHEN {time} >= %s THEN {time} END, {time} DESC"
    some = f'named."id" IN ({of_texts} AND {texts}."begins" LIMIT {_MOST_BEGINNING})'
    yield _part(place, "TRUE", some, ordered, [place.search, moment, moment], limit)
    # Such rows are many, and many may be found: an index of their times is read until there are enough of them. The sign keeps
    # SQLite from reading all that are found and sorting them.
    key = '+named."id"' if connection.vendor == "sqlite" else 'named."id"'
    for order, condition in ((time, f"{time} >= %s"), (f"{time} DESC", f"{time} < %s")):
        yield _part(place, "FALSE", f"{condition} AND {key} IN ({of_texts})", order, [moment, place.search], limit)


def _part(place: Place, begins: str, condition: str, order: str, values: list[Any], limit: int) -> Part:
    model: Any = model_of(place.kind)
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    name, joins = name_sql(place.kind)
    listed = 'named."listed" IS NOT NULL' if "listed" in columns else f"NOT ({is_deleted_sql('named')})"
    nothing = "CAST(NULL AS text)"
    slug = f'named."{columns["slug"]}"' if "slug" in columns else nothing
    at = dialect().wire_forms["DateTimeField"].format(f'named."{columns[place.time]}"') if place.time else nothing
    label = f"COALESCE(NULLIF(named.\"{columns[place.label]}\", ''), {name})" if place.label else name
    precision = nothing
    if place.precision:
        precision, precisions = 'precise."abbrev"', model._meta.get_field(place.precision).related_model._meta.db_table
        joins += f' LEFT JOIN "{precisions}" AS precise ON precise."id" = named."{columns[place.precision]}"'
    table = f'"{model._meta.db_table}" AS named'
    if place.search and not place.time:
        table = f'others JOIN {table} ON named."id" = {_key_of_text(place)}'
    return (
        f'SELECT * FROM (SELECT CAST(%s AS text) AS place, CAST(named."id" AS text) AS key, {label} AS name, {slug} AS slug,'
        f" {at} AS at, {precision} AS precision, {begins} AS begins FROM {table}{joins} WHERE {listed} AND {condition}"
        f' ORDER BY {order}, named."id" LIMIT {limit:d}) AS part',
        [place.name, *values],
    )


def _texts_of(place: Place) -> str:
    return "texts" if place.search.endswith("/launch") else "others"


def _key_of_text(place: Place) -> str:
    is_text = model_of(place.kind)._meta.pk.get_internal_type() == "CharField"
    key = f'{_texts_of(place)}."key"'
    return key if is_text else f"CAST({key} AS bigint)"
