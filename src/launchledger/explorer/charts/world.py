"""The world's land (`explorer/data`), and where places are on a map of a part of it.

Promises: equirectangular: a degree of latitude has the same length everywhere, and a degree of longitude its true length at the
middle of the window; on the map of the world it has that of the equator. Land is a polygon for each coast, cut at the window, in
integers of half a pixel: the whole world takes 8 kB compressed. Windows that strangers choose must be few: the paths of the last
`_KEPT` are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import cos, radians

from launchledger.formats.encoding import decode

KM = 111.195  # in a degree of latitude
GRAIN = 2  # steps of a path in a pixel
_KEPT = 256
_ROOM = 8  # pixels beyond the window at which land is cut, so that no cut is seen

Point = tuple[float, float]
Ring = Sequence[Point]
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the world on a drawing: its middle in degrees, its size in pixels, and the pixels of a degree of latitude."""

    longitude: float
    latitude: float
    width: int
    height: int
    scale: float
    is_world: bool = False

    @property
    def stretch(self) -> float:
        """Pixels of a degree of longitude."""
        return self.scale if self.is_world else self.scale * max(cos(radians(self.latitude)), 0.1)

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a place is; across the date line it is on the nearer side."""
        east = longitude - self.longitude
        if not self.is_world:
            east = (east + 180) % 360 - 180
        return self.width / 2 + east * self.stretch, self.height / 2 - (latitude - self.latitude) * self.scale


WORLD = Window(0, 12, 960, 384, 960 / 360, is_world=True)
"""All longitudes, from 60 degrees south to 84 degrees north."""


@lru_cache(maxsize=_KEPT)
def land_in(window: Window) -> str:
    """The land in a window as the data of an SVG path, in parts of a pixel: GRAIN of them are one."""
    return "".join(_path(ring) for ring in _rings_in(window))


def _rings_in(window: Window) -> Iterator[Ring]:
    x0, y0 = window.width / 2, window.height / 2
    for turn in (-360, 0, 360):  # the same land, seen across the date line
        for ring, box in _land():
            if not _meets(box, turn, window):
                continue
            placed = [
                (x0 + (east + turn - window.longitude) * window.stretch, y0 - (north - window.latitude) * window.scale)
                for east, north in ring
            ]
            for axis, edge in ((0, window.width), (1, window.height)):
                placed = _cut(_cut(placed, axis, -_ROOM, 1), axis, edge + _ROOM, -1)
            if len(placed) > 2:
                yield placed


def _meets(box: Box, turn: int, window: Window) -> bool:
    """Whether a box reaches into a window."""
    west, south, east, north = box
    across, up = window.width / window.stretch / 2 + 1, window.height / window.scale / 2 + 1
    reaches = west + turn <= window.longitude + across and east + turn >= window.longitude - across
    return reaches and south <= window.latitude + up and north >= window.latitude - up


def _cut(ring: Ring, axis: int, edge: float, sign: int) -> list[Point]:
    """The part of a polygon on one side of a line (Sutherland and Hodgman): beyond the edge, in the direction of the sign."""
    kept: list[Point] = []
    if not ring:
        return kept
    before = ring[-1]
    was_inside = sign * (before[axis] - edge) >= 0
    for point in ring:
        is_inside = sign * (point[axis] - edge) >= 0
        if is_inside is not was_inside:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if is_inside:
            kept.append(point)
        before, was_inside = point, is_inside
    return kept


def _path(ring: Ring) -> str:
    """A closed path in whole steps, each relative to the one before; "" for what is smaller than a step."""
    at = start = (round(ring[0][0] * GRAIN), round(ring[0][1] * GRAIN))
    steps = []
    for x, y in ring[1:]:
        point = (round(x * GRAIN), round(y * GRAIN))
        if point != at:
            steps.append(f"{point[0] - at[0]} {point[1] - at[1]}")
            at = point
    return f"M{start[0]} {start[1]}l{' '.join(steps).replace(' -', '-')}z" if len(steps) > 1 else ""


def _unwound(ring: Ring) -> Ring:
    """A ring without jumps at the date line: its longitudes may go beyond 180. One around a pole goes by the pole."""
    found, turn, before = [], 0, ring[0][0]
    for east, north in ring:
        turn += 360 if east - before < -180 else -360 if east - before > 180 else 0
        before = east
        found.append((east + turn, north))
    if abs(found[-1][0] - found[0][0]) > 180:
        pole = 90 if ring[0][1] > 0 else -90
        found += [(found[-1][0], pole), (found[0][0], pole)]
    return found


def _box(ring: Ring) -> Box:
    longitudes, latitudes = zip(*ring, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


@cache
def _land() -> list[tuple[Ring, Box]]:
    """The coasts, as longitudes and latitudes, with the boxes around them."""
    file = resources.files("launchledger.explorer") / "data" / "land-110m.json"
    unwound = map(_unwound, rings_of(file.read_bytes()))
    return [(ring, _box(ring)) for ring in unwound]


def rings_of(topology: bytes) -> Iterator[Ring]:
    """The rings of the polygons in a TopoJSON document: arcs of whole steps, each relative to the one before."""
    document = decode(topology)
    (across, up), (west, south) = document["transform"]["scale"], document["transform"]["translate"]
    arcs: list[list[Point]] = []
    for steps in document["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * across + west, y * up + south))
        arcs.append(arc)
    for shape in document["objects"].values():
        for geometry in shape["geometries"]:
            for polygon in geometry["arcs"]:
                for ring in polygon:
                    yield [point for place in ring for point in (arcs[place] if place >= 0 else arcs[~place][::-1])[:-1]]
