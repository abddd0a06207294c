"""Records with some columns only, as a curator would write them, instead of whole replies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.records import Record

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
SUBORBITAL, LOW = 15, 8
GO, UNDETERMINED, SUCCESS, FAILURE, HOLD, IN_FLIGHT, PARTIAL, UNCONFIRMED = range(1, 9)
SECOND, MINUTE, HOUR, DAY, MONTH, YEAR = 0, 1, 2, 5, 7, 14
RETIRED, DESTROYED, SINGLE_USE = 2, 3, 4


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record(model: str, key: int | str, **columns: Any) -> Record:
    """A record whose lists are given as lists of keys, and whose times as text."""
    found = Record(model, key)
    for name, value in columns.items():
        if isinstance(value, list):
            found.lists[name] = value
        else:
            is_time = isinstance(value, str) and len(value) == 19 and value[10:11] == "T"
            found.columns[name] = moment(value) if is_time else value
    return found


def tell(*records: Record, at: datetime = NOW) -> None:
    """Observe these records, after the choices that they may relate to."""
    observe([Observation([*_choices(), *records], "test", at)])


def _choices() -> list[Record]:
    statuses = [record("LaunchStatus", key, name=str(key)) for key in (1, 2, 3, 4, 5, 6, 7, 8)]
    orbits = [record("Orbit", SUBORBITAL, name="Suborbital"), record("Orbit", LOW, name="Low Earth Orbit")]
    precisions = [record("NetPrecision", key, name=str(key)) for key in range(17)]
    others = [
        record(model, key, name=str(key))
        for model, keys in (("SpacecraftStatus", (1, 2, 3, 4)), ("AstronautStatus", (1, 2, 11)), ("SpaceStationStatus", (1, 2)))
        for key in keys
    ]
    return statuses + orbits + precisions + others


def launch(number: int, net: str | None, status: int | None = SUCCESS, **columns: Any) -> Record:
    return record("Launch", uuid(number), name=f"Launch {number}", net=net, status=status, **columns)
