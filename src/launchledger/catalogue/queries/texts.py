"""Finding objects by words that stand anywhere in what they are searched by.

Promises: what is found holds every word, each within one of its values, in whatever case. With an index of runs of three
characters beside the texts (SQLite's FTS5, PostgreSQL's pg_trgm) only those are read that hold the words; words of one or two
characters, and databases without such an index, read all texts of the resource, which is slower and finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from launchledger.catalogue.models.texts import SearchedText
from launchledger.catalogue.queries.plan import model_of
from launchledger.catalogue.queries.statements import rows_of
from launchledger.contract.resources import RESOURCES
from launchledger.contract.searching import SEARCH

MARK = "\x02"  # before each value in a text; values are cleared of it
TRIGRAMS = "catalogue_searchedtext_trigrams"
_RUN = 3  # characters

_FOUND = f"""
    SELECT {{key}} FROM {TRIGRAMS} AS found CROSS JOIN "catalogue_searchedtext" AS told ON told."id" = found.rowid
    WHERE found."text" MATCH %s AND told."resource" = %s
"""

_LOOKED_THROUGH = """SELECT {key} FROM "catalogue_searchedtext" AS told WHERE told."resource" = %s"""


@dataclass(frozen=True, slots=True)
class Search:
    """Where a search for a resource looks: paths to columns. A word must stand at the beginning of a value, or anywhere in it."""

    resource: str
    model: Any
    paths: tuple[str, ...]
    from_beginning: bool


@cache
def searches() -> Mapping[str, Search]:
    """By resource, those whose columns are declared. All columns of a resource are searched alike."""
    return {
        path: Search(
            path, model_of(RESOURCES[path].model), tuple(each.removeprefix("^") for each in declared), declared[0][0] == "^"
        )
        for path, declared in SEARCH.items()
    }


def text_of(values: Iterable[str]) -> str:
    """What is stored for an object that has these values, which may be empty."""
    return "".join(f"{MARK}{value}" for value in sorted({value.lower().replace(MARK, " ") for value in values if value}))


def holding(search: Search, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
    """Those of these rows that hold every word."""
    if any(MARK in word for word in words):
        return rows.none()
    wanted = _without_implied([(MARK if search.from_beginning else "") + word.lower() for word in words])
    if connection.vendor == "sqlite" and _has_trigrams():
        return rows.filter(pk__in=_on_sqlite(search, wanted))
    told = SearchedText.objects.filter(reduce(and_, (Q(text__contains=word) for word in wanted)), resource=search.resource)
    return rows.filter(pk__in=told.values_list(Cast("key", search.model._meta.pk), flat=True))


def _without_implied(words: Sequence[str]) -> list[str]:
    """The words that are in no other: where the other is found, they are."""
    return [word for word in dict.fromkeys(words) if not any(word in other and word != other for other in words)]


def _on_sqlite(search: Search, words: Sequence[str]) -> RawSQL:
    """The keys of what holds these words: by the index as far as they are long enough for it, else by looking through all."""
    runs = [word for word in words if len(word) >= _RUN]
    short = [word for word in words if len(word) < _RUN]
    key = 'told."key"' if search.model._meta.pk.get_internal_type() == "CharField" else 'CAST(told."key" AS INTEGER)'
    sql = (_FOUND if runs else _LOOKED_THROUGH).format(key=key) + ' AND instr(told."text", %s) > 0' * len(short)
    phrases = [" ".join(map(_phrase, runs))] if runs else []
    return RawSQL(sql, [*phrases, search.resource, *short])  # noqa: S611  (values are parameters)


def _phrase(word: str) -> str:
    """A word as FTS5 takes it: all of it, side by side."""
    return '"' + word.replace('"', '""') + '"'


@cache
def _has_trigrams() -> bool:
    return bool(rows_of("SELECT 1 FROM sqlite_master WHERE name = %s", [TRIGRAMS]))
