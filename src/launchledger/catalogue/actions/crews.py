"""Whoever is in a crew has that flight: the lists of astronauts that follow from crews.

Promises: an astronaut's flights, landings and spacewalks are what the astronaut's own list told, and behind it, by time, what the
crews now in the catalogue tell; where the own list was observed, only crews that were observed later. How changes come together
in transactions decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from launchledger.catalogue.actions.following import parts_of, replace_following
from launchledger.catalogue.actions.rows import CHUNK, DELETION, Key, Row, Rows
from launchledger.catalogue.actions.seen import parse_observations
from launchledger.catalogue.models.astronauts import (
    Astronaut,
    AstronautFlight,
    AstronautFlightsLink,
    AstronautLandingsLink,
    AstronautSpacewalksLink,
)
from launchledger.catalogue.models.base import CompletedLink, Link, Observed, Origin
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import is_listed, listed_rows
from launchledger.catalogue.models.spacecraft import (
    SpacecraftFlight,
    SpacecraftFlightLandingCrewLink,
    SpacecraftFlightLaunchCrewLink,
)
from launchledger.catalogue.models.stations import Spacewalk, SpacewalkCrewLink


@dataclass(frozen=True, slots=True)
class _Rule:
    """Being in the list `crew` of a row puts what stands at the row's `entry` into the astronaut's list `follows`, by `time`.

    `depends_on` names the columns of the row that `entry` and `time` read.
    """

    model: type[Observed]
    crew: str
    crew_link: type[Link]
    follows: str
    link: type[CompletedLink]
    entry: str
    time: str
    depends_on: tuple[str, ...]


_RULES = (
    _Rule(
        SpacecraftFlight,
        "launch_crew",
        SpacecraftFlightLaunchCrewLink,
        "flights",
        AstronautFlightsLink,
        entry="owner__launch_id",
        time="owner__launch__net",
        depends_on=("launch",),
    ),
    _Rule(
        SpacecraftFlight,
        "landing_crew",
        SpacecraftFlightLandingCrewLink,
        "landings",
        AstronautLandingsLink,
        entry="owner_id",
        time="owner__mission_end",
        depends_on=("mission_end",),
    ),
    _Rule(
        Spacewalk,
        "crew",
        SpacewalkCrewLink,
        "spacewalks",
        AstronautSpacewalksLink,
        entry="owner_id",
        time="owner__start",
        depends_on=("start",),
    ),
)


FOLLOWED: Mapping[type[Observed], frozenset[str]] = {
    SpacecraftFlight: frozenset({"launch_crew", "landing_crew"}),
    Spacewalk: frozenset({"crew"}),
    Astronaut: frozenset(rule.follows for rule in _RULES),
}
"""The lists of which lists of astronauts follow also when they are only observed later."""


def complete_astronauts(rows: Rows) -> None:
    """Bring the lists of astronauts in line with what this transaction changed. Call it when rows and lists are written."""
    moved = [row.instance.pk for row in rows.of(Launch) if "net" in row.changes]
    flights = set(_manager(SpacecraftFlight).filter(launch__in=moved).values_list("pk", flat=True)) if moved else set()
    for rule in _RULES:
        astronauts = sorted(_affected(rule, rows, flights if rule.model is SpacecraftFlight else set()))
        for start in range(0, len(astronauts), CHUNK):
            _complete(rule, astronauts[start : start + CHUNK], rows)


def _affected(rule: _Rule, rows: Rows, owners: set[Key]) -> set[Any]:
    """The astronauts whose list may have changed: through a crew, a place in it, what it stands for, or their own list."""
    places: set[Key] = set()
    for row in rows.of(rule.model):
        if rule.crew in row.told:  # also when only its time advanced: it may now outrank the astronaut's own list
            places.update(key for members in row.changes.get(rule.crew, ()) for key in members or ())
            owners = owners | {row.instance.pk}
        if any(column in row.changes for column in (*rule.depends_on, DELETION)):
            owners = owners | {row.instance.pk}
    if owners:
        places.update(_manager(rule.crew_link).filter(owner__in=owners).values_list("member_id", flat=True))
    astronauts = set(_manager(AstronautFlight).filter(pk__in=places).values_list("astronaut_id", flat=True)) if places else set()
    for row in rows.of(AstronautFlight):
        astronauts.update(row.changes.get("astronaut", [row.instance.astronaut_id] if DELETION in row.changes else ()))
    astronauts.update(row.instance.pk for row in rows.of(Astronaut) if rule.follows in row.told)
    return astronauts - {None}


def _complete(rule: _Rule, astronauts: Sequence[Key], rows: Rows) -> None:
    rows.read(Astronaut, astronauts)
    own, following = parts_of(rule.link, astronauts)
    told = _told_by_crews(rule, astronauts, rows)
    rewritten: dict[Key, list[Key]] = {}
    for astronaut in astronauts:
        row = rows.get(Astronaut, astronaut)
        listed = set(own[astronaut])
        now = [member for member in dict.fromkeys(told[astronaut]) if member not in listed]
        own_before = row.changes[rule.follows][0] or [] if rule.follows in row.changes else own[astronaut]
        row.settle(rule.follows, own_before + following[astronaut], own[astronaut] + now)
        if now != following[astronaut]:
            rewritten[astronaut] = now
    replace_following(rule.link, rewritten)


def _told_by_crews(rule: _Rule, astronauts: Iterable[Key], rows: Rows) -> dict[Key, list[Key]]:
    """What the crews that each astronaut is in stand for, by time."""
    told: dict[Key, list[Key]] = defaultdict(list)
    crews = listed_rows(rule.crew_link).filter(is_listed(rule.model, "owner__"), member__astronaut__in=astronauts)
    crews = crews.order_by(F(rule.time).asc(nulls_last=True), "owner_id")
    for astronaut, entry, observations in crews.values_list("member__astronaut_id", rule.entry, "owner__observations"):
        if entry is not None and _speaks(rule, rows.get(Astronaut, astronaut), observations):
            told[astronaut].append(entry)
    return told


def _speaks(rule: _Rule, astronaut: Row, observations: list[Any]) -> bool:
    """Whether a crew was observed later than the astronaut's own list, or the list never was."""
    if astronaut.origin_of(rule.follows) is Origin.COMPUTED:
        return True
    seen = parse_observations(observations).get(rule.crew)
    return seen is not None and astronaut.seen[rule.follows].is_before(seen)


def _manager(model: type[Observed] | type[Link]) -> Any:
    return model._default_manager
