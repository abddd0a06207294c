"""The world's land: read from its file, placed in windows, and light enough for a page."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from launchledger.explorer.charts.world import GRAIN, KM, WORLD, Window, land_in, rings_of

LAND = {
    "Denver": (-105.0, 39.7),
    "Moscow": (37.6, 55.8),
    "Nairobi": (36.8, -1.3),
    "Alice Springs": (133.9, -23.7),
    "Anadyr upland, west of the date line": (175.0, 67.0),
    "Chukotka, east of the date line": (-175.0, 66.5),
}
SEA = {
    "the middle Atlantic": (-35.0, 30.0),
    "the Gulf of Mexico": (-90.0, 25.0),
    "the Pacific": (-150.0, 0.0),
    "the Caspian, a hole in Asia": (51.0, 41.0),
    "the Bering Sea": (-178.0, 58.0),
}


def _is_land(window: Window, longitude: float, latitude: float) -> bool:
    """Whether a place is within the drawn path, by the even-odd rule."""
    x, y = (value * GRAIN for value in window.place(longitude, latitude))
    inside = False
    for ring in _polygons(land_in(window)):
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                inside = not inside
    return inside


def _polygons(data: str) -> list[list[tuple[int, int]]]:
    polygons = []
    for ring in re.findall(r"M([^z]*)z", data):
        begin, _, steps = ring.partition("l")
        numbers = [int(number) for number in re.findall(r"-?\d+", f"{begin} {steps}")]
        x = y = 0
        polygon = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            polygon.append((x, y))
        polygons.append(polygon)
    return polygons


@pytest.mark.parametrize("place", LAND)
def test_land_is_land(place: str) -> None:
    """On the map of the world, and on a map around the place."""
    longitude, latitude = LAND[place]
    assert _is_land(WORLD, longitude, latitude)
    assert _is_land(Window(round(longitude), round(latitude), 440, 330, 330 / 24), longitude, latitude)


@pytest.mark.parametrize("place", SEA)
def test_sea_is_not_land(place: str) -> None:
    """On both maps; a coast across the date line draws no line across the world."""
    longitude, latitude = SEA[place]
    assert not _is_land(WORLD, longitude, latitude)
    assert not _is_land(Window(round(longitude), round(latitude), 440, 330, 330 / 24), longitude, latitude)


def test_a_map_shows_both_sides_of_the_date_line() -> None:
    """Chukotka's east is land on a map whose middle is west of the line, and the Antarctic on one that looks south."""
    assert _is_land(Window(178, 66, 440, 330, 330 / 24), *LAND["Chukotka, east of the date line"])
    assert _is_land(Window(178, 66, 440, 330, 330 / 24), *LAND["Anadyr upland, west of the date line"])
    assert _is_land(Window(0, -80, 440, 330, 330 / 24), 10, -85)


def test_the_world_is_light() -> None:
    """Its path is a third of what a page may weigh, and a part of it a tenth."""
    assert len(gzip.compress(land_in(WORLD).encode())) < 9_000
    assert len(gzip.compress(land_in(Window(-81, 28, 440, 330, 330 / 24)).encode())) < 1_500


def test_distances_around_a_place_are_true() -> None:
    """From Cape Canaveral to Orlando are about 80 km, to the west: as far on the map, at its scale."""
    window = Window(-81, 28, 440, 330, 330 / 24)
    (x1, y1), (x2, y2) = window.place(-80.577, 28.562), window.place(-81.379, 28.538)
    kilometres = ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 / window.scale * KM
    assert x2 < x1
    assert kilometres == pytest.approx(78.4, abs=1)


def test_arcs_are_decoded() -> None:
    """Steps are relative and scaled; a negative place is the arc backwards; arcs share their ends."""
    topology = {
        "transform": {"scale": [0.5, 2], "translate": [-10, 5]},
        "arcs": [[[0, 0], [4, 0], [0, 3]], [[0, 0], [1, 4], [3, -1]]],
        "objects": {"land": {"geometries": [{"arcs": [[[0, ~1]]]}]}},
    }
    assert list(rings_of(json.dumps(topology).encode())) == [[(-10, 5), (-8, 5), (-8, 11), (-9.5, 13)]]
