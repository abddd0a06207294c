"""The numbers of launchers (first stages that fly again) and of each of their flights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, Window
from django.db.models.functions import Lag, RowNumber

from launchledger.catalogue.models.launchers import FirstStage
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.statistics.flying import flown
from launchledger.catalogue.statistics.reading import FINISHED, Key, Keys, Values, among, counting


def launchers(keys: Keys, now: datetime) -> Mapping[Key, Values]:
    """The finished launches of each launcher, the first and the last flown, and its landings."""
    has_flown = flown(now, "launch__")
    rows = among(listed_rows(FirstStage), "launcher", keys).values("launcher").order_by()
    counted = rows.annotate(
        flights=Count("launch", filter=is_listed(Launch, "launch__") & Q(launch__status__in=FINISHED), distinct=True),
        first_launch_date=Min("launch__net", filter=has_flown),
        last_launch_date=Max("launch__net", filter=has_flown),
        successful_landings=Count("pk", filter=has_flown & Q(landing__success=True)),
        attempted_landings=Count("pk", filter=has_flown & Q(landing__attempt=True)),
    )
    return {row.pop("launcher"): row for row in counted}


def stages(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    """For each flight of a launcher, by net: its number, the flight before it, and the whole days between.

    A placeholder is one row for launchers that are not known yet, so its flights are not a sequence.
    """
    rows = listed_rows(FirstStage).filter(counting("launch__"), launcher__is_placeholder=False)
    if keys is not None:
        rows = rows.filter(launcher__in=FirstStage.objects.filter(pk__in=list(keys)).values("launcher"))
    order, launcher = ["launch__net", "pk"], F("launcher")
    flights = rows.order_by().values_list(
        "pk",
        "launch__net",
        Window(RowNumber(), partition_by=launcher, order_by=order),
        Window(Lag("launch_id"), partition_by=launcher, order_by=order),
        Window(Lag("launch__net"), partition_by=launcher, order_by=order),
    )
    return {
        key: {
            "launcher_flight_number": number,
            "previous_flight": previous,
            "previous_flight_date": before,
            "turn_around_time_days": (net - before).days if before else None,
        }
        for key, net, number, previous, before in flights
        if keys is None or key in keys
    }
