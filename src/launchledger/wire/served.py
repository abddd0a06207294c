"""The versions of the wire that this server serves, and resolving a path to its resource."""

from __future__ import annotations

from typing import NamedTuple

from launchledger.wire import v2_2_0
from launchledger.wire.resources import Resource
from launchledger.wire.wire import Wire

DEFAULT = v2_2_0.WIRE
"""The version for names without a version, such as the name of a file."""

WIRES: dict[str, Wire] = {DEFAULT.version: DEFAULT}


class Target(NamedTuple):
    """What a path names: its wire, the resource (None for pages, documents and unknown paths), and the id of an object.

    `path` is the part after the version, without slashes at its ends and without a suffix such as `.json`. `id` is "" for lists.
    """

    wire: Wire
    path: str
    resource: Resource | None
    id: str


def resolve(path: str) -> Target | None:
    """Return what a path names, below any served version; None for all other paths."""
    wire = wire_of(path)
    if wire is None:
        return None
    words = path[len(wire.root) :].removesuffix("/")  # every request runs this: nothing is split without need
    if "." in words:
        words = words.partition(".")[0]
    resource = wire.resources.get(words)
    if resource is not None:
        return Target(wire, words, resource, "")
    above, _, last = words.rpartition("/")
    return Target(wire, words, wire.resources.get(above), last)


def wire_of(path: str) -> Wire | None:
    """The wire of a path, by its version."""
    for wire in WIRES.values():
        if path.startswith(wire.root):
            return wire
    return None


def wire_reading(version: str) -> Wire | None:
    """The wire that reads replies of this version."""
    return next((wire for wire in WIRES.values() if version in wire.reads), None)
