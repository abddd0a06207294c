"""What an upstream can be asked for, derived from a version of the wire.

Promises: for each list, the mode that holds the most, and an order in which rows do not move while the list is walked through,
as far as upstream has one. Orders that only this server offers are not used: those are upstream's that the wire declares
(contract, "Endpoints").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from launchledger.wire.fields import Field, Kind, Shape
from launchledger.wire.resources import DETAILED, NORMAL, Resource
from launchledger.wire.served import DEFAULT
from launchledger.wire.wire import Page, Wire

# The first that upstream has. Ids and times of creation never change; new rows come last, but ids of launches are random.
STABLE = ("id", "created_on", "date", "name")
NEWS_ORDER, NEWS_SINCE = "last_updated", "last_updated__gte"

# Rows at upstream in 2026, about: for estimates before a list was asked for.
ABOUT = {"launch": 7_500, "launch/upcoming": 450, "launch/previous": 7_050, "event": 900, "event/upcoming": 40}
ABOUT |= {"event/previous": 860, "updates": 15_000, "mission_patch": 1_300, "spacecraft/flight": 1_100, "spacecraft": 700}
ABOUT |= {"astronaut": 850, "agencies": 350, "docking_event": 640, "expedition": 220, "spacewalks": 480, "config/launcher": 540}
ABOUT |= {"launcher": 250, "config/spacecraft": 50, "pad": 250, "location": 70, "program": 38, "spacestation": 18}
ABOUT_A_CHOICE_LIST = 15


@dataclass(frozen=True, slots=True)
class Target:
    """A list to walk through.

    `turn` orders the first walks. `first` is whether it belongs to the first walks, and `again` whether it is walked through
    later: of launches and events the two parts are first, and later the whole, which has those without a time too. `whole` is the
    list that it is a part of, or its own path. `about` is how many rows it has, about. A single object without an id, such as a
    dashboard, `is_page`: it is asked for as a list of one page is.
    """

    path: str
    whole: str
    model: str
    parameters: tuple[tuple[str, str], ...]
    turn: int
    first: bool
    again: bool
    about: int
    is_page: bool = False

    @property
    def is_upcoming(self) -> bool:
        return self.path != self.whole and self.again

    @property
    def proves_absence(self) -> bool:
        """Whether an object of the catalogue that belongs to the list and was not seen in it may be gone."""
        return self.again and not self.is_page


@cache
def targets(wire: Wire = DEFAULT) -> Mapping[str, Target]:
    """Every list by path, in the order of the first walks: choices, what is ahead, and the rest."""
    parts = {resource.whole for resource in wire.resources.values() if resource.when}
    found = [_target(resource, resource.path in parts) for resource in wire.resources.values()]
    found += [_page(path, page) for path, page in wire.pages.items()]
    return {target.path: target for target in sorted(found, key=lambda target: (target.turn, target.whole != "launch"))}


def _target(resource: Resource, has_parts: bool) -> Target:
    mode = max(resource.modes, key=lambda name: (len(_columns(resource.modes[name])), name == NORMAL))
    order = next((name for name in STABLE if name in resource.ordering), "")
    parameters = [("mode", mode)] if mode != NORMAL else []
    if order:
        parameters.append(("ordering", order))
    return Target(
        resource.path,
        resource.whole,
        resource.model,
        tuple(parameters),
        turn=0 if resource.is_choice_list else 1 if resource.when == "upcoming" else 2,
        first=not has_parts,
        again=resource.when != "previous",
        about=ABOUT.get(resource.path, ABOUT_A_CHOICE_LIST),
    )


def _page(path: str, page: Page) -> Target:
    parameters = (("mode", DETAILED),) if DETAILED in page.modes else ()
    return Target(path, path, page.shape.model, parameters, turn=2, first=True, again=True, about=1, is_page=True)


def is_page(path: str) -> bool:
    """Whether a path shows one object without an id."""
    return path in targets() and targets()[path].is_page


@cache
def news(wire: Wire = DEFAULT) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The lists that tell what changed last, each with the parameters of such a call; `last_updated__gte` comes in addition."""
    return {
        resource.path: (*((("mode", DETAILED),) if DETAILED in resource.modes else ()), ("ordering", f"-{NEWS_ORDER}"))
        for resource in wire.resources.values()
        if not resource.when and NEWS_ORDER in resource.ordering and any(each.name == NEWS_SINCE for each in resource.filters)
    }


@cache
def facts_of_details(wire: Wire = DEFAULT) -> Mapping[str, frozenset[str]]:
    """The columns that only the details of a list's objects show, by the path of the list.

    A column counts as shown where it is in any mode of any list, also nested. A list of members whose own list shows the owner
    follows from that, such as the pads of a location.
    """
    shapes = [shape for resource in wire.resources.values() for shape in resource.modes.values()]
    shown = frozenset[tuple[str, str]]().union(*(_columns(shape) for shape in shapes))
    found = {
        resource.path: frozenset(
            field.column
            for field in resource.detail.fields
            if field.column and (resource.model, field.column) not in shown and not _follows(wire, resource.detail, field)
        )
        for resource in wire.resources.values()
        if not resource.when
    }
    return {path: columns for path, columns in found.items() if columns}


def _follows(wire: Wire, shape: Shape, field: Field) -> bool:
    """Whether a list in an object follows from the list of its members."""
    if field.kind is not Kind.MANY:
        return False
    members = shape.nested(field).model
    return any(
        each.kind is Kind.ONE and listed.nested(each).model == shape.model
        for resource in wire.resources.values()
        if resource.model == members
        for listed in resource.modes.values()
        for each in listed.fields
    )


@cache
def _columns(shape: Shape) -> frozenset[tuple[str, str]]:
    """The columns that objects of a shape and what is nested in them show, each with its model."""
    found: set[tuple[str, str]] = set()
    waiting, done = [shape], {shape}
    while waiting:
        at = waiting.pop()
        for field in at.fields:
            if field.column:
                found.add((at.model, field.column))
            if field.shape and (nested := at.nested(field)) not in done:
                done.add(nested)
                waiting.append(nested)
    return frozenset(found)
