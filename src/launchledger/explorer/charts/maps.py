"""Maps of launch sites: of the world, of the land around a site, and of its pads among themselves.

Promises: what has no coordinates that can be read is on no map, and is counted; what is outside a map is not moved into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, sqrt

from django.utils.safestring import SafeString

from launchledger.explorer.charts.svg import Drawing
from launchledger.explorer.charts.world import GRAIN, KM, WORLD, Window, land_in

_LARGEST, _SMALLEST = 16, 2.5  # radii of dots
_PIN = 6  # radius of a dot that says only where
_LABELS = 8  # of the world map, at most
_LONGEST_LABEL = 26  # characters
_LETTER, _LINE = 7.8, 14  # width and height of a letter of a label, about
_SPAN = 24.0  # degrees of latitude that the map around a site shows
_WIDTH, _HEIGHT = 440, 330
_WIDEST = 60  # degrees between pads of a site from which on its map is that of the world
_PLAN = 300  # kilometres between pads up to which they have a plan
_ROUND = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)  # kilometres of a scale bar


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a map: its name, where it is, its launches, what a pointer says about it, and its page ("" if it has none)."""

    name: str
    longitude: float
    latitude: float
    launches: int
    tip: str = ""
    href: str = ""


def coordinates(longitude: str | None, latitude: str | None) -> tuple[float, float] | None:
    """The coordinates in the texts of a pad, None if they cannot be read or are not on Earth."""
    try:
        east, north = float(longitude or ""), float(latitude or "")
    except ValueError:
        return None
    on_earth = isfinite(east) and isfinite(north) and abs(east) <= 180 and abs(north) <= 90
    return (east, north) if on_earth else None


def written(longitude: float, latitude: float) -> str:
    """Coordinates for people, such as `28.5618° N, 80.5772° W`."""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}"


def world_map(name: str, places: Sequence[Place], title: str, description: str) -> SafeString:
    """A dot for each place on the map of the world; its area is as its launches. Places without a launch are circles."""
    drawing = _land(WORLD)
    _dots(drawing, WORLD, places, _LABELS)
    _key(drawing, max((place.launches for place in places), default=0))
    return drawing.render(name, title, description)


def site_map(name: str, places: Sequence[Place], title: str, description: str) -> SafeString:
    """The land around the places, at least one; the world if they are far apart. All dots are alike, one where several meet."""
    window = _window_of(places)
    drawing = _land(window)
    if not window.is_world:
        _scale_bar(drawing, window)
    taken = set()
    for place in places:
        x, y = window.place(place.longitude, place.latitude)
        if (spot := (round(x / _PIN), round(y / _PIN))) in taken:
            continue
        taken.add(spot)
        drawing.dot(x, y, _PIN, "site mark-2", tip=place.tip or place.name, href=place.href)
    return drawing.render(name, title, description)


def pads_plan(name: str, places: Sequence[Place], title: str, description: str) -> SafeString | None:
    """The places among themselves, north up, with a scale; None where they are one place, or too far apart."""
    west, east = _arc([place.longitude for place in places])
    south, north = min(place.latitude for place in places), max(place.latitude for place in places)
    window = Window((west + east) / 2, (south + north) / 2, _WIDTH, _HEIGHT, 1)
    across, up = (east - west) * window.stretch, north - south
    if not 0.1 <= max(across, up) * KM <= _PLAN:
        return None
    scale = min((_WIDTH - 180) / max(across, 1e-9), (_HEIGHT - 80) / max(up, 1e-9))
    window = Window(window.longitude, window.latitude, _WIDTH, _HEIGHT, scale)
    drawing = Drawing(_WIDTH, _HEIGHT)
    drawing.bar(0, 0, _WIDTH, _HEIGHT, "sea")
    _scale_bar(drawing, window)
    _dots(drawing, window, places, len(places))
    return drawing.render(name, title, description)


def _land(window: Window) -> Drawing:
    drawing = Drawing(window.width, window.height)
    drawing.bar(0, 0, window.width, window.height, "sea")
    drawing.area(land_in(window), "land", GRAIN)
    for latitude in (-60, -30, 0, 30, 60) if window.is_world else range(-90, 91, 10):
        _, y = window.place(window.longitude, latitude)
        if 0 < y < window.height:
            drawing.line(0, y, window.width, y, "grid")
            drawing.text(4, y - 3, f"{abs(latitude)}°{' NS'[(latitude > 0) - (latitude < 0)]}".strip(), "tick")
    return drawing


def _dots(drawing: Drawing, window: Window, places: Sequence[Place], labels: int) -> None:
    """The largest first, so that the small ones lie above; those that launched most are named where there is room."""
    most = max((place.launches for place in places), default=0)
    placed = []
    for place in sorted(places, key=lambda place: -place.launches):
        x, y = window.place(place.longitude, place.latitude)
        if 0 <= x <= window.width and 0 <= y <= window.height:
            radius = max(_LARGEST * sqrt(place.launches / most), _SMALLEST) if most else _SMALLEST
            kind = "site mark-1" if place.launches else "site none"
            drawing.dot(x, y, radius, kind, tip=place.tip or place.name, href=place.href)
            placed.append((x, y, radius, place))
    taken: list[tuple[float, float, float, float]] = []
    for x, y, radius, place in placed:
        text = _shortened(place.name)
        long = len(text) * _LETTER
        for left, anchor in ((x + radius + 4, "start"), (x - radius - 4 - long, "end")):
            box = (left, y - _LINE / 2, left + long, y + _LINE / 2)
            if len(taken) < labels and left >= 0 and box[2] <= window.width and not any(_meet(box, other) for other in taken):
                taken.append(box)
                drawing.text(left if anchor == "start" else left + long, y + 4, text, "label", anchor=anchor)
                break


def _meet(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _shortened(name: str) -> str:
    """The name before its first comma, cut where it is long."""
    text = " ".join(name.partition(",")[0].split())
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1].rstrip()}…"


def _key(drawing: Drawing, most: int) -> None:
    """How large the dots of round numbers are, in the empty south of the Pacific."""
    if not most:
        return
    largest = 10 ** (len(str(most)) - 1)
    largest *= next(factor for factor in (5, 2, 1) if factor * largest <= most)
    x = 24.0
    for launches in dict.fromkeys((largest, max(largest // 10, 1))):
        radius = max(_LARGEST * sqrt(launches / most), _SMALLEST)
        text = f"{launches:,} launch{'' if launches == 1 else 'es'}"
        drawing.dot(x, drawing.height - 24, radius, "key")
        drawing.text(x + radius + 6, drawing.height - 20, text, "tick")
        x += radius + len(text) * _LETTER + 24


def _scale_bar(drawing: Drawing, window: Window) -> None:
    pixels = window.scale / KM  # of a kilometre
    length = max((each for each in _ROUND if each * pixels <= window.width / 4), default=_ROUND[0])
    right, y = window.width - 16, window.height - 14
    drawing.line(right - length * pixels, y, right, y, "scale")
    drawing.text(right - length * pixels / 2, y - 6, f"{length:g} km", "tick", anchor="middle")


def _window_of(places: Sequence[Place]) -> Window:
    """The window around places, on whole degrees, so that pads of one site share theirs."""
    west, east = _arc([place.longitude for place in places])
    south, north = min(place.latitude for place in places), max(place.latitude for place in places)
    if max(east - west, north - south) > _WIDEST:
        return WORLD
    span = _SPAN
    while span * 0.7 < max(north - south, (east - west) * 0.75):
        span *= 2
    longitude = (round((west + east) / 2) + 180) % 360 - 180
    return Window(longitude, round((south + north) / 2), _WIDTH, _HEIGHT, _HEIGHT / span)


def _arc(longitudes: Iterable[float]) -> tuple[float, float]:
    """The shortest arc that holds these longitudes, from west to east; its end may be beyond 180."""
    around = sorted(set(longitudes))
    _, end, begin = max((after - before, before, after) for before, after in pairwise([*around, around[0] + 360]))
    return (around[0], around[-1]) if begin >= around[0] + 360 else (begin, end + 360)  # the widest gap is outside the arc
