"""People whose numbers no reply has, so that the catalogue computes them, and spacecraft of one's own."""

from __future__ import annotations

from typing import Any

from tests.support.bodies import HOST, crew_member, flight

_NUMBERS = ("in_space", "time_in_space", "first_flight", "last_flight")


def living(id: int, astronaut_id: int = 270, name: str = "Yuri Gagarin") -> dict[str, Any]:
    """A place in a crew of somebody alive."""
    member = crew_member(id, astronaut_id, name)
    known = {key: value for key, value in member["astronaut"].items() if key not in _NUMBERS}
    return {**member, "astronaut": {**known, "status": {"id": 1, "name": "Active"}, "date_of_death": None}}


def spacecraft(id: int, name: str) -> dict[str, Any]:
    return {**flight()["spacecraft"], "id": id, "url": f"{HOST}/spacecraft/{id}/", "name": name}
