"""The crews of a flight, person by person: who went up with it, was aboard, and came down with it, in which role."""

from __future__ import annotations

from dataclasses import dataclass

from launchledger.explorer.navigation import page_of
from launchledger.explorer.objects import Shown

MOST = 60  # people of one flight

_CREWS = (("launch_crew", "up"), ("onboard_crew", "aboard"), ("landing_crew", "down"))


@dataclass(slots=True)
class Member:
    """A person in the crews of a flight. `up`, `aboard` and `down` are the roles, None where they were not in that crew."""

    name: str
    address: str
    agency: Shown | None
    up: str | None = None
    aboard: str | None = None
    down: str | None = None


@dataclass(frozen=True, slots=True)
class Crew:
    """The first MOST people of a flight, by crew and place in it, and the number of others."""

    members: list[Member]
    more: int


def crew_of(flight: Shown) -> Crew:
    """The crews of a flight as the wire shows it. A place without a person is a line of its own."""
    found: dict[tuple[str, int], Member] = {}
    for column, part in _CREWS:
        for place in flight[column]:
            person = place["astronaut"]
            member = found.setdefault(("person", person["id"]) if person else ("place", place["id"]), _member(person))
            setattr(member, part, (place["role"] or {}).get("role") or "in the crew")
    members = list(found.values())
    return Crew(members[:MOST], max(len(members) - MOST, 0))


def _member(person: Shown | None) -> Member:
    if not person:
        return Member("unknown", "", None)
    return Member(person["name"] or "unnamed", page_of(person), person["agency"])
