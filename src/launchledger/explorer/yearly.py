"""How many launches of something, such as a vehicle, there were in each year, and how they ended.

Promises: the launches that the list shows with the same filter, so that a number is that of the list that it leads to. One query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from launchledger.catalogue.queries.prepared import Prepared, prepared
from launchledger.catalogue.statistics.reading import UtcYear
from launchledger.explorer.charts.bars import Category, Series, bar_chart, every_year
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.last_and_next import address_of_all, rows_with


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


def launches_a_year(parameter: str, key: int) -> Chart | None:
    """The chart of the launches for which a parameter of their list has this value; None without a launch."""
    counts: Counter[tuple[_Outcome, int]] = Counter()
    for year, status, number in _query(parameter)(key=key):
        counts[_BY_STATUS.get(status, _PENDING), year] += number
    return _chart(counts, address_of_all("launch", parameter, key)) if counts else None


@cache
def _query(parameter: str) -> Prepared:
    @prepared("key")
    def by_year(key: Any) -> QuerySet[Any]:
        rows = rows_with("launch", parameter, key).filter(net__isnull=False).order_by().annotate(year=UtcYear("net"))
        counts: QuerySet[Any] = rows.values_list("year", "status").annotate(Count("pk"))
        return counts

    return by_year


def _chart(counts: Counter[tuple[_Outcome, int]], address: str) -> Chart:
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
