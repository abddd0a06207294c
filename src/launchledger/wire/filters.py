"""The filters of each resource: the type of a query parameter, and the column of the catalogue that it is compared with.

Declared once; the framework's filters and the parameters of the OpenAPI document are derived from it. A path is relations and a
column of the catalogue, joined by `__`. A filter that is not a comparison has a `rule` (see `api.filter_rules`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["integer", "number", "text", "boolean", "date", "date-time", "uuid"]
Several = Literal["", "commas", "repeated"]

RANGE = ("gt", "gte", "lt", "lte")
CONTAINS = ("contains",)
ANY_CASE = ("icontains",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One query parameter.

    With `several` it accepts many values, in repeated parameters or separated by commas, whichever of both the contract declares.
    `choice_of` is the model whose ids it accepts. With `declared_single` the OpenAPI document declares one value, as the contract
    does, although several are accepted.
    """

    name: str
    kind: Kind
    path: str
    lookup: str = "exact"
    several: Several = ""
    choice_of: str = ""
    rule: str = ""
    declared_single: bool = False


def with_lookups(name: str, kind: Kind, path: str, lookups: tuple[str, ...], *, plain: bool = True) -> tuple[Filter, ...]:
    """A parameter and its forms with two underscores and a lookup."""
    exact = (Filter(name=name, kind=kind, path=path),) if plain else ()
    return exact + tuple(Filter(name=f"{name}__{lookup}", kind=kind, path=path, lookup=lookup) for lookup in lookups)


def integers(*names: str) -> tuple[Filter, ...]:
    return tuple(found for name in names for found in with_lookups(name, "integer", name, RANGE))


def texts(*names: str, path: str = "") -> tuple[Filter, ...]:
    return tuple(found for name in names for found in with_lookups(name, "text", path or name, CONTAINS))


def times(*names: str) -> tuple[Filter, ...]:
    """Times are compared by ranges only."""
    return tuple(found for name in names for found in with_lookups(name, "date-time", name, RANGE, plain=False))


def flags(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name=name, kind="boolean", path=name) for name in names)


def text(name: str, path: str = "") -> tuple[Filter, ...]:
    return (Filter(name=name, kind="text", path=path or name),)


def id(name: str, path: str = "") -> tuple[Filter, ...]:
    return (Filter(name=name, kind="integer", path=path or name),)


def key(name: str = "id", path: str = "id") -> tuple[Filter, ...]:
    """Ids separated by commas, where the contract declares one id (contract, "What those do": `id` takes lists)."""
    return (Filter(name=name, kind="integer", path=path, several="commas", declared_single=True),)


def choice(name: str, model: str, path: str = "") -> tuple[Filter, ...]:
    """The id of a row. An id that is not in the catalogue matches nothing, and is not an error: it may exist upstream."""
    return (Filter(name=name, kind="integer", path=path or name, choice_of=model),)


def ids(name: str, path: str, kind: Kind = "integer") -> tuple[Filter, ...]:
    """Values separated by commas."""
    return (Filter(name=name, kind=kind, path=path, several="commas"),)


def repeated(name: str, model: str, path: str) -> tuple[Filter, ...]:
    """Ids, each in its own parameter."""
    return (Filter(name=name, kind="integer", path=path, several="repeated", choice_of=model),)


def by_rule(name: str, rule: str, kind: Kind = "boolean", several: Several = "") -> tuple[Filter, ...]:
    return (Filter(name=name, kind=kind, path="", rule=rule, several=several),)


def calendar(column: str, *prefixes: str) -> tuple[Filter, ...]:
    """Years, months and days of a time; clients name them with and without a prefix."""
    return tuple(
        found
        for prefix in prefixes
        for part in ("year", "month", "day")
        for found in by_rule(f"{prefix}{part}", f"{column}_{part}", "integer", "commas")
    )


def videos(rule: str) -> tuple[Filter, ...]:
    return by_rule("video_url", rule, "text", "commas")
