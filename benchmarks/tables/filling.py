"""Writes the generated catalogue into an empty database with tables, SQLite or PostgreSQL, in one transaction."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from benchmarks.tables.families import crews, decided_columns
from benchmarks.tables.proportions import LIST, LISTS
from benchmarks.tables.story import Story
from benchmarks.tables.values import maker
from benchmarks.tables.words import Text
from launchledger.catalogue.actions.columns import table
from launchledger.catalogue.models.base import Link, Observed, Owned
from launchledger.catalogue.models.clock import Clock
from launchledger.catalogue.models.column import SortKey
from launchledger.catalogue.sorting import sort_key
from launchledger.catalogue.statistics.numbers import RULES, families_of
from launchledger.formats.times import format_date_time
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE

SOURCE = "benchmark"
_BOOKKEEPING = {"id", "source", "observed_at", "observations", "not_understood", "deleted_at"}
# Names that a list shows in place of relations; here all relations are known.
_NAMES_ALONE = {"lsp_name", "mission_name", "mission_type", "pad_name", "location_name", "agency_name"}
_CHUNK = 5_000  # rows in one statement

Model = type[models.Model]
Row = list[Any]


def fill(scale: float, seed: int, now: datetime) -> dict[str, int]:
    """Fill an empty catalogue; gives the number of rows for each model. The database makes its own statistics.

    On SQLite this trades safety for speed: an interrupted build leaves a file that must be deleted.
    """
    story = Story(scale, seed, now)
    text = Text(seed)
    written = {}
    with transaction.atomic():
        for model in _models():
            written[model.__name__] = _write(model, _rows(model, story, text))
        first = {"kind": "Launch", "key": story.launch_ids[0], "action": Entry.Action.CREATED, "changes": {}}
        Entry.objects.create(transaction=1, at=now, source=SOURCE, **first)
        Clock.objects.create(refreshed_at=now, rules=RULES)
    return written


def _models() -> list[Model]:
    kinds = (Observed, Link, Owned)
    return [model for model in apps.get_app_config("catalogue").get_models() if issubclass(model, kinds)]


def _rows(model: Model, story: Story, text: Text) -> Iterator[Row]:
    if issubclass(model, Observed):
        return _observed(model, story, text)
    members = crews(story).get(model.__name__) if issubclass(model, Link) else None
    return _linked(model, story, members) if members is not None else _listed(model, story, text)


def _written(model: Model) -> list[Any]:
    """The columns to fill: all but generated ones."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _observed(model: type[Observed], story: Story, text: Text) -> Iterator[Row]:
    """The rows of a model with ids, as if each had been observed in one complete reply."""
    name = model.__name__
    chance = Random(f"{name} {story.seed}")
    columns = [field for field in _written(model) if field.name not in _BOOKKEEPING and not isinstance(field, SortKey)]
    sorted_by = [field.attname for field in _written(model) if isinstance(field, SortKey)]
    makers = {field.attname: _keyed(field, maker(field, story.scale, text, story.now), story) for field in columns}
    nothing = _never_observed(model)
    positions = {
        field.name: f"{field.name.removesuffix('_position')}_id" for field in columns if field.name.endswith("_position")
    }
    places: dict[tuple[str, Any], Iterator[int]] = defaultdict(count)
    decide = decided_columns(name)
    seen = json.dumps(_seen(model))
    order = [field.attname for field in _written(model)]
    for number in range(1, story.rows(name) + 1):
        at = story.now - timedelta(minutes=1 + number % 1_000)
        row = {attribute: make(chance) for attribute, make in makers.items()} | nothing | decide(story, number, chance)
        row.setdefault("id", number)
        for position, owner in positions.items():
            row[position] = None if row[owner] is None else next(places[owner, row[owner]])
        observations = f'[["{format_date_time(at)}", "{SOURCE}", {seen}]]'
        row |= {"source": SOURCE, "observed_at": at, "observations": observations, "not_understood": "{}", "deleted_at": None}
        row |= {column: _sort_key(row[column.removesuffix("_key")]) for column in sorted_by}
        yield [row[attribute] for attribute in order]


def _sort_key(name: str | None) -> bytes | None:
    return None if name is None else sort_key(name)


def _seen(model: type[Observed]) -> list[str]:
    """The columns and lists in a complete reply."""
    known = table(model)
    ours = _BOOKKEEPING | _never_observed(model).keys()
    return sorted(
        {*known.attributes, *known.lists}
        - {column for column in known.attributes if column in ours or column.endswith("_position")}
    )


def _never_observed(model: type[Observed]) -> dict[str, Any]:
    """The columns that are in no reply: those for computed numbers, of which there are none here."""
    families = families_of(model)
    since = {column for family in families for column in family.columns} - {
        n.column for family in families for n in family.numbers
    }
    names = {field.column for shape in WIRE.shapes.values() if shape.model == model.__name__ for field in shape.fields}
    since |= names & _NAMES_ALONE
    return dict.fromkeys(since) | {family.flag: False for family in families if family.flag}


def _keyed(field: Any, make: Any, story: Story) -> Any:
    """Relations to launches use their UUIDs; there is one for each row."""
    if field.is_relation and field.related_model.__name__ == "Launch":
        return lambda chance: None if (number := make(chance)) is None else story.launch_ids[number - 1]
    return make


def _linked(model: Model, story: Story, members: list[list[int]]) -> Iterator[Row]:
    fields: Any = {field.name: field for field in _written(model)}
    owner, member = (_key_of(fields[side].related_model, story) for side in ("owner", "member"))
    order = [field.name for field in _written(model)]
    numbers = count(1)
    for place, listed in enumerate(members):
        for position, other in enumerate(dict.fromkeys(listed)):
            row = {"id": next(numbers), "position": position, "owner": owner(place), "member": member(other), "follows": False}
            yield [row[name] for name in order]


def _listed(model: Model, story: Story, text: Text) -> Iterator[Row]:
    """Lists of random length: links to any rows of a table, or rows that are part of their owner."""
    chance = Random(f"{model.__name__} {story.seed}")
    fields: Any = {field.name: field for field in _written(model)}
    owners = fields["owner"].related_model
    key = _key_of(owners, story)
    makers = {
        field.attname: _keyed(field, maker(field, story.scale, text, story.now), story)
        for field in fields.values()
        if field.name not in ("id", "owner", "position", "not_understood")
    }
    order = [field.attname for field in _written(model)]
    shares = LISTS.get(model.__name__, LIST)
    numbers = count(1)
    for place in range(story.rows(owners.__name__)):
        length = chance.choices(range(len(shares)), shares)[0]
        taken = set()
        for position in range(length):
            row = {attribute: make(chance) for attribute, make in makers.items()}
            if issubclass(model, Link):
                if row["member_id"] in taken:
                    continue
                taken.add(row["member_id"])
                position = len(taken) - 1
            row |= {"id": next(numbers), "position": position, "owner_id": key(place), "not_understood": "{}"}
            yield [row[attribute] for attribute in order]


def _key_of(model: Model, story: Story) -> Any:
    """From a place to the key of a row."""
    return story.launch_ids.__getitem__ if model.__name__ == "Launch" else lambda place: place + 1


def _write(model: Model, rows: Iterable[Row]) -> int:
    fields = _written(model)
    quoted = connection.ops.quote_name
    into = f"{quoted(model._meta.db_table)} ({', '.join(quoted(field.column) for field in fields)})"
    return _copy(into, fields, rows) if connection.vendor == "postgresql" else _insert(into, fields, rows)


def _insert(into: str, fields: list[Any], rows: Iterable[Row]) -> int:
    prepared = [
        (place, field.get_db_prep_save)
        for place, field in enumerate(fields)
        if isinstance(field, models.DateField | models.DurationField)
    ]
    sql = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(fields))})"
    written = 0
    chunk: list[Row] = []

    def flush() -> None:
        with connection.cursor() as cursor:
            cursor.executemany(sql, chunk)
        chunk.clear()

    for row in rows:
        for place, prepare in prepared:
            if row[place] is not None:
                row[place] = prepare(row[place], connection)
        chunk.append(row)
        written += 1
        if len(chunk) == _CHUNK:
            flush()
    if chunk:
        flush()
    return written


def _copy(into: str, fields: list[Any], rows: Iterable[Row]) -> int:
    written = 0
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                written += 1
        model = fields[0].model
        if isinstance(model._meta.pk, models.BigAutoField):
            for statement in connection.ops.sequence_reset_sql(_no_style(), [model]):
                cursor.execute(statement)
    return written


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()
