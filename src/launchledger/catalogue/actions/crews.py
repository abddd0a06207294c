"""Whoever is in a crew has that flight: the lists of astronauts that follow from crews.

Promises: an astronaut's flights, landings and spacewalks hold what the crews known to the catalogue say. Where an astronaut's own
list was observed, only a crew observed later adds to it, and nothing but a later list takes away from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from launchledger.catalogue.actions.columns import Linked, table
from launchledger.catalogue.actions.lists import Lists
from launchledger.catalogue.actions.rows import Key, Row, Rows
from launchledger.catalogue.models import Astronaut, AstronautFlight, SpacecraftFlight, Spacewalk
from launchledger.catalogue.models.base import Observed


@dataclass(frozen=True, slots=True)
class _Rule:
    """Being in the list `crew` of a row puts `entry(row)` into the astronaut's list `follows`."""

    model: type[Observed]
    crew: str
    follows: str
    entry: Callable[[Any], Key | None]
    depends_on: str = ""  # the column that `entry` reads, where it is not the row's own id


_RULES = (
    _Rule(SpacecraftFlight, "launch_crew", "flights", lambda flight: flight.launch_id, depends_on="launch"),
    _Rule(SpacecraftFlight, "landing_crew", "landings", lambda flight: flight.pk),
    _Rule(Spacewalk, "crew", "spacewalks", lambda walk: walk.pk),
)


def complete_astronauts(rows: Rows, lists: Lists) -> None:
    """Bring the lists of astronauts in line with the crews that this transaction changed."""
    for rule in _RULES:
        changed = [row for row in rows.of(rule.model) if rule.crew in row.changes or rule.depends_on in row.changes]
        if changed:
            _apply(rule, changed, rows, lists)


def _apply(rule: _Rule, changed: list[Row], rows: Rows, lists: Lists) -> None:
    crew, follows = _linked(rule.model, rule.crew), _linked(Astronaut, rule.follows)
    lists.read(crew, [row.instance.pk for row in changed])
    gained: dict[Key, list[tuple[Row, Key]]] = defaultdict(list)
    lost: dict[Key, list[Key]] = defaultdict(list)
    astronauts = _astronauts(rows, {place for row in changed for place in (*lists.members(crew, row), *_before(row, rule.crew))})
    for row in changed:
        entry, entry_before = rule.entry(row.instance), _entry_before(row, rule)
        now = _known(astronauts, lists.members(crew, row))
        before = _known(astronauts, _before(row, rule.crew))
        for astronaut in now | before:
            if astronaut in now and entry is not None:
                gained[astronaut].append((row, entry))
            if entry_before is not None and (astronaut not in now or entry_before != entry):
                lost[astronaut].append(entry_before)
    rows.read(Astronaut, [*gained, *lost])
    lists.read(follows, [*gained, *lost])
    for key in dict.fromkeys([*gained, *lost]):
        astronaut_row = rows.get(Astronaut, key)
        stands = lists.members(follows, astronaut_row)
        kept = [entry for entry in stands if entry not in lost[key] or rule.follows in astronaut_row.seen]
        added = [
            entry for row, entry in gained[key] if entry not in kept and _speaks(row, rule.crew, astronaut_row, rule.follows)
        ]
        lists.link(follows, astronaut_row, kept + list(dict.fromkeys(added)))


def _linked(model: type[Observed], name: str) -> Linked:
    kept = table(model).lists[name]
    if not isinstance(kept, Linked):
        raise TypeError(f"{model.__name__}.{name} is not kept as links")
    return kept


def _known(astronauts: dict[Key, Key | None], places: Iterable[Key]) -> set[Key]:
    """Who stands at these places, as far as it is known."""
    return {astronaut for place in places if (astronaut := astronauts[place]) is not None}


def _astronauts(rows: Rows, places: set[Key]) -> dict[Key, Key | None]:
    """The astronaut in each of these places of crews."""
    rows.read(AstronautFlight, places)
    return {place: rows.get(AstronautFlight, place).instance.astronaut_id for place in places}


def _before(row: Row, crew: str) -> list[Key]:
    return row.changes[crew][0] or [] if crew in row.changes else []


def _entry_before(row: Row, rule: _Rule) -> Key | None:
    """What the row stood for in the lists of its crew before this transaction."""
    if rule.depends_on in row.changes:
        before: Key | None = row.changes[rule.depends_on][0]
        return before
    return rule.entry(row.instance)


def _speaks(row: Row, crew: str, astronaut: Row, follows: str) -> bool:
    """Whether the crew was observed later than the astronaut's own list, or the list never was."""
    seen = row.seen.get(crew)
    return follows not in astronaut.seen or (seen is not None and astronaut.accepts(follows, seen[0]))
