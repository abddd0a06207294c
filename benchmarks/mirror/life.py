"""What upstream's editors do in some days, drawn from a seed: the script of a sandbox, with how urgent each change is.

Launches get exact times some days ahead, slip, are edited most near their time, fly, and end. Everything else is edited, created
and deleted at the rates of the plan's own benchmark. Of the lists whose objects are part of others, only objects that
the script created are deleted: upstream has no launch on a pad that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from random import Random
from typing import Any
from uuid import UUID

from benchmarks.mirror.changes import DELETED, DETAILS, ELSE, LISTED, NEAR, TODAY, Change
from launchledger.formats.times import format_date_time
from tests.support.virtual_upstream import DAY, HOUR, LAUNCHES_A_DAY, MINUTE, OTHER_RATES, RATES, SILENT

GO, TBD, SUCCESS, FAILURE, HOLD, FLYING = 1, 2, 3, 4, 5, 6  # statuses of launches
MINUTES, DAYS = 1, 6  # precisions
RARE = (0.1, 0.03, 0.01)  # edits, new and deleted objects a day of a choice list
TEXT = {"docking_event": "", "launcher": "serial_number", "spacecraft/flight": "destination", "updates": "comment"}
TEXT |= {"config/astronautrole": "role", "dashboard/starship": ""}
LISTS_OF_THEIR_OWN = ("launch", "event", "updates")  # no other list needs their objects


@dataclass(slots=True)
class Flight:
    """A launch as the script left it."""

    key: str
    net: float
    precision: int | None
    status: int | None
    stamp: str


@dataclass
class Life:
    """The changes from `begin` on. `stock` are the objects of each list by id, as the lists have them at the start.

    `templates` are what new objects of each list have.
    """

    stock: dict[str, dict[str, Any]]
    templates: dict[str, dict[str, Any]]
    begin: float
    days: float
    seed: int
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"life {self.seed}")
        self.now = self.begin
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._ids = {path: sorted(objects) for path, objects in self.stock.items()}
        self._deletable = {path: list(ids) if path in LISTS_OF_THEIR_OWN else [] for path, ids in self._ids.items()}
        self._last_id = {path: max(map(int, ids), default=0) for path, ids in self._ids.items() if path != "launch"}
        self._flights = {key: _flight(key, launch) for key, launch in self.stock["launch"].items()}
        self._dates = {key: _seconds(event.get("date")) for key, event in self.stock["event"].items()}
        self._announce()
        for path in self.stock:
            self._schedule(path)
        end = self.begin + self.days * DAY
        while self._events and self._events[0][0] < end:
            self.now, _, happens = heappop(self._events)
            happens()

    def script(self) -> str:
        """All changes as a script for the sandbox."""
        return "\n\n".join(change.as_toml() for change in self.changes) + "\n"

    # -- what happens, and when ----------------------------------------------------------------------------------------------

    def _at(self, time: float, happens: Callable[[], None]) -> None:
        self._number += 1
        heappush(self._events, (time, self._number, happens))

    def _schedule(self, path: str) -> None:
        rates = RATES.get(path, OTHER_RATES)
        if path.startswith("config/") and path not in ("config/launcher", "config/spacecraft"):
            rates = RARE
        for rate, happens in zip(rates, (self._edit, self._create, self._delete), strict=True):
            if happens == self._delete or TEXT.get(path, "name"):
                self._repeat(rate / DAY, path, happens)

    def _repeat(self, rate: float, path: str, happens: Callable[[str], None]) -> None:
        def again() -> None:
            happens(path)
            self._at(self.now + self.random.expovariate(rate), again)

        self._at(self.now + self.random.expovariate(rate), again)

    def _announce(self) -> None:
        """Give launches ahead an exact time, some days before it."""
        vague = [key for key, flight in self._flights.items() if flight.net > self.begin + 40 * DAY]
        for key in self.random.sample(sorted(vague), min(len(vague), round(self.days * LAUNCHES_A_DAY))):
            net = self.begin + self.random.uniform(0.3, self.days + 1) * DAY
            before = max(net - self.random.uniform(1, 10) * DAY, self.begin)
            self._at(before, lambda key=key, net=net: self._settle(key, net))  # type: ignore[misc]

    def _settle(self, key: str, net: float) -> None:
        if key in self._flights:
            self._set_launch(key, net=net, precision=MINUTES, status=GO)
            self._fly(key)

    def _fly(self, key: str) -> None:
        """What happens to a launch around its time, as long as it does not slip."""
        random, net = self.random, self._flights[key].net
        for time in [net - random.uniform(HOUR, DAY) for _ in range(4)] + [net - random.uniform(0, HOUR) for _ in range(3)]:
            if time > self.now:
                self._at(time, lambda: self._if_at(key, net, lambda: self._edit_launch(key, silent=False)))
        if random.random() < 0.4:
            before = random.choice((random.uniform(0, HOUR), random.uniform(0, DAY)))
            self._at(max(net - before, self.now + MINUTE), lambda: self._if_at(key, net, lambda: self._slip(key)))
        self._at(net + random.uniform(0, 2 * MINUTE), lambda: self._if_at(key, net, lambda: self._set_launch(key, status=FLYING)))
        end = SUCCESS if random.random() < 0.95 else FAILURE
        after = net + random.uniform(5 * MINUTE, 70 * MINUTE)
        self._at(after, lambda: self._if_at(key, net, lambda: self._set_launch(key, status=end)))

    def _if_at(self, key: str, net: float, happens: Callable[[], None]) -> None:
        if key in self._flights and self._flights[key].net == net:
            happens()

    def _slip(self, key: str) -> None:
        """A slip of hours, or a scrub: on hold, and another day."""
        flight, random = self._flights[key], self.random
        if flight.status != GO:
            return
        if random.random() < 0.5:
            self._set_launch(key, net=flight.net + random.uniform(10 * MINUTE, 3 * HOUR))
        else:
            self._set_launch(key, status=HOLD)
            self._at(self.now + 20 * MINUTE, lambda: self._again(key, flight.net + random.choice((1, 2)) * DAY))
            return
        self._fly(key)

    def _again(self, key: str, net: float) -> None:
        if key in self._flights:
            self._set_launch(key, net=net, status=GO)
            self._fly(key)

    # -- changes -------------------------------------------------------------------------------------------------------------

    def _note(self, path: str, key: str, action: str, urgency: str, body: dict[str, Any] | None = None) -> None:
        self.changes.append(Change(self.now, path, key, action, urgency, body))

    def _set_launch(self, key: str, *, net: float | None = None, precision: int | None = None, status: int | None = None) -> None:
        flight = self._flights[key]
        urgency = self.urgency(key)
        body: dict[str, Any] = {}
        if net is not None:
            flight.net = float(int(net))
            body["net"] = format_date_time(datetime.fromtimestamp(flight.net, UTC))
        if precision is not None and precision != flight.precision:
            flight.precision = body["net_precision"] = precision
        if status is not None and status != flight.status:
            flight.status = body["status"] = status
        self._stamp(flight)
        self._note("launch", key, "set", urgency, body)

    def _stamp(self, flight: Flight) -> None:
        """The `last_updated` that the sandbox gives it now; a silent edit leaves it as it is."""
        flight.stamp = format_date_time(datetime.fromtimestamp(self.now // 1, UTC))

    def _edit_launch(self, key: str, *, silent: bool) -> None:
        body = {"name": self._name(), **({"last_updated": self._flights[key].stamp} if silent else {})}
        if not silent:
            self._stamp(self._flights[key])
        self._note("launch", key, "set", ELSE if silent else self.urgency(key), body)

    def _edit(self, path: str) -> None:
        key = self._any(path)
        if key is None:
            return
        silent = self.random.random() < SILENT
        if path == "launch":
            self._edit_launch(key, silent=silent)
        elif path == "spacewalks" and self.random.random() < 0.3 and self.stock["expedition"]:
            expedition = int(self.random.choice(sorted(self.stock["expedition"], key=int)))
            self._note(path, key, "set", DETAILS, {"expedition": expedition})
        else:
            body: dict[str, Any] = {TEXT.get(path, "name"): self._name()}
            if path == "event" and self.random.random() < 0.2:
                self._dates[key] = float(int((self._dates[key] or self.now) + self.random.uniform(-DAY, 9 * DAY)))
                body = {"date": format_date_time(datetime.fromtimestamp(self._dates[key] or 0.0, UTC))}
            self._note(path, key, "set", LISTED if path == "event" else ELSE, body)

    def _create(self, path: str) -> None:
        body: dict[str, Any] = {**self.templates.get(path, {}), TEXT.get(path, "name"): self._name()}
        if path == "launch":
            key = str(UUID(int=self.random.getrandbits(128), version=4))
            flight = Flight(key, self.now + self.random.uniform(2, 300) * DAY // 1, DAYS, TBD, "")
            self._flights[key] = flight
            self._stamp(flight)
            net = format_date_time(datetime.fromtimestamp(flight.net, UTC))
            body |= {
                "net": net,
                "net_precision": flight.precision,
                "status": flight.status,
                "window_start": net,
                "window_end": net,
            }
        else:
            self._last_id[path] += 1
            key = str(self._last_id[path])
        if path == "event":
            self._dates[key] = self.now + self.random.uniform(1, 60) * DAY // 1
            body["date"] = format_date_time(datetime.fromtimestamp(self._dates[key] or 0.0, UTC))
        if path == "updates":
            body["created_on"] = format_date_time(datetime.fromtimestamp(self.now // 1, UTC))
        self._ids[path].append(key)
        self._deletable[path].append(key)
        urgency = self.urgency(key) if path == "launch" else LISTED if path == "event" else ELSE
        self._note(path, key, "create", urgency, body)

    def _delete(self, path: str) -> None:
        if not self._deletable[path]:
            return
        key = self.random.choice(self._deletable[path])
        if path == "launch" and self._flights[key].net < self.begin and self.random.random() < 0.9:
            return  # the past is seldom deleted
        self._deletable[path].remove(key)
        self._ids[path].remove(key)
        self._flights.pop(key, None) if path == "launch" else None
        self._note(path, key, "delete", DELETED)

    def _any(self, path: str) -> str | None:
        """An object to edit; of launches and events mostly one that is ahead."""
        ids = self._ids[path]
        if self.random.random() < 0.7:
            if path == "launch":
                ids = [key for key, flight in self._flights.items() if flight.net > self.now]
            elif path == "event":
                ids = [key for key in ids if (self._dates[key] or 0.0) > self.now]
        return self.random.choice(ids) if ids else None

    def _name(self) -> str:
        """A name that nothing had before, so that each edit is a change."""
        self._number += 1
        return f"Name {self.random.getrandbits(32):08x} {self._number}"

    def urgency(self, key: str) -> str:
        """How soon a change of this launch should be noticed. A launch whose time is not exact has no T-0."""
        flight = self._flights[key]
        away = abs(flight.net - self.now)
        exact = flight.precision in (None, 0, 1, 2)
        if exact and away <= HOUR and flight.status not in (SUCCESS, FAILURE):
            return NEAR
        return TODAY if away <= DAY and (exact or flight.precision in (3, 4, 5, 6)) else LISTED


def _flight(key: str, launch: dict[str, Any]) -> Flight:
    precision, status = launch.get("net_precision"), launch.get("status")
    return Flight(
        key,
        _seconds(launch.get("net")) or 0.0,
        precision["id"] if precision else None,
        status["id"] if status else None,
        str(launch.get("last_updated") or ""),
    )


def _seconds(text: Any) -> float | None:
    return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else None
