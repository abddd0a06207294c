"""Field cases of derived numbers: no duration below zero, nobody in space who never flew or is back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from launchledger.formats.times import parse_duration
from tests.field.cases import KEPT, file_of, load, needs_kept_cases
from tests.support.bodies import HOST, agency_mini

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SUCCESS = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": ""}
TBD = {"id": 2, "name": "To Be Determined", "abbrev": "TBD", "description": ""}
MONTH = {"id": 7, "name": "Month", "abbrev": "M", "description": ""}


def _person(key: int) -> dict[str, Any]:
    return {"id": key, "url": f"{HOST}/astronaut/{key}/", "name": f"Person {key}"}


def _seat(key: int, person: int) -> dict[str, Any]:
    return {"id": key, "role": {"id": 1, "role": "Commander", "priority": 0}, "astronaut": _person(person)}


def _flight(key: int, net: str, end: str | None, *, craft: int, crew: int | None = None, **changes: Any) -> dict[str, Any]:
    """A flight as an old, small reply shows it: a craft, a launch, perhaps a person who rose with it."""
    launch_id = UUID(int=key)
    launch = {
        "id": str(launch_id),
        "url": f"{HOST}/launch/{launch_id}/",
        "name": f"Rocket | Flight {key}",
        "status": SUCCESS,
        "net": net,
        "launch_service_provider": agency_mini(),
        **changes.pop("launch", {}),
    }
    return {
        "id": key,
        "url": f"{HOST}/spacecraft/flight/{key}/",
        "mission_end": end,
        "destination": "Low Earth Orbit",
        "launch_crew": [_seat(10 * key, crew)] if crew else [],
        "onboard_crew": [],
        "landing_crew": [_seat(10 * key + 1, crew)] if crew and end else [],
        "spacecraft": {"id": craft, "url": f"{HOST}/spacecraft/{craft}/", "name": f"Craft {craft}"},
        "launch": launch,
        "landing": None,
        **changes,
    }


def _file(kept: bool, folder: Path, name: str, *flights: dict[str, Any]) -> Path:
    return KEPT / name if kept else file_of(folder, name, *flights)


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_an_end_before_its_beginning_says_nothing(client: Client, tmp_path: Path, kept: bool) -> None:
    """Two flights of a craft, one with an end thirty years too early: its time is that of the other, nobody's is below zero."""
    good = _flight(1, "1995-03-02T06:38:00Z", "1995-03-18T21:47:00Z", craft=1)
    mistyped = _flight(2, "1996-01-11T09:41:00Z", "1966-01-20T07:41:00Z", craft=1, crew=1)
    with time_machine.travel(NOW, tick=False):
        assert load(_file(kept, tmp_path, "numbers-end-before-launch.jsonl", good, mistyped)).exit_code == 0
        assert client.get("/2.2.0/spacecraft/1/").json()["time_in_space"] == "P16DT15H9M"
        person = client.get("/2.2.0/astronaut/1/").json()
    assert parse_duration(person["time_in_space"]) >= parse_duration("P0D")
    assert person["age"] is None or person["age"] >= 0


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_a_launch_to_be_determined_did_not_fly(client: Client, tmp_path: Path, kept: bool) -> None:
    """Good to the month, and the month's placeholder has passed: its crew and craft are on the ground, with no flight."""
    undetermined = {"status": TBD, "net_precision": MONTH}
    planned = _flight(3, "2026-08-31T00:00:00Z", None, craft=3, crew=3, launch=undetermined)
    with time_machine.travel(NOW, tick=False):
        assert load(_file(kept, tmp_path, "numbers-undetermined-launch-month-passed.json", planned)).exit_code == 0
        person, craft = (client.get(f"/2.2.0/{path}/3/").json() for path in ("astronaut", "spacecraft"))
    assert (person["in_space"], person["flights_count"]) == (False, 0)
    assert (craft["in_space"], craft["flights_count"]) == (False, 0)


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_what_has_landed_is_not_in_space(client: Client, tmp_path: Path, kept: bool) -> None:
    """A flight without an end whose landing succeeded: its craft is down, and its time does not grow."""
    landing = {"id": 40, "attempt": True, "success": True, "description": "Splashed down", "location": None, "type": None}
    landed = _flight(40, "2021-08-29T07:14:49Z", None, craft=40, landing=landing)
    times = []
    with time_machine.travel(NOW, tick=False) as clock:
        assert load(_file(kept, tmp_path, "numbers-landed-without-end.json", landed)).exit_code == 0
        for _ in range(2):
            craft = client.get("/2.2.0/spacecraft/40/").json()
            assert craft["in_space"] is False
            times.append(craft["time_in_space"])
            clock.shift(timedelta(days=30))
    assert times[0] == times[1]
