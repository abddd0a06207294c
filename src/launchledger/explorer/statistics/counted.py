"""The launches that left, counted once for each state of the catalogue, with the names of what they are counted by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from launchledger.catalogue.queries.counts import (
    LandingCount,
    LaunchCount,
    landings_by_year,
    launches_by_year,
    launches_known_by_name,
)
from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.explorer.lists import Option, Options
from launchledger.explorer.state import per_state
from launchledger.explorer.statistics.choices import Choices
from launchledger.history.wording import shorten

Counted = TypeVar("Counted", LaunchCount, LandingCount)

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Launches:
    """What was counted; the names of its providers and statuses by id; the country of each provider, and the vehicle of
    each launcher configuration: its family, or the configuration itself where it is of none. `by_name` are not counted."""

    counts: Sequence[LaunchCount]
    by_name: int
    providers: Mapping[int, str]
    countries: Mapping[int, str]
    vehicles: Mapping[int, str]
    site_of_pad: Mapping[int, int | None]
    statuses: Mapping[int, str]
    provider_options: Options
    site_options: Options


@per_state
def counted_launches() -> Launches:
    """In seven queries."""
    counts = launches_by_year()
    agencies = rows_by_id("Agency", ("name", "country_code"), {each.provider for each in counts})
    configurations = rows_by_id("LauncherConfiguration", ("family", "name", "full_name"), {each.configuration for each in counts})
    providers = {key: shorten(name or f"agency {key}") for key, name, _ in agencies}
    site_of_pad: dict[int, int | None] = dict(rows_by_id("Pad", ("location_id",), {each.pad for each in counts}))
    places = rows_by_id("Location", ("name",), {site for site in site_of_pad.values() if site is not None})
    sites = {key: shorten(name or f"location {key}") for key, name in places}
    statuses = rows_by_id("LaunchStatus", ("name",), {each.status for each in counts})
    return Launches(
        counts,
        launches_known_by_name(),
        providers,
        {key: shorten(country or "") or UNKNOWN for key, _, country in agencies},
        {key: shorten(family or name or full_name or "") or UNKNOWN for key, family, name, full_name in configurations},
        site_of_pad,
        {key: shorten(name or f"status {key}") for key, name in statuses},
        _options(providers),
        _options(sites),
    )


@per_state
def counted_landings() -> Sequence[LandingCount]:
    return landings_by_year()


def chosen(counts: Sequence[Counted], choices: Choices) -> Sequence[Counted]:
    """Those of the chosen years, provider and site."""
    if choices.is_whole:
        return counts
    first, last, provider = choices.first or 0, choices.last or 9999, choices.provider
    pads = None
    if choices.site is not None:
        pads = {pad for pad, site in counted_launches().site_of_pad.items() if site == choices.site}
    return [
        each
        for each in counts
        if first <= each.year <= last and (provider is None or each.provider == provider) and (pads is None or each.pad in pads)
    ]


def _options(names: Mapping[int, str]) -> Options:
    by_name = sorted(names.items(), key=lambda item: item[1].casefold())
    return Options([Option(str(key), name) for key, name in by_name])
