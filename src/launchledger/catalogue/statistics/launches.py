"""The numbers of launches: their ranks among others, and the time since the previous launch from the pad."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Window
from django.db.models.functions import Lag

from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.statistics.reading import Key, Keys, Rows, UtcYear, Values, among, launches, orbital

# A rank counts the launches for which this path leads to the same row; all launches where it is empty.
_WITHIN = {"orbital": "", "location": "pad__location", "pad": "pad", "agency": "launch_service_provider"}


def ranks(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    """The rank of each launch by net, of all years and of its year in UTC.

    Suborbital launches have no rank among the orbital ones: `orbital_launch_attempt_count` is null, that of the year 0.
    Launches with equal nets have the same rank, that of the last of them.
    """
    found: dict[Key, Values] = defaultdict(dict)
    for name, path in _WITHIN.items():
        for key, rank, rank_of_year in _ranked(path, keys):
            if keys is None or key in keys:
                found[key] |= {f"{name}_launch_attempt_count": rank, f"{name}_launch_attempt_count_year": rank_of_year}
    suborbital = among(launches(), "pk", keys).exclude(orbital()).values_list("pk", flat=True)
    for key in suborbital:
        found[key]["orbital_launch_attempt_count_year"] = 0
    return found


def _ranked(path: str, keys: Keys) -> Iterable[tuple[Key, int, int]]:
    if not path:
        return _ranked_in_orbit(keys)
    rows = launches().filter(**{f"{path}__isnull": False})
    if keys is not None:
        rows = rows.filter(**{f"{path}__in": Launch.objects.filter(pk__in=list(keys)).values(path)})
    return _places(rows, [F(path)])


def _ranked_in_orbit(keys: Keys) -> Iterator[tuple[Key, int, int]]:
    """Launches to orbit; those before the year of the first wanted launch are only counted, not ordered."""
    rows, before = launches().filter(orbital()), 0
    if keys is not None:
        first = launches().filter(pk__in=list(keys)).aggregate(first=Min("net"))["first"]
        if first is None:
            return
        begin = datetime(first.year, 1, 1, tzinfo=UTC)
        before = rows.filter(net__lt=begin).count()
        rows = rows.filter(net__gte=begin)
    for key, rank, rank_of_year in _places(rows, []):
        yield key, before + rank, rank_of_year


def _places(rows: Rows, within: list[Any]) -> Rows:
    rank = Window(Count("pk"), partition_by=within or None, order_by="net")  # up to the last row with the same net
    rank_of_year = Window(Count("pk"), partition_by=[*within, UtcYear("net")], order_by="net")
    return rows.order_by().values_list("pk", rank, rank_of_year)


def turnarounds(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    """The time from the net of the previous launch from the pad to this one's; zero (P0D) for a pad's first."""
    rows = launches().filter(pad__isnull=False)
    if keys is not None:
        rows = rows.filter(pad__in=Launch.objects.filter(pk__in=list(keys)).values("pad"))
    previous = Window(Lag("net"), partition_by=F("pad"), order_by=["net", "pk"])
    return {
        key: {"pad_turnaround": net - before if before else timedelta(0)}
        for key, net, before in rows.order_by().values_list("pk", "net", previous)
        if keys is None or key in keys
    }
