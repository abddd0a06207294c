"""Maps of sites: what is on them, where, and how large."""

from __future__ import annotations

import re

import pytest

from launchledger.explorer.charts.maps import Place, coordinates, pads_plan, site_map, world_map, written


def _circles(svg: str) -> list[tuple[str, float, float, float]]:
    found = re.findall(r'<circle class="([^"]*)" cx="([^"]*)" cy="([^"]*)" r="([^"]*)"', svg)
    return [(kind, float(x), float(y), float(radius)) for kind, x, y, radius in found if kind != "key"]


def test_dots_are_as_large_as_launches_are_many() -> None:
    """In area; the small lie above the large, and a place without a launch is a small circle."""
    places = [Place("None", 0, 0, 0), Place("Some", 10, 0, 100), Place("Most", 20, 0, 400)]
    dots = _circles(world_map("m", places, "", ""))
    assert [radius for _, _, _, radius in dots] == [16, 8, 2.5]
    assert [kind for kind, *_ in dots] == ["site mark-1", "site mark-1", "site none"]


def test_the_map_says_how_large_dots_are() -> None:
    """With circles of a round number and of a tenth of it, as large as such dots would be."""
    svg = world_map("m", [Place("Most", 20, 0, 1686), Place("Some", 0, 0, 100)], "", "")
    assert re.findall(r'class="key"[^>]* r="([^"]*)"', svg) == ["12.3", "3.9"]
    assert re.findall(r">([\d,]+ launch[es]*)<", svg) == ["1,000 launches", "100 launches"]
    [(_, _, _, _), (_, _, _, radius)] = _circles(svg)
    assert radius == 3.9
    assert 'class="key"' not in world_map("m", [Place("None", 20, 0, 0)], "", "")


def test_a_place_is_where_it_is() -> None:
    """On the map of the world, 960 pixels wide: the Greenwich meridian in the middle, north up."""
    [(_, x, y, _)] = _circles(world_map("m", [Place("Baikonur", 63.3, 45.9, 1)], "", ""))
    assert (x, y) == pytest.approx((480 + 63.3 * 960 / 360, 192 - (45.9 - 12) * 960 / 360), abs=0.1)


def test_what_is_outside_is_not_drawn() -> None:
    """A pad at the south pole is beyond the map of the world: no dot at its edge would be true."""
    assert _circles(world_map("m", [Place("Pole", 0, -90, 1)], "", "")) == []


@pytest.mark.parametrize(
    ("longitude", "latitude", "found"),
    [
        ("-80.5", "28.5", (-80.5, 28.5)),
        ("180", "-90", (180, -90)),
        (None, "28", None),
        ("", "", None),
        ("28° N", "x", None),
        ("nan", "0", None),
        ("inf", "0", None),
        ("181", "0", None),
        ("0", "90.1", None),
    ],
)
def test_coordinates_are_checked(longitude: str | None, latitude: str | None, found: tuple[float, float] | None) -> None:
    """The wire has them as texts, which may say anything."""
    assert coordinates(longitude, latitude) == found


def test_coordinates_are_written_by_hemisphere() -> None:
    """With four decimals: ten metres."""
    assert written(-80.577, 28.5619) == "28.5619° N, 80.5770° W"
    assert written(177.8645, -39.26282) == "39.2628° S, 177.8645° E"


def test_a_site_across_the_date_line_has_one_map() -> None:
    """Two pads, one each side of 180 degrees, are near each other; pads over the world get the map of the world."""
    near = site_map("m", [Place("West", 179, -40, 1), Place("East", -179, -40, 1)], "", "")
    (_, west, _, _), (_, east, _, _) = _circles(near)
    assert east - west == pytest.approx(2 * 0.766 * 330 / 24, abs=1.5)
    assert 'viewBox="0 0 960 384"' in site_map("m", [Place("A", -120, 35, 1), Place("B", 144, 13, 1)], "", "")


def test_a_plan_needs_pads_that_are_apart_and_near() -> None:
    """Not one pad, not two in one place, and not two continents."""
    one = Place("A", -80.5772, 28.5619, 10)
    assert pads_plan("m", [one], "", "") is None
    assert pads_plan("m", [one, one], "", "") is None
    assert pads_plan("m", [one, Place("B", -75, 37, 1)], "", "") is None


def test_a_plan_has_its_scale() -> None:
    """Two pads 10 km apart, one north of the other: the bar says how long a kilometre is."""
    svg = pads_plan("m", [Place("South", 0, 0, 1), Place("North", 0, 10 / 111.195, 1)], "", "")
    assert svg is not None
    (_, x1, y1, _), (_, x2, y2, _) = _circles(svg)
    [(begin, end)] = re.findall(r'class="scale" d="M([\d.]+) [\d.]+L([\d.]+) ', svg)
    [kilometres] = re.findall(r">([\d.]+) km<", svg)
    assert (x1, y1 > y2) == (x2, True)
    assert (y1 - y2) / (float(end) - float(begin)) * float(kilometres) == pytest.approx(10, rel=0.01)


def test_labels_do_not_meet() -> None:
    """Of two places in one spot one is named on each side of it, and the third is not."""
    svg = world_map("m", [Place(name, 0, 0, 1) for name in ("First", "Second", "Third")], "", "")
    assert re.findall(r'class="label"[^>]*>([^<]*)<', svg) == ["First", "Second"]


def test_names_stay_texts() -> None:
    """Whatever they are."""
    svg = world_map("m", [Place('<script>"&', 0, 0, 1, href='/"><b>')], "<i>", "<u>")
    assert not re.search("<script|<b>|<i>|<u>", svg)
