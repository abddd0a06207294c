"""Small replies in our own words, as upstream would send them: the objects that tests use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

HOST = "https://ll.thespacedevs.com/2.2.0"
EARLY, MIDDLE, LATE = (datetime(year, 1, 1, tzinfo=UTC) for year in (2023, 2024, 2025))

VOSTOK_1 = "e5ab9e32-7d0c-4d10-9a2b-7b2dd8e7a3c1"
VOSTOK_6 = "0b5a7e3c-1f4e-4c55-8a43-94a9a1d0c6f2"


def agency_mini(id: int = 66, name: str = "Soviet Space Program", type: str | None = "Government") -> dict[str, Any]:
    return {"id": id, "url": f"{HOST}/agencies/{id}/", "name": name, "type": type}


def agency(id: int = 66, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "url": f"{HOST}/agencies/{id}/",
        "name": "Soviet Space Program",
        "featured": False,
        "type": "Government",
        "country_code": "RUS",
        "abbrev": "CCCP",
        "description": "The space program of the Soviet Union.",
        "administrator": None,
        "founding_year": "1931",
        "launchers": "Vostok | Soyuz",
        "spacecraft": "",
        "parent": None,
        "image_url": None,
        "logo_url": None,
        **changes,
    }


def location(id: int = 15, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "url": f"{HOST}/location/{id}/",
        "name": "Baikonur Cosmodrome, Republic of Kazakhstan",
        "country_code": "KAZ",
        "description": "",
        "map_image": None,
        "timezone_name": "Asia/Qyzylorda",
        "total_launch_count": 1548,
        "total_landing_count": 0,
        **changes,
    }


def pad(id: int = 32, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "url": f"{HOST}/pad/{id}/",
        "agency_id": None,
        "name": "1/5",
        "description": None,
        "info_url": None,
        "wiki_url": "",
        "map_url": None,
        "latitude": "45.92",
        "longitude": "63.342",
        "location": location(),
        "country_code": "KAZ",
        "map_image": None,
        "total_launch_count": 487,
        "orbital_launch_attempt_count": 487,
        **changes,
    }


def launch(id: str = VOSTOK_1, **changes: Any) -> dict[str, Any]:
    """A launch in the normal shape."""
    return {
        "id": id,
        "url": f"{HOST}/launch/{id}/",
        "slug": "vostok-k-vostok-1",
        "name": "Vostok-K | Vostok 1",
        "status": {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": "It reached its orbit."},
        "last_updated": "2024-01-01T00:00:00Z",
        "net": "1961-04-12T06:07:00Z",
        "window_end": "1961-04-12T06:07:00Z",
        "window_start": "1961-04-12T06:07:00Z",
        "net_precision": None,
        "probability": None,
        "weather_concerns": None,
        "holdreason": "",
        "failreason": None,
        "hashtag": None,
        "launch_service_provider": agency_mini(),
        "rocket": {
            "id": 3003,
            "configuration": {
                "id": 451,
                "url": f"{HOST}/config/launcher/451/",
                "name": "Vostok-K",
                "family": "R-7",
                "full_name": "Vostok-K 8K72K",
                "variant": "8K72K",
            },
        },
        "mission": None,
        "pad": pad(),
        "webcast_live": False,
        "image": None,
        "infographic": None,
        "program": [],
        "orbital_launch_attempt_count": 67,
        "location_launch_attempt_count": 45,
        "pad_launch_attempt_count": 44,
        "agency_launch_attempt_count": 60,
        "orbital_launch_attempt_count_year": 13,
        "location_launch_attempt_count_year": 6,
        "pad_launch_attempt_count_year": 6,
        "agency_launch_attempt_count_year": 6,
        "type": "normal",
        **changes,
    }


def crew_member(id: int, astronaut_id: int, name: str, role: str = "Commander") -> dict[str, Any]:
    return {
        "id": id,
        "role": {"id": 1, "role": role, "priority": 0},
        "astronaut": {
            "id": astronaut_id,
            "url": f"{HOST}/astronaut/{astronaut_id}/",
            "name": name,
            "type": {"id": 2, "name": "Government"},
            "in_space": False,
            "time_in_space": "PT1H48M",
            "status": {"id": 11, "name": "Deceased"},
            "agency": agency_mini(),
            "date_of_birth": "1934-03-09",
            "date_of_death": "1968-03-27",
            "nationality": "Russian",
            "twitter": None,
            "instagram": None,
            "bio": "The first human in space.",
            "profile_image": None,
            "wiki": "https://en.wikipedia.org/wiki/Yuri_Gagarin",
            "last_flight": "1961-04-12T06:07:00Z",
            "first_flight": "1961-04-12T06:07:00Z",
        },
    }


def flight(id: int = 1, **changes: Any) -> dict[str, Any]:
    """A flight of a spacecraft in the detailed shape."""
    return {
        "id": id,
        "url": f"{HOST}/spacecraft/flight/{id}/",
        "mission_end": "1961-04-12T07:55:00Z",
        "destination": "Low Earth Orbit",
        "launch_crew": [crew_member(1, 270, "Yuri Gagarin")],
        "onboard_crew": [],
        "landing_crew": [crew_member(2, 270, "Yuri Gagarin")],
        "spacecraft": {
            "id": 100,
            "url": f"{HOST}/spacecraft/100/",
            "name": "Vostok 1",
            "serial_number": "Vostok-3KA No.3",
            "is_placeholder": False,
            "in_space": False,
            "time_in_space": "PT1H48M",
            "time_docked": "P0D",
            "flights_count": 1,
            "mission_ends_count": 1,
            "status": {"id": 4, "name": "Single Use"},
            "description": "The first spacecraft to carry a human.",
            "spacecraft_config": {
                "id": 27,
                "url": f"{HOST}/config/spacecraft/27/",
                "name": "Vostok",
                "type": {"id": 2, "name": "Capsule"},
                "agency": agency(),
                "in_use": False,
                "capability": "One person to orbit and back.",
                "history": "Flown six times with a crew.",
                "details": "A sphere and an instrument module.\r\nIts pilot left it by parachute.",
                "maiden_flight": "1960-05-15",
                "height": 4.4,
                "diameter": 2.0,
                "human_rated": True,
                "crew_capacity": 1,
                "payload_capacity": None,
                "payload_return_capacity": None,
                "flight_life": "10 days",
                "image_url": None,
                "nation_url": None,
                "wiki_link": "https://en.wikipedia.org/wiki/Vostok_(spacecraft)",
                "info_link": "",
            },
        },
        "launch": launch(),
        "landing": {
            "id": 7,
            "attempt": True,
            "success": True,
            "description": "Smelovka, near Engels.",
            "downrange_distance": None,
            "location": None,
            "type": {"id": 4, "name": "Parachute Landing", "abbrev": "PCL", "description": "Down on a parachute."},
        },
        "docking_events": [],
        **changes,
    }


def docking_event(id: int = 293, **changes: Any) -> dict[str, Any]:
    """A docking as a flight contains it: without an address, and with its station under `spacestation`."""
    station = {"id": 14, "url": f"{HOST}/spacestation/14/", "name": "Salyut 6"}
    return {
        "id": id,
        "spacestation": {
            **station,
            "status": {"id": 2, "name": "De-Orbited"},
            "founded": "1977-09-29",
            "description": "A Soviet station with two ports.",
            "orbit": "Low Earth Orbit",
            "image_url": None,
        },
        "docking": "1978-08-09T23:59:30Z",
        "departure": "1978-08-21T15:42:50Z",
        "docking_location": {"id": 9, "name": "Salyut-6 aft", "spacestation": station},
        **changes,
    }
