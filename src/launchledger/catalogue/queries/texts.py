"""Finding objects by words anywhere in their searched values.

Promises: every object found contains each word within one of its values, in any case. With an index of runs of three characters
on the texts (SQLite's FTS5, PostgreSQL's pg_trgm) only texts that contain the words are read; words of one or two characters, and
databases without such an index, need all texts of the search, which is slower and finds the same.
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

from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.texts import SearchedText
from launchledger.catalogue.queries.statements import rows_of

MARK = "\x02"  # before each value in a text; removed from the values
TRIGRAMS = "catalogue_searchedtext_trigrams"
_RUN_LENGTH = 3  # characters

_FOUND = f"""
    SELECT {{key}} FROM {TRIGRAMS} AS found CROSS JOIN "catalogue_searchedtext" AS stored ON stored."id" = found.rowid
    WHERE found."text" MATCH %s AND stored."search" = %s
"""

_SCANNED = """SELECT {key} FROM "catalogue_searchedtext" AS stored WHERE stored."search" = %s"""

_OF_ALL = 'SELECT stored."search", stored."key", {begins} FROM "catalogue_searchedtext" AS stored WHERE {condition}'
_OF_ALL_RUNS = f"""
    SELECT stored."search", stored."key", instr(stored."text", %s) > 0
    FROM {TRIGRAMS} AS found CROSS JOIN "catalogue_searchedtext" AS stored ON stored."id" = found.rowid
    WHERE found."text" MATCH %s
"""


@dataclass(frozen=True, slots=True)
class Search:
    """Where a search of rows of this kind looks: paths to columns. A word must be at the beginning of a value, or anywhere in it.

    Its texts are stored under its `name`.
    """

    name: str
    kind: str
    paths: tuple[str, ...]
    from_beginning: bool

    @property
    def model(self) -> Any:
        return model_of(self.kind)


declared_searches: dict[tuple[str, tuple[str, ...]], Search] = {}


def declare_search(name: str, kind: str, columns: tuple[str, ...]) -> None:
    """Declare that rows of this kind are searched in these columns, all with ^ before them or none, so that texts are stored.

    Searches of one kind in the same columns share their texts, under the first's name.
    """
    paths = tuple(column.removeprefix("^") for column in columns)
    declared_searches.setdefault((kind, columns), Search(name, kind, paths, columns[0].startswith("^")))


def searches() -> Mapping[str, Search]:
    """All declared searches, by their names."""
    return {search.name: search for search in declared_searches.values()}


def search_in(kind: str, columns: tuple[str, ...]) -> Search | None:
    """The search of rows of this kind in these columns, if it was declared."""
    return declared_searches.get((kind, columns))


def text_of(values: Iterable[str]) -> str:
    """The text of an object that has these values, which may be empty."""
    return "".join(f"{MARK}{value}" for value in sorted({value.lower().replace(MARK, " ") for value in values if value}))


def containing(search: Search, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
    """The rows of these that contain every word."""
    if any(MARK in word for word in words):
        return rows.none()
    wanted = _without_implied([(MARK if search.from_beginning else "") + word.lower() for word in words])
    if connection.vendor == "sqlite" and _has_trigrams():
        return rows.filter(pk__in=_on_sqlite(search, wanted))
    stored = SearchedText.objects.filter(reduce(and_, (Q(text__contains=word) for word in wanted)), search=search.name)
    return rows.filter(pk__in=stored.values_list(Cast("key", search.model._meta.pk), flat=True))


def texts_containing(words: Sequence[str], text: str) -> tuple[str, list[Any]]:
    """The SELECT of all texts, of whichever search, that contain every word anywhere: "search", "key", and whether one of its
    values "begins" with this text."""
    wanted = _without_implied([word.lower() for word in words])
    begins = MARK + text.lower().replace(MARK, " ")
    if connection.vendor != "sqlite":
        condition = " AND ".join(['stored."text" LIKE %s'] * len(wanted))
        sql = _OF_ALL.format(begins='strpos(stored."text", %s) > 0', condition=condition)
        return sql, [begins, *(f"%{escape_like(word)}%" for word in wanted)]
    runs = [word for word in wanted if len(word) >= _RUN_LENGTH] if _has_trigrams() else []
    others = [word for word in wanted if word not in runs]
    conditions = ['instr(stored."text", %s) > 0'] * len(others)
    if not runs:
        return _OF_ALL.format(begins='instr(stored."text", %s) > 0', condition=" AND ".join(conditions)), [begins, *others]
    return _OF_ALL_RUNS + "".join(f" AND {each}" for each in conditions), [begins, " ".join(map(_phrase, runs)), *others]


def escape_like(text: str) -> str:
    """A text for a pattern of LIKE whose escape is a backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _without_implied(words: Sequence[str]) -> list[str]:
    """The words without those that another word contains."""
    return [word for word in dict.fromkeys(words) if not any(word in other and word != other for other in words)]


def _on_sqlite(search: Search, words: Sequence[str]) -> RawSQL:
    """The keys of the texts that contain these words: by the index for words that are long enough, else by a scan."""
    runs = [word for word in words if len(word) >= _RUN_LENGTH]
    short = [word for word in words if len(word) < _RUN_LENGTH]
    key = 'stored."key"' if search.model._meta.pk.get_internal_type() == "CharField" else 'CAST(stored."key" AS INTEGER)'
    sql = (_FOUND if runs else _SCANNED).format(key=key) + ' AND instr(stored."text", %s) > 0' * len(short)
    phrases = [" ".join(map(_phrase, runs))] if runs else []
    return RawSQL(sql, [*phrases, search.name, *short])  # noqa: S611  (values are parameters)


def _phrase(word: str) -> str:
    """A word in FTS5's syntax, as one phrase."""
    return '"' + word.replace('"', '""') + '"'


@cache
def _has_trigrams() -> bool:
    return bool(rows_of("SELECT 1 FROM sqlite_master WHERE name = %s", [TRIGRAMS]))
