"""The launches of something, such as a vehicle: how many there were in each year and how they ended, the last and the next ones.

Promises: counts are of the listed launches of this catalogue; one query for all of it, and one for the launches that are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import get_script_prefix

from launchledger import clock
from launchledger.catalogue.choices import LEFT
from launchledger.catalogue.queries.listing import stored_values
from launchledger.catalogue.statistics.reading import launches
from launchledger.explorer.charts.bars import Category, Series, bar_chart, every_year
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.objects import Objects, Shown
from launchledger.wire.resources import LIST
from launchledger.wire.served import DEFAULT

NEAR = 5  # launches to come, and flown

Filters = dict[str, str | int]


class _Outcome(NamedTuple):
    name: str
    mark: int
    statuses: Sequence[int]  # of launches

    @property
    def query(self) -> str:
        """What chooses its launches in their list."""
        return f"status__ids={','.join(map(str, self.statuses))}" if len(self.statuses) > 1 else f"status={self.statuses[0]}"


_PENDING = _Outcome("Pending", 7, (1, 2, 5, 6, 8, 9))  # all others count as pending too
_OUTCOMES = (
    _Outcome("Success", 1, (3,)),
    _Outcome("Partial failure", 5, (7,)),
    _Outcome("Failure", 2, (4,)),
)
_BY_STATUS = {status: outcome for outcome in _OUTCOMES for status in outcome.statuses}


@dataclass(frozen=True, slots=True)
class Launched:
    """The launches of something. `address` is their list; `to_come` and `flown` are those around now, each at most NEAR.

    `to_come` has the soonest first, `flown` the latest first, in the shape of `mode=list`; `chart` is None where there are none.
    """

    address: str
    to_come: list[Shown]
    flown: list[Shown]
    chart: Chart | None


def launches_address(filters: Filters) -> str:
    """The address of the list of all launches with these filters."""
    return f"{get_script_prefix()}launches/?{urlencode({'when': 'all', **filters})}"


def launched(objects: Objects, which: Q, filters: Filters) -> Launched:
    """The launches that fulfil a condition. `filters` choose the same launches in their list."""
    address = launches_address(filters)
    rows = stored_values(launches().filter(which).order_by("net", "pk"), "pk", "net", "status")
    # A time is a text on SQLite and a datetime on PostgreSQL; both are written alike to the second.
    now = f"{clock.now():%Y-%m-%d %H:%M:%S}"
    to_come = [key for key, net, status in rows if status not in LEFT and str(net)[:19] > now][:NEAR]
    flown = [key for key, _, status in rows if status in LEFT][: -NEAR - 1 : -1]
    shape = DEFAULT.resources["launch"].modes[LIST]
    shown = {launch["id"]: launch for launch in objects.some(shape, [*to_come, *flown])}
    counts = Counter((_BY_STATUS.get(status, _PENDING), int(str(net)[:4])) for _, net, status in rows)
    return Launched(
        address,
        [shown[key] for key in to_come if key in shown],
        [shown[key] for key in flown if key in shown],
        _chart(counts, address) if counts else None,
    )


def _chart(counts: Counter[Any], address: str) -> Chart:
    """The chart of so many launches by their outcome and year."""
    years = every_year(year for _, year in counts)
    categories = [Category(str(year), f"{address}&net__year={year}") for year in years]
    seen = {outcome for outcome, _ in counts}
    series = [
        Series(
            outcome.name,
            outcome.mark,
            [counts[outcome, year] for year in years],
            [f"{category.href}&{outcome.query}" for category in categories],
        )
        for outcome in (*_OUTCOMES, _PENDING)
        if outcome in seen
    ]
    unit = "launch" if counts.total() == 1 else "launches"
    return bar_chart("years", "Launches a year in this catalogue", categories, series, unit=unit)
