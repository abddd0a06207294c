"""`/stations/{id}` of odd catalogues: ends that are not known, times that cannot be, crowds, and texts that attack."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import delete
from launchledger.explorer import dockings
from tests.support.observed import GO, launch, record, tell, uuid

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 1, tzinfo=UTC)
PAGE = "/stations/1"


def _page(client: Client, path: str = PAGE) -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(path)
    assert response.status_code == 200, response.content
    return response.content.decode()


def _words(page: str) -> str:
    """The words of a page, each run of white space as one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def _lanes(page: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r'class="lane"[^>]*>([^<]*)<', page)]


def _vehicles(page: str) -> list[str]:
    """The vehicles of the table behind the chart."""
    table = page.partition("Dockings by port: table")[2].partition("</table>")[0]
    return [_words(name) for name in re.findall(r'<th scope="row">(.*?)</th>', table)]


def _station(**changes: Any) -> None:
    tell(
        record("SpaceStation", 1, name="Almaz", status=1, founded=date(2020, 1, 1), **changes),
        record("DockingLocation", 1, name="Aft", spacestation=1),
    )


def _dock(key: int, docking: str | None, departure: str | None = None, **columns: Any) -> None:
    """A docking of a flight of its own at the station's port."""
    tell(
        record("Spacecraft", key, name=f"Craft {key}"),
        record("SpacecraftFlight", key, spacecraft=key, mission_end=columns.pop("mission_end", None)),
        record(
            "DockingEvent",
            key,
            docking=docking,
            departure=departure,
            **{"flight_vehicle": key, "docking_location": 1, "space_station": 1, **columns},
        ),
    )


def test_a_station_of_which_only_the_name_is_known(client: Client) -> None:
    """Nothing is invented; what was never reported is said."""
    tell(record("SpaceStation", 1, name="Almaz"))
    words = _words(_page(client))
    assert "Status unknown" in words
    assert "No docking at this station is known." in words
    assert "No port of this station is known." in words
    assert "No expedition to this station is known." in words
    assert "Owners: none known" in words


def test_an_unknown_departure_is_not_guessed(client: Client) -> None:
    """A docking that is over ends with its departure or its flight, else it is a dot; one at its port now lasts until now."""
    _station()
    _dock(1, "2026-01-01T00:00:00")
    _dock(2, "2026-02-01T00:00:00", mission_end="2026-03-01T00:00:00")
    _dock(3, "2026-06-01T00:00:00")
    page = _page(client)
    assert "Craft 1, Aft: 2026-01-01 00:00 UTC to unknown</title>" in page
    assert "Craft 2, Aft: 2026-02-01 00:00 UTC to 2026-03-01 00:00 UTC (28 d)</title>" in page
    assert page.count("<circle") == 1
    tell(record("DockingLocation", 1, docked=3))
    assert "Craft 3, Aft: 2026-06-01 00:00 UTC to now (61 d)</title>" in _page(client)


def test_dockings_to_come_are_apart(client: Client) -> None:
    """They are in no bar yet: neither those with a time to come, nor those whose launch is to come."""
    _station()
    _dock(1, "2026-01-01T00:00:00", "2026-02-01T00:00:00")
    _dock(2, "2026-12-24T00:00:00")
    _dock(3, "2026-07-01T00:00:00")
    tell(launch(3, "2026-09-01T00:00:00", GO), record("SpacecraftFlight", 3, launch=uuid(3)))
    page = _page(client)
    assert _vehicles(page) == ["Craft 1"]
    to_come = _words(page).partition("Dockings to come ")[2]
    assert re.match(r"2026-07-01 00:00 UTC Craft 3 ?, Aft 2026-12-24 00:00 UTC Craft 2 ?, Aft Dockings ", to_come)


def test_only_listed_dockings_at_the_station_are_shown(client: Client) -> None:
    """Those that name it, or name no station and have one of its ports; no other, and no deleted one."""
    _station()
    tell(record("SpaceStation", 2, name="Other"))
    _dock(1, "2026-01-01T00:00:00", "2026-01-02T00:00:00", space_station=None)
    _dock(2, "2026-01-03T00:00:00", "2026-01-04T00:00:00", space_station=2)
    _dock(3, "2026-01-05T00:00:00", "2026-01-06T00:00:00", docking_location=None)
    _dock(4, "2026-01-07T00:00:00", "2026-01-08T00:00:00")
    delete("DockingEvent", 4, NOW, "test")
    page = _page(client)
    assert _vehicles(page) == ["Craft 3", "Craft 1"]
    assert _lanes(page) == ["Aft", "Port unknown"]


def test_a_bounded_number_is_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest; how many older ones there are is said, with a link to all."""
    monkeypatch.setattr(dockings, "MOST", 2)
    _station()
    for key in range(1, 6):
        _dock(key, f"2026-01-0{key}T00:00:00", f"2026-01-0{key}T12:00:00")
    page = _page(client, "/stations/1?years=all")
    assert _vehicles(page) == ["Craft 5", "Craft 4"]
    assert "3 older dockings are left out: all as JSON ." in _words(page)


@pytest.mark.parametrize(
    ("docking", "departure"),
    [
        ("0001-01-01T00:00:00", "9999-12-31T23:59:59"),
        ("2026-05-01T00:00:00", "1966-05-01T00:00:00"),
        ("2026-05-01T00:00:00", "2026-05-01T00:00:00"),
        (None, None),
    ],
)
@pytest.mark.parametrize("deorbited", [None, date(1, 1, 1), date(2026, 6, 1), date(9999, 12, 31)])
def test_odd_times_break_nothing(client: Client, docking: str | None, departure: str | None, deorbited: date | None) -> None:
    """The first and the last year, an end before the begin, no time at all; for each span."""
    _station(deorbited=deorbited)
    _dock(1, docking, departure)
    for query in ("", "?years=1", "?years=5", "?years=all"):
        assert "Almaz" in _page(client, f"/stations/1{query}")


def test_texts_stay_texts(client: Client) -> None:
    """Names of stations, ports, vehicles, roles and people are escaped, however long, in the chart as well."""
    name = "<script>alert(1)</script>\u202e" * 20
    tell(
        record("Astronaut", 1, name=name),
        record("AstronautRole", 1, role=name),
        record("AstronautFlight", 1, astronaut=1, role=1),
        record("SpaceStation", 1, name=name, description=name, image_url=name, orbit=name),
        record("Expedition", 1, name=name, start="2026-01-01T00:00:00", spacestation=1, crew=[1]),
        record("DockingLocation", 1, name=name, spacestation=1),
        record("DockingLocation", 2, name=name, spacestation=1),
        record("Spacecraft", 1, name=name),
        record("SpacecraftFlight", 1, spacecraft=1),
        record("DockingEvent", 1, docking="2026-05-01T00:00:00", flight_vehicle=1, docking_location=1, space_station=1),
    )
    for path in ("/stations/1", "/expeditions/1", "/stations/", "/expeditions/"):
        assert "<script>alert" not in _page(client, path)


def test_expeditions_without_a_begin_come_last(client: Client) -> None:
    """After those with one, on both databases; the roles of most people are not written."""
    _station()
    tell(
        record("AstronautRole", 3, role="Flight Engineer"),
        record("Astronaut", 1, name="Somebody"),
        record("AstronautFlight", 1, astronaut=1, role=3),
        record("Expedition", 1, name="First", start="2020-01-01T00:00:00", end="2020-06-01T00:00:00", spacestation=1, crew=[1]),
        record("Expedition", 2, name="Second", start="2020-06-01T00:00:00", spacestation=1),
        record("Expedition", 3, name="", spacestation=1),
    )
    table = _page(client).partition('id="expeditions"')[2].partition("</table>")[0]
    names = re.findall(r'<a href="/expeditions/[0-9]+">([^<]*)</a>', table)
    assert names == ["Second", "First", "Unnamed expedition"]
    assert "First 2020-01-01 2020-06-01 Somebody" in _words(table)


def test_a_crowd_is_bounded(client: Client) -> None:
    """Of two hundred people aboard a hundred are named, and the others counted; so are those of an expedition."""
    people = range(1, 201)
    tell(
        record("AstronautRole", 1, role="Pilot"),
        *(record("Astronaut", key, name=f"Person {key:03}") for key in people),
        *(record("AstronautFlight", key, astronaut=key, role=1) for key in people),
        record("SpaceStation", 1, name="Almaz", active_expeditions=[1]),
        record("Expedition", 1, name="All", start="2026-01-01T00:00:00", spacestation=1, crew=list(people)),
    )
    words = _words(_page(client))
    assert words.count(" Pilot, All") == 100
    assert "And 100 more, whom the JSON names." in words
    assert "Person 014 (pilot) and 186 more" in words
    assert "And 100 more, whom the JSON names." in _words(_page(client, "/expeditions/1"))


def test_what_is_not_there_is_a_page(client: Client) -> None:
    """That says so."""
    response = client.get("/stations/7")
    assert response.status_code == 404
    assert "number 7 is not in this catalogue" in response.content.decode()
