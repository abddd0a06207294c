"""The overrides of the catalogue, each with the observed value.

Promises: one query for each kind of rows and a few more, however many overrides there are; sorted by resource, id and column.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from launchledger.catalogue.actions.columns import as_json
from launchledger.catalogue.actions.overriding import Address
from launchledger.catalogue.actions.seen import parse_observations
from launchledger.catalogue.models.base import Observed, Origin, origin_of
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.queries.overview import names_of
from launchledger.catalogue.records import Key
from launchledger.catalogue.statistics.numbers import SINCE, families_of
from launchledger.curation.columns import Column, column_of, written
from launchledger.formats.times import UNKNOWN


@dataclass(frozen=True, slots=True)
class Listed:
    """An override, and what its column would hold without it: `observed`, seen at `observed_at` in `source`.

    Values are in wire form, relations and lists as ids. With the origin `computed`, `observed` is what the catalogue computes, or
    the default of a column that no reply had. `agrees`: both are equal, and `observed` is more than a default.
    """

    column: Column
    key: Key
    name: str
    value: Any
    observed: Any
    origin: Origin
    observed_at: datetime | None
    source: str
    agrees: bool
    reason: str
    at: datetime
    until: datetime | None

    @property
    def address(self) -> Address:
        return self.column.subject.kind, str(self.key), self.column.field.column


def overrides(now: datetime) -> list[Listed]:
    """Every override. Numbers that no reply had are computed as of now."""
    by_kind: dict[str, list[Override]] = defaultdict(list)
    for each in Override.objects.all():
        by_kind[each.kind].append(each)
    names, _ = names_of([(each.kind, each.key) for some in by_kind.values() for each in some])
    found = []
    for kind, some in by_kind.items():
        model = model_of(kind)
        rows = {str(row.pk): row for row in model._default_manager.filter(pk__in={each.key for each in some})}
        computed = _computed(model, some, rows, now)
        found += [_listed(each, rows[each.key], names.get((kind, each.key), ""), computed) for each in some]
    return sorted(found, key=lambda each: (each.column.subject.name, each.key, each.column.name))


def _listed(each: Override, row: Any, name: str, computed: dict[tuple[str, str], Any]) -> Listed:
    seen = parse_observations(row.observations)
    origin = origin_of(each.column, seen)
    number = (each.key, each.column)
    beneath = computed.get(number, each.observed_value) if origin is Origin.COMPUTED else each.observed_value
    sighting = seen.get(each.column)
    column = column_of(each.kind, each.column)
    return Listed(
        column,
        row.pk,
        name,
        written(column, each.value),
        written(column, beneath),
        origin,
        None if sighting is None or sighting.at == UNKNOWN else sighting.at,
        sighting.source if sighting else "",
        each.value == beneath and (origin is Origin.OBSERVED or number in computed),
        each.reason,
        each.at,
        each.until,
    )


def _computed(
    model: type[Observed], overrides: list[Override], rows: dict[str, Any], now: datetime
) -> dict[tuple[str, str], Any]:
    """What the catalogue computes for each of these that is a number, in wire form."""
    found = {}
    for family in families_of(model):
        runs = {number.column: number.runs for number in family.numbers}
        some = [each for each in overrides if each.column in runs]
        values = family.values({rows[each.key].pk for each in some}, now) if some else {}
        for each in some:
            computed = values.get(rows[each.key].pk, family.empty)
            value = computed.get(each.column, family.empty[each.column])
            since = computed.get(each.column + SINCE) if runs[each.column] else None
            found[each.key, each.column] = as_json(value if since is None else value + (now - since))
    return found
