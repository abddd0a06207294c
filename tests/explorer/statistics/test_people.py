"""How many people were in space: what is counted, and until when."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.explorer.statistics.people import Presence, presence
from tests.support.bodies import crew_member, flight, launch
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db


def _flight(number: int, net: str, end: str | None, people: tuple[int, ...], status: int = 3, type: int = 2) -> dict[str, Any]:
    """A flight of these people, who land with it; nobody of them died."""
    crew = [crew_member(number * 10 + place, person, f"Person {person}") for place, person in enumerate(people)]
    for member in crew:
        member["astronaut"] |= {
            "date_of_death": None,
            "status": {"id": 1, "name": "Active"},
            "type": {"id": type, "name": "A type"},
        }
    landing = [{**member, "id": member["id"] + 5} for member in crew]
    success = {"landing": None} if end is None else {}
    status_of = {"id": status, "name": "A status", "abbrev": "", "description": ""}
    craft = flight()["spacecraft"] | {"id": number, "url": None, "status": {"id": 1, "name": "Active"}}
    return flight(
        number,
        launch=launch(uuid(number), net=net, status=status_of, slug=f"launch-{number}", name=f"Launch {number}"),
        mission_end=end,
        launch_crew=crew,
        landing_crew=landing,
        spacecraft=craft,
        **success,
    )


@time_machine.travel("1970-01-01T00:05:00Z", tick=False)
def _presence() -> Presence:
    return presence()


def _steps() -> list[tuple[str, int]]:
    return [(f"{step.at:%m-%d}", step.number) for step in _presence().steps]


def test_people_are_up_from_net_to_mission_end() -> None:
    """Two flights at the same time add up, and who is still up is so until now."""
    first = _flight(1, "1969-01-10T00:00:00Z", "1969-01-20T00:00:00Z", (1, 2))
    second = _flight(2, "1969-01-15T00:00:00Z", None, (3,))
    take_in("SpacecraftFlight", [first, second])
    assert _steps() == [("01-10", 2), ("01-15", 3), ("01-20", 1)]
    assert (_presence().up, _presence().unknown) == (1, 0)


def test_crews_of_failed_launches_and_mannequins_do_not_count() -> None:
    """They were not in space, or no people."""
    failed = _flight(1, "1969-01-10T00:00:00Z", "1969-01-10T00:01:13Z", (1, 2), status=4)
    mannequin = _flight(2, "1969-02-10T00:00:00Z", "1969-02-20T00:00:00Z", (3,), type=6)
    person = _flight(3, "1969-03-10T00:00:00Z", "1969-03-20T00:00:00Z", (4,))
    take_in("SpacecraftFlight", [failed, mannequin, person])
    assert _steps() == [("03-10", 1), ("03-20", 0)]


def test_a_stay_without_a_known_end_is_left_out_and_counted() -> None:
    """Somebody who flew again came down before, but when is not known."""
    take_in(
        "SpacecraftFlight",
        [_flight(1, "1969-01-10T00:00:00Z", None, (1,)), _flight(2, "1969-03-10T00:00:00Z", "1969-03-11T00:00:00Z", (1,))],
    )
    assert _steps() == [("03-10", 1), ("03-11", 0)]
    assert _presence().unknown == 1


def test_a_year_has_its_average(client: Client) -> None:
    """Weighed by time: two people for half of a year of 365 days are one."""
    take_in("SpacecraftFlight", [_flight(1, "1969-01-01T00:00:00Z", "1969-07-02T12:00:00Z", (1, 2))])
    page = client.get("/statistics?plot=people&to=1969").content.decode()
    row = re.search(r'<tr><th scope="row"><a href="([^"]*)">1969</a></th>(.*?)</tr>', page)
    assert row
    assert html.unescape(row[1]) == "/launches/?when=all&is_crewed=true&net__year=1969"
    assert re.findall(r"<td>([^<]*)</td>", row[2]) == ["2", "2", "0", "1.0"]
