"""What differs between the two databases when rows are read: how SQL writes values as the wire does, and sets of keys."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

from launchledger.formats.encoding import encode


@dataclass(frozen=True, slots=True)
class Dialect:
    """`wire_forms` maps a field type to the SQL that writes its value in wire form (durations: as microseconds); `among` compares
    with a set of keys given as the one parameter, which `keys` prepares; `pairs` selects the pairs of numbers that
    `pair_parameters` prepares; `microseconds` writes a time, cut to its second, as microseconds since 1970."""

    wire_forms: dict[str, str]
    among: str
    pairs: str
    pair_parameters: Callable[[Collection[tuple[int, int]]], list[Any]]
    keys: Callable[[Collection[int | str]], Any]
    nulls_last: str
    microseconds: str
    begin_snapshot: str


DIALECTS = {
    "sqlite": Dialect(
        wire_forms={"DateTimeField": "replace({0}, ' ', 'T') || 'Z'", "DateField": "{0} || ''"},
        among="IN (SELECT value FROM json_each(%s))",
        pairs="SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)",
        pair_parameters=lambda pairs: [encode(list(pairs)).decode()],
        keys=lambda keys: encode(list(keys)).decode(),
        nulls_last="{0} IS NULL, {0}",
        microseconds="CAST(strftime('%%s', {0}) AS INTEGER) * 1000000",
        begin_snapshot="BEGIN DEFERRED",
    ),
    "postgresql": Dialect(
        wire_forms={
            "DateTimeField": """replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z'""",
            "DateField": "to_char({0}, 'YYYY-MM-DD')",
            "DurationField": "(extract(epoch from {0}) * 1000000)::bigint",
        },
        among="= ANY(%s)",
        pairs="SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
        pair_parameters=lambda pairs: [list(side) for side in zip(*pairs, strict=True)],
        keys=list,
        nulls_last="{0} NULLS LAST",
        microseconds="floor(extract(epoch from {0}))::bigint * 1000000",
        begin_snapshot="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    ),
}


@cache
def dialect() -> Dialect:
    """The dialect of the database of this process."""
    return DIALECTS[connection.vendor]
