"""Where the values of one object come from: for each column, when and where it was last seen, or which override it has.

Promises: two queries. A value that was reported is told apart from one that was never reported (ADR 6), and an overridden value
is marked, with what it replaces. Sources are numbered in the order in which a page first shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from launchledger.catalogue.actions.overriding import SOURCE as OVERRIDE
from launchledger.catalogue.actions.seen import parse_observations
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.queries.statements import json_of, rows_by_id, rows_of
from launchledger.catalogue.statistics.numbers import families_of
from launchledger.explorer.html import escaped
from launchledger.formats.times import UNKNOWN
from launchledger.history import wording


@dataclass(frozen=True, slots=True)
class Source:
    """Where values of an object come from: its number on the page, its name, and the time of the sighting (None if unknown).

    For an override, `reason` is why it was made, and `observed` what was observed instead.
    """

    number: int
    name: str
    at: datetime | None
    is_override: bool = False
    reason: str = ""
    observed: str = ""

    @property
    def mark(self) -> SafeString:
        """The footnote behind a value. Pages have dozens: a template for each would cost a third of the page."""
        when = f", {wording.minute(self.at)}" if self.at else ""
        kind = " override" if self.is_override else ""
        tip = escaped(f"{self.name}{when}")
        return mark_safe(  # noqa: S308  (escaped)
            f'&NoBreak;<a class="source{kind}" href="#source-{self.number}" data-tip="{tip}">'
            f'<span class="unseen">Source </span>{self.number}</a>'
        )


_ANY_OVERRIDE = 'SELECT 1 FROM "catalogue_override" WHERE "kind" = %s AND "key" = %s LIMIT 1'


@cache
def _computed_columns(kind: str) -> frozenset[str]:
    """The columns of a kind that the catalogue computes where no reply has them."""
    return frozenset(number.column for family in families_of(model_of(kind)) for number in family.numbers)


class Sources:
    """The sources of one row's columns. `shown` are those that `of` was asked for, in the order of their numbers."""

    def __init__(self, kind: str, key: int | str) -> None:
        stored = next((observations for _, observations in rows_by_id(kind, ("observations",), [key])), None)
        self._seen = parse_observations(json_of(stored) or [])
        overridden = rows_of(_ANY_OVERRIDE, [kind, str(key)])  # hardly any object is
        self._overrides = {each.column: each for each in Override.objects.filter(kind=kind, key=str(key))} if overridden else {}
        self._computed = _computed_columns(kind)
        self._numbers: dict[Any, Source] = {}

    @property
    def shown(self) -> list[Source]:
        return list(self._numbers.values())

    def of(self, column: str) -> Source | None:
        """The source of a column, None if no reply had it and nothing computes it."""
        if override := self._overrides.get(column):
            name = wording.source(OVERRIDE)
            observed = wording.value(override.observed_value)
            return self._numbered(column, name, override.at, is_override=True, reason=override.reason, observed=observed)
        if seen := self._seen.get(column):
            at = None if seen.at <= UNKNOWN else seen.at
            return self._numbered((at, seen.source), wording.source(seen.source), at)
        if column in self._computed:
            return self._numbered("", "computed from other rows of this catalogue", None)
        return None

    def _numbered(self, identity: Any, name: str, at: datetime | None, **more: Any) -> Source:
        if identity not in self._numbers:
            self._numbers[identity] = Source(len(self._numbers) + 1, name, at, **more)
        return self._numbers[identity]
