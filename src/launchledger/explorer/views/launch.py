"""`/launches/{slug}`: one launch, with how its net moved and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from launchledger import clock
from launchledger.catalogue.models.launches import Launch, LaunchStatus, NetPrecision
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.explorer.answering import Context, page
from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.slips import SaidNet, slip_chart
from launchledger.explorer.countdown import time_to_go
from launchledger.explorer.facts import Column, facts_of
from launchledger.explorer.histories import history_of
from launchledger.explorer.navigation import page_of
from launchledger.explorer.objects import Objects, Shown
from launchledger.explorer.pads import map_of_pad
from launchledger.explorer.sources import Sources
from launchledger.formats.times import parse_date_time
from launchledger.history.slips import Slips, slips_of

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

_FACTS = (
    Column("Status", "status"),
    Column("Window opens", "window_start"),
    Column("Window closes", "window_end"),
    Column("Probability", "probability", lambda percent: f"{percent} %" if percent >= 0 else "not given"),
    Column("Weather concerns", "weather_concerns"),
    Column("Hold reason", "holdreason"),
    Column("Failure", "failreason"),
    Column("Hashtag", "hashtag"),
    Column("Last update upstream", "last_updated"),
)
_RANKS = (("orbital", "orbital launch attempt"), ("agency", "launch of"), ("location", "launch from"), ("pad", "launch from"))


@page("launch.html")
def launch(request: HttpRequest, objects: Objects, name: str) -> Context | HttpResponseBase:
    """A launch for people, by its slug; its id leads there."""
    key = _key_of(name)
    shown = objects.one("launch", key)
    if (address := page_of(shown)) != request.path:
        return redirect(address)
    sources = Sources(Launch.kind, key)
    context = {
        "launch": shown,
        "about": shown,
        "time_to_go": _time_to_go(shown),
        "facts": facts_of(shown, sources, _FACTS),
        "net_source": sources.of("net"),
        "map": map_of_pad(shown["pad"]) if shown["pad"] else None,
        "ranks": list(_ranks(shown)),
        "chart": _slip_chart(slips_of([key]).get(key)),
        "history": history_of("launch", key),
    }
    return {**context, "sources": sources.shown}


def _key_of(name: str) -> str:
    """The id of the launch with this slug or id. Raises Http404."""
    if _ID.fullmatch(name):
        return str(UUID(name))
    rows = Launch.objects.filter(slug=name, deleted_at=None).order_by("pk").values_list("pk", flat=True)
    if found := rows.first():
        return str(found)
    raise Http404(f"Launches: {name} is not in this catalogue.")


def _time_to_go(shown: Shown) -> str:
    """How long it is to net or since, in words; "" where net is not exact or far away. The page expires with it."""
    precision = (shown["net_precision"] or {}).get("abbrev")
    return time_to_go(parse_date_time(shown["net"]), precision, clock.now()) if shown["net"] else ""


def _ranks(shown: Shown) -> Iterator[Context]:
    """The ranks of the launch: the whole one and that of the year, with what they count, and whose launches these are."""
    pad = shown["pad"] or {}
    whose = {"agency": shown["launch_service_provider"], "location": pad.get("location"), "pad": shown["pad"]}
    for name, of in _RANKS:
        if whole := shown[f"{name}_launch_attempt_count"]:
            yield {"whole": whole, "of": of, "whose": whose.get(name), "of_year": shown[f"{name}_launch_attempt_count_year"]}


def _slip_chart(slips: Slips | None) -> Chart | None:
    steps = [step for step in slips.steps if step.value.get("net")] if slips else []
    if len(steps) < 2:
        return None  # nothing moved
    precisions = _abbreviations(NetPrecision.kind, [step.value.get("net_precision") for step in steps])
    statuses = _abbreviations(LaunchStatus.kind, [step.value.get("status") for step in steps])
    return slip_chart(
        [
            SaidNet(
                parse_date_time(step.value["net"]),
                precisions.get(step.value.get("net_precision"), ""),
                statuses.get(step.value.get("status"), ""),
                step.first_seen,
                step.last_seen,
                step.source,
            )
            for step in steps
        ]
    )


def _abbreviations(kind: str, keys: list[int | None]) -> dict[int | None, str]:
    wanted = {key for key in keys if key is not None}
    return {key: abbrev or "" for key, abbrev in rows_by_id(kind, ("abbrev",), wanted)}
