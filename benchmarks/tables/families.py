"""The columns that the story decides: for each model, those of its row with this number (from 1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.utils.text import slugify

from benchmarks.tables.proportions import AHEAD_STATUSES, VOCABULARIES, rows_of
from benchmarks.tables.story import Stay, Story
from benchmarks.tables.values import moment
from benchmarks.tables.words import FAMILY, GIVEN, GOALS, KINDS, MAKERS

Columns = dict[str, Any]
_HOUR = timedelta(hours=1)


def _launch(story: Story, number: int, chance: Random) -> Columns:
    place = number - 1
    net = story.nets[place]
    configuration = 1 + int(chance.random() ** 2 * rows_of("LauncherConfiguration", story.scale))
    name = f"{_configuration_name(configuration)} | {_mission_name(number)}"
    return {
        "id": story.launch_ids[place],
        "slug": f"{slugify(name)[:40]}-{number}",
        "name": name,
        "status_id": story.outcomes[place] if place < len(story.outcomes) else chance.choice(AHEAD_STATUSES),
        "net": net,
        "window_start": net,
        "window_end": net + chance.choice((0, 0, 1, 4)) * _HOUR,
        "last_updated": min(net + 48 * _HOUR, story.now),
        "mission_id": number,
        "rocket_key": number,
        "configuration_id": configuration,
        "webcast_live": False,
        "orbital_launch_attempt_count": number,
        "failreason": "",
        "holdreason": "",
    }


def _mission(_story: Story, number: int, _chance: Random) -> Columns:
    return {"name": _mission_name(number), "type": GOALS[number % len(GOALS)]}


def _configuration(_story: Story, number: int, _chance: Random) -> Columns:
    name = _configuration_name(number)
    return {"name": name, "full_name": name, "family": name.split()[0]}


def _agency(_story: Story, number: int, _chance: Random) -> Columns:
    return {"name": f"{MAKERS[number % 12]} {('Space Agency', 'Aerospace', 'Launch Services')[number % 3]} {number}"}


def _update(story: Story, number: int, chance: Random) -> Columns:
    """Most are on launches, and more on late ones; some on events; few on neither."""
    on = chance.random()
    launch = int(len(story.nets) * chance.random() ** 0.4) if on < 0.85 else None
    event = 1 + chance.randrange(rows_of("Event", story.scale)) if 0.85 <= on < 0.95 else None
    created = min(story.now, story.nets[launch]) if launch is not None else moment(chance, story.nets[0], story.now)
    return {
        "launch_id": None if launch is None else story.launch_ids[launch],
        "event_id": event,
        "created_on": created - timedelta(minutes=number % 5_000),
    }


def _spacecraft(_story: Story, number: int, _chance: Random) -> Columns:
    return {"name": f"{KINDS[number % 12]} {GOALS[number % 11]} {number}", "is_placeholder": False}


def _flight(story: Story, number: int, _chance: Random) -> Columns:
    flight = story.flights[number - 1]
    return {
        "mission_end": flight.end,
        "spacecraft_id": flight.spacecraft + 1,
        "launch_id": story.launch_ids[flight.launch],
        "landing_id": _id(flight.landing),
    }


def _stage(story: Story, number: int, _chance: Random) -> Columns:
    stage = story.stages[number - 1]
    net = story.nets[stage.launch]
    before = None if stage.before is None else story.nets[stage.before]
    return {
        "type": "Core",
        "reused": stage.number > 1,
        "launcher_flight_number": stage.number,
        "launcher_id": stage.launcher + 1,
        "landing_id": _id(stage.landing),
        "previous_flight_date": before,
        "turn_around_time_days": before and (net - before).days,
        "previous_flight_id": None if stage.before is None else story.launch_ids[stage.before],
        "launch_id": story.launch_ids[stage.launch],
    }


def _docking(story: Story, number: int, _chance: Random) -> Columns:
    docking = story.dockings[number - 1]
    return {
        "docking": docking.docking,
        "departure": docking.departure,
        "flight_vehicle_id": docking.flight + 1,
        "docking_location_id": docking.location + 1,
        "space_station_id": docking.station + 1,
    }


def _docking_location(story: Story, number: int, _chance: Random) -> Columns:
    docked = [
        place for place, docking in enumerate(story.dockings) if docking.location == number - 1 and docking.departure is None
    ]
    return {
        "spacestation_id": (number - 1) % rows_of("SpaceStation", story.scale) + 1,
        "docked_id": _id(docked[-1] if docked else None),
    }


def _stay(stay: Stay) -> Columns:
    return {"start": stay.begin, "end": stay.end}


def _expedition(story: Story, number: int, chance: Random) -> Columns:
    stay = story.expeditions[number - 1]
    return {
        **_stay(stay),
        "name": f"Expedition {number}",
        "spacestation_id": chance.randint(1, rows_of("SpaceStation", story.scale)),
    }


def _spacewalk(story: Story, number: int, _chance: Random) -> Columns:
    stay = story.spacewalks[number - 1]
    lasted = stay.end and stay.end - stay.begin
    return {
        **_stay(stay),
        "name": f"Walk {number}",
        "duration": lasted,
        "expedition_id": _id(stay.of),
        "spacecraft_flight_id": None,
    }


def _astronaut(_story: Story, number: int, chance: Random) -> Columns:
    return {"name": f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {number}", "in_space": False, "age": chance.randint(28, 90)}


def _place(story: Story, number: int, _chance: Random) -> Columns:
    return {"astronaut_id": story.places[number - 1] + 1}


def _event(_story: Story, number: int, _chance: Random) -> Columns:
    return {"slug": f"event-{number}", "name": f"{KINDS[number % 12]} {GOALS[number % 11]} event {number}", "webcast_live": False}


FAMILIES: dict[str, Callable[[Story, int, Random], Columns]] = {
    "Launch": _launch,
    "Mission": _mission,
    "LauncherConfiguration": _configuration,
    "Agency": _agency,
    "Update": _update,
    "Spacecraft": _spacecraft,
    "SpacecraftFlight": _flight,
    "FirstStage": _stage,
    "DockingEvent": _docking,
    "DockingLocation": _docking_location,
    "Expedition": _expedition,
    "Spacewalk": _spacewalk,
    "Astronaut": _astronaut,
    "AstronautFlight": _place,
    "Event": _event,
}


def decided_columns(model: str) -> Callable[[Story, int, Random], Columns]:
    """The decided columns of a model; of a choice list, the name."""
    if model in VOCABULARIES:
        names = VOCABULARIES[model]
        return lambda story, number, chance: {"name": names[number - 1]}
    return FAMILIES.get(model, lambda story, number, chance: {})


def crews(story: Story) -> dict[str, list[list[int]]]:
    """The members of each owner, by the table of links, for lists with people; owners and members are places."""
    flights: list[list[int]] = [[] for _ in range(rows_of("Astronaut", story.scale))]
    landings: list[list[int]] = [[] for _ in flights]
    walks: list[list[int]] = [[] for _ in flights]
    for number, flight in enumerate(story.flights):
        for place in flight.launch_crew:
            flights[story.places[place]].append(flight.launch)
        for place in flight.landing_crew:
            landings[story.places[place]].append(number)
    for number, walk in enumerate(story.spacewalks):
        for place in walk.crew:
            walks[story.places[place]].append(number)
    return {
        "SpacecraftFlightLaunchCrewLink": [flight.launch_crew for flight in story.flights],
        "SpacecraftFlightOnboardCrewLink": [
            [] if flight.end or not flight.flown else flight.launch_crew for flight in story.flights
        ],
        "SpacecraftFlightLandingCrewLink": [flight.landing_crew for flight in story.flights],
        "ExpeditionCrewLink": [stay.crew for stay in story.expeditions],
        "SpacewalkCrewLink": [stay.crew for stay in story.spacewalks],
        "AstronautFlightsLink": flights,
        "AstronautLandingsLink": landings,
        "AstronautSpacewalksLink": walks,
        "SpaceStationActiveExpeditionsLink": [[] for _ in range(rows_of("SpaceStation", story.scale))],
    }


def _mission_name(number: int) -> str:
    return f"{GOALS[number % len(GOALS)]} {number % 97 + 1}-{number % 60}"


def _configuration_name(number: int) -> str:
    return f"{MAKERS[number % len(MAKERS)]} {KINDS[number // len(MAKERS) % len(KINDS)]} {number % 9 + 1}"


def _id(place: int | None) -> int | None:
    return None if place is None else place + 1
