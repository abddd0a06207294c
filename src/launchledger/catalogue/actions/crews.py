"""The lists of astronauts that follow from crews: a member of a crew has its flight.

Promises: an astronaut's flights, landings and spacewalks are the members of the astronaut's own list, and behind them, by time,
those that follow from the crews in the catalogue; where the own list was observed, only from crews that were observed later. How
changes are grouped into transactions makes no difference.
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
    """An astronaut in the list `crew` of a row gets what the path `member` leads to into the list `completed`, ordered by `time`.

    `depends_on` names the columns of the row that `member` and `time` read.
    """

    model: type[Observed]
    crew: str
    crew_link: type[Link]
    completed: str
    link: type[CompletedLink]
    member: str
    time: str
    depends_on: tuple[str, ...]


_RULES = (
    _Rule(
        SpacecraftFlight,
        "launch_crew",
        SpacecraftFlightLaunchCrewLink,
        "flights",
        AstronautFlightsLink,
        member="owner__launch_id",
        time="owner__launch__net",
        depends_on=("launch",),
    ),
    _Rule(
        SpacecraftFlight,
        "landing_crew",
        SpacecraftFlightLandingCrewLink,
        "landings",
        AstronautLandingsLink,
        member="owner_id",
        time="owner__mission_end",
        depends_on=("mission_end",),
    ),
    _Rule(
        Spacewalk,
        "crew",
        SpacewalkCrewLink,
        "spacewalks",
        AstronautSpacewalksLink,
        member="owner_id",
        time="owner__start",
        depends_on=("start",),
    ),
)


INPUT_LISTS: Mapping[type[Observed], frozenset[str]] = {
    SpacecraftFlight: frozenset({"launch_crew", "landing_crew"}),
    Spacewalk: frozenset({"crew"}),
    Astronaut: frozenset(rule.completed for rule in _RULES),
}
"""The lists on which lists of astronauts depend, also when only their time advances."""


def complete_astronauts(rows: Rows) -> None:
    """Update the lists of astronauts after what this transaction changed. Call it when rows and lists are written."""
    moved = [row.instance.pk for row in rows.of(Launch) if "net" in row.changes]
    flights = set(_manager(SpacecraftFlight).filter(launch__in=moved).values_list("pk", flat=True)) if moved else set()
    for rule in _RULES:
        astronauts = sorted(_affected(rule, rows, flights if rule.model is SpacecraftFlight else set()))
        for start in range(0, len(astronauts), CHUNK):
            _complete(rule, astronauts[start : start + CHUNK], rows)


def _affected(rule: _Rule, rows: Rows, owners: set[Key]) -> set[Any]:
    """The astronauts whose list may have changed: by a crew, a place in it, the flight or spacewalk, or their own list."""
    places: set[Key] = set()
    for row in rows.of(rule.model):
        if rule.crew in row.observed_lists:  # also when only its time advanced: it may now outrank the astronaut's own list
            places.update(key for members in row.changes.get(rule.crew, ()) for key in members or ())
            owners = owners | {row.instance.pk}
        if any(column in row.changes for column in (*rule.depends_on, DELETION)):
            owners = owners | {row.instance.pk}
    if owners:
        places.update(_manager(rule.crew_link).filter(owner__in=owners).values_list("member_id", flat=True))
    astronauts = set(_manager(AstronautFlight).filter(pk__in=places).values_list("astronaut_id", flat=True)) if places else set()
    for row in rows.of(AstronautFlight):
        astronauts.update(row.changes.get("astronaut", [row.instance.astronaut_id] if DELETION in row.changes else ()))
    astronauts.update(row.instance.pk for row in rows.of(Astronaut) if rule.completed in row.observed_lists)
    return astronauts - {None}


def _complete(rule: _Rule, astronauts: Sequence[Key], rows: Rows) -> None:
    rows.read(Astronaut, astronauts)
    own, following = parts_of(rule.link, astronauts)
    from_crews = _members_from_crews(rule, astronauts, rows)
    rewritten: dict[Key, list[Key]] = {}
    for astronaut in astronauts:
        row = rows.get(Astronaut, astronaut)
        listed = set(own[astronaut])
        now = [member for member in dict.fromkeys(from_crews[astronaut]) if member not in listed]
        own_before = row.changes[rule.completed][0] or [] if rule.completed in row.changes else own[astronaut]
        row.note_whole_list(rule.completed, own_before + following[astronaut], own[astronaut] + now)
        if now != following[astronaut]:
            rewritten[astronaut] = now
    replace_following(rule.link, rewritten)


def _members_from_crews(rule: _Rule, astronauts: Iterable[Key], rows: Rows) -> dict[Key, list[Key]]:
    """What follows for each astronaut from the crews that they are in, by time."""
    members: dict[Key, list[Key]] = defaultdict(list)
    crews = listed_rows(rule.crew_link).filter(is_listed(rule.model, "owner__"), member__astronaut__in=astronauts)
    crews = crews.order_by(F(rule.time).asc(nulls_last=True), "owner_id")
    for astronaut, member, observations in crews.values_list("member__astronaut_id", rule.member, "owner__observations"):
        if member is not None and _outranks_own_list(rule, rows.get(Astronaut, astronaut), observations):
            members[astronaut].append(member)
    return members


def _outranks_own_list(rule: _Rule, astronaut: Row, observations: list[Any]) -> bool:
    """Whether a crew was observed later than the astronaut's own list, or the list never was. Nothing outranks an override."""
    origin = astronaut.origin_of(rule.completed)
    if origin is not Origin.OBSERVED:
        return origin is Origin.COMPUTED
    seen = parse_observations(observations).get(rule.crew)
    return seen is not None and astronaut.seen[rule.completed].is_before(seen)


def _manager(model: type[Observed] | type[Link]) -> Any:
    return model._default_manager
