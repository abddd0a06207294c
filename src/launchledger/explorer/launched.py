"""The launches of something, such as a vehicle: how many there were in each year and how they ended, the last and the next ones.

Promises: counts are of the listed launches of this catalogue, in a fixed number of queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import get_script_prefix

from launchledger import clock
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.statistics.reading import UtcYear, counting
from launchledger.documents.listed import listed
from launchledger.explorer.charts.bars import Category, Series, bar_chart, every_year
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.objects import Objects, Shown
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT

NEAR = 5  # launches before now, and after


class _Outcome(NamedTuple):
    name: str
    mark: int
    statuses: Collection[int]  # of launches

    @property
    def filters(self) -> dict[str, str | int]:
        """What chooses its launches in their list."""
        if len(self.statuses) == 1:
            return {"status": next(iter(self.statuses))}
        return {"status__ids": ",".join(map(str, self.statuses))}


_PENDING = _Outcome("Pending", 7, (1, 2, 5, 6, 8, 9))  # all others count as pending too
_OUTCOMES = (
    _Outcome("Success", 1, (3,)),
    _Outcome("Partial failure", 5, (7,)),
    _Outcome("Failure", 2, (4,)),
)


def launches_address(filters: dict[str, str | int]) -> str:
    """The address of the list of all launches with these filters."""
    return f"{get_script_prefix()}launches/?{urlencode({'when': 'all', **filters})}"


def launches_by_year(which: Q, filters: dict[str, str | int]) -> Chart | None:
    """The launches of each year by their outcome, None if there are none. `filters` choose the same launches in their list."""
    rows = Launch.objects.filter(counting(), which).order_by().values_list(UtcYear("net"), "status").annotate(Count("pk"))
    found: Counter[tuple[_Outcome, int]] = Counter()
    for year, status, count in rows:
        found[next((each for each in _OUTCOMES if status in each.statuses), _PENDING), year] += count
    if not found:
        return None
    years = every_year(year for _, year in found)
    series = [
        Series(
            outcome.name,
            outcome.mark,
            [found[outcome, year] for year in years],
            [launches_address({**filters, "net__year": year, **outcome.filters}) for year in years],
        )
        for outcome in (*_OUTCOMES, _PENDING)
        if any(other is outcome for other, _ in found)
    ]
    categories = [Category(str(year), launches_address({**filters, "net__year": year})) for year in years]
    return bar_chart("years", "Launches a year in this catalogue", categories, series)


@dataclass(frozen=True, slots=True)
class Near:
    """The launches around now, each at most NEAR: the next ones, the soonest first, and the last ones, the latest first."""

    to_come: list[Shown]
    past: list[Shown]


def launches_near(objects: Objects, which: Q) -> Near:
    """The next and the last of these launches, as lists show them."""
    shape = DEFAULT.resources["launch"].modes[NORMAL]
    rows, now = listed(shape).filter(which), clock.now()
    next_ones = list(rows.filter(net__gt=now).order_by("net", "pk").values_list("pk", flat=True)[:NEAR])
    last_ones = list(rows.filter(net__lte=now).order_by("-net", "-pk").values_list("pk", flat=True)[:NEAR])
    shown = {launch["id"]: launch for launch in objects.some(shape, [*next_ones, *last_ones])}
    return Near([shown[key] for key in next_ones if key in shown], [shown[key] for key in last_ones if key in shown])
