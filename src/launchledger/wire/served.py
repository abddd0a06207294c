"""Which versions of the wire this server speaks, and what a path of theirs names."""

from __future__ import annotations

from typing import NamedTuple

from launchledger.wire import v2_2_0
from launchledger.wire.resources import Resource
from launchledger.wire.wire import Wire

DEFAULT = v2_2_0.WIRE
"""The version of what names none, such as the name of a file."""

WIRES: dict[str, Wire] = {DEFAULT.version: DEFAULT}


class Place(NamedTuple):
    """What a path names: its wire, the resource (None for pages, documents and unknown paths), and the id of one object.

    `path` is what follows the version, without slashes at its ends and without a suffix such as `.json`. An id is "" for lists.
    """

    wire: Wire
    path: str
    resource: Resource | None
    id: str


def resolve(path: str) -> Place | None:
    """Say what a path names, below any version that is served; None for all other paths."""
    wire = wire_of(path)
    if wire is None:
        return None
    words = path[len(wire.root) :].removesuffix("/")  # every request comes here: no more is split than must be
    if "." in words:
        words = words.partition(".")[0]
    resource = wire.resources.get(words)
    if resource is not None:
        return Place(wire, words, resource, "")
    above, _, last = words.rpartition("/")
    return Place(wire, words, wire.resources.get(above), last)


def wire_of(path: str) -> Wire | None:
    """The wire below whose root a path is."""
    for wire in WIRES.values():
        if path.startswith(wire.root):
            return wire
    return None


def wire_reading(version: str) -> Wire | None:
    """The wire that reads replies of this version."""
    return next((wire for wire in WIRES.values() if version in wire.reads), None)
