"""Reading and updating rows as plain tuples, without instances: for writers that compare many rows and change few.

Promises: reads the values that instances of the model would have, by SELECTs whose text is made once. Writes one UPDATE for each
row, with values that the caller has converted to what the database takes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

from launchledger.catalogue.queries.dialects import dialect
from launchledger.catalogue.queries.statements import rows_of
from launchledger.formats.encoding import decode

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class KeyedSelect:
    """A SELECT by keys, and the converters from the database's values to Python's, by place in its rows."""

    sql: str
    converters: tuple[tuple[int, Convert], ...]

    def rows(self, keys: Collection[int | str]) -> Iterator[tuple[Any, ...] | list[Any]]:
        for row in rows_of(self.sql, [dialect().keys(keys)]):
            if not self.converters:
                yield row
                continue
            values = list(row)
            for place, convert in self.converters:
                if values[place] is not None:
                    values[place] = convert(values[place])
            yield values


@cache
def keyed_select(model: type[models.Model], columns: tuple[str, ...], among: str, only: str = "", order: str = "") -> KeyedSelect:
    """The SELECT of these columns, of rows whose column `among` is one of some keys; `only` is a further condition."""
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(column) for column in columns]
    key: Any = model._meta.get_field(among)
    sql = f"SELECT {', '.join(quote(field.column) for field in fields)} FROM {quote(model._meta.db_table)}"  # noqa: S608  (our names)
    sql += f" WHERE {quote(key.column)} {dialect().among}{only}{order}"
    converters = ((place, _converter(model, field)) for place, field in enumerate(fields))
    return KeyedSelect(sql, tuple((place, convert) for place, convert in converters if convert))


def update(model: type[models.Model], columns: Iterable[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write these columns of stored rows: each of `rows` holds their values in order, and then its key."""
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(column) for column in columns]
    key: Any = model._meta.pk
    written = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {written} WHERE {quote(key.column)} = %s"  # noqa: S608  (our names)
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _converter(model: type[models.Model], field: Any) -> Convert | None:
    if isinstance(field, models.JSONField):
        return decode
    expression = field.get_col(model._meta.db_table)
    found = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    if not found:
        return None

    def convert(value: Any) -> Any:
        for each in found:
            value = each(value, expression, connection)
        return value

    return convert
