"""Comparing observed numbers with computed ones: where they differ, one of the two is wrong or incomplete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from launchledger.catalogue.models.base import Origin
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.statistics.differing import differences
from launchledger.catalogue.statistics.numbers import FAMILIES, SINCE, Family
from launchledger.catalogue.statistics.reading import Key, rows_of


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One object whose number was observed as `observed` and computed from the catalogue's rows as `ours`."""

    key: Key
    name: str
    observed: Any
    ours: Any


@dataclass(slots=True)
class Comparison:
    """One number over all objects: how many were observed, how many of them equal the computed value, and those that differ.

    `running` counts those that cannot be compared: times of what is in space now, which were true when observed.
    """

    model: str
    number: str
    compared: int = 0
    running: int = 0
    differing: list[Disagreement] = default(default_factory=list)

    @property
    def equal(self) -> int:
        return self.compared - len(self.differing)


def compare(now: datetime) -> Iterator[Comparison]:
    """Compare every declared number, in the order of the declaration, as of now. Overridden numbers are left out."""
    for family in FAMILIES:
        yield from _compare(family, now)


def _compare(family: Family, now: datetime) -> Iterator[Comparison]:
    comparisons = {number.column: Comparison(family.model.kind, number.column) for number in family.numbers}
    differing = dict(differences(family, None, now))
    overrides = set(Override.objects.filter(kind=family.model.kind).values_list("key", "column"))
    for row in rows_of(family.model).filter(is_not_deleted(family.model)).order_by("pk").iterator(500):
        columns = differing.get(row.pk, {})
        for number, comparison in comparisons.items():
            if row.origin_of(number) is not Origin.OBSERVED or (str(row.pk), number) in overrides:
                continue
            if number + SINCE in columns:
                comparison.running += 1
                continue
            comparison.compared += 1
            if number in columns:
                observed, ours = columns[number]
                comparison.differing.append(Disagreement(row.pk, getattr(row, "name", None) or "", observed, ours))
    yield from comparisons.values()
