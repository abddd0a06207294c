"""Lines: where their points are, and that a drawing stays small."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from launchledger.explorer.charts.lines import Between, Mark, Part, Step, draw_between, draw_steps, percents, powers

BEGIN = datetime(2000, 1, 1, tzinfo=UTC)


def _points(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    """The points of each path of a class."""
    paths = re.findall(f'<path class="{kind}" d="M([^"]*)"', svg)
    return [[(float(x), float(y)) for x, y in (point.split() for point in path.split("L"))] for path in paths]


def _heights(svg: str, step: float) -> list[int]:
    """The numbers that the line of steps goes through, if one of it is so many pixels high."""
    (points,) = _points(svg, "steps")
    floor = points[0][1]
    return [round((floor - y) / step) for _, y in points]


def test_a_step_goes_up_where_it_is_and_stays() -> None:
    """From the axis to the number, along, and back at the end."""
    steps = [Step(BEGIN, 0), Step(BEGIN + timedelta(days=100), 3), Step(BEGIN + timedelta(days=200), 1)]
    end = BEGIN + timedelta(days=400)
    svg = draw_steps("a", "A", "B", steps, end, [Mark(steps[1], "three", "/x")], [Part(BEGIN, end, "all", "/y")], "people")
    (points,) = _points(svg, "steps")
    step = (points[0][1] - min(y for _, y in points)) / 3
    assert _heights(svg, step) == [0, 0, 0, 3, 3, 1, 1, 0]
    left, right = points[0][0], points[-1][0]
    assert points[2][0] == pytest.approx(left + (right - left) / 4, abs=0.5)
    assert '<a href="/x"><circle' in svg
    assert '<a href="/y"><rect class="hit"' in svg


def test_many_steps_in_one_place_are_one() -> None:
    """Ten thousand steps are no more points than there is room for; the highest and the lowest are among them."""
    steps = [Step(BEGIN + timedelta(hours=hour), 5 + hour % 2) for hour in range(10_000)]
    steps[5_001] = Step(steps[5_001].at, 10)
    svg = draw_steps("a", "A", "B", steps, steps[-1].at, [], [], "people")
    (points,) = _points(svg, "steps")
    assert len(points) < 720 * 2 * 4 + 3
    step = (points[0][1] - min(y for _, y in points)) / 10
    assert set(_heights(svg, step)) == {0, 5, 6, 10}


def test_values_of_neighbouring_years_are_joined() -> None:
    """A year without a value makes a gap; each value has its whisker and its dot."""
    values = [Between(year, 50, 40, 60, f"{year}: half", f"/{year}") for year in (2000, 2001, 2003)]
    svg = draw_between("a", "A", "B", values, percents(), "%")
    assert [len(path) for path in _points(svg, "line thin mark-1")] == [2]
    assert len(_points(svg, "whisker")) == 3
    assert re.findall(r'<a href="(/\d+)"><circle', svg) == ["/2000", "/2001", "/2003"]
    assert svg.count("<title>") == 3


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (2010, 2012, ["2010", "2011", "2012"]),
        (2010, 2026, [str(year) for year in range(2010, 2027, 2)]),
        (1957, 2026, [str(year) for year in range(1960, 2027, 5)]),
    ],
)
def test_round_years_are_labelled(first: int, last: int, labels: list[str]) -> None:
    """As many as there is room for, each under its value."""
    values = [Between(year, 50, 40, 60, "") for year in range(first, last + 1)]
    svg = draw_between("a", "A", "B", values, percents(), "%")
    found = re.findall(r'<text class="tick" x="([\d.]+)" y="[\d.]+" text-anchor="middle">(\d+)<', svg)
    assert [label for _, label in found] == labels
    assert {place for place, _ in found} <= set(re.findall(r'<circle class="dot mark-1" cx="([\d.]+)"', svg))


@pytest.mark.parametrize("values", [[0.0], [1.0], [10.0, 10.0], [0.01, 5e6], [2.5, 400.0], [1e9, 1.0]])
def test_a_logarithmic_axis_holds_its_values(values: list[float]) -> None:
    """They are between its ends, the lower the lower, and it has ticks between these."""
    scale = powers(values)
    ticks = scale.ticks(5)
    places = [place for place, _ in ticks]
    assert len(ticks) >= 2
    assert places == sorted(places, reverse=True)
    assert all(places[-1] - 0.1 <= scale.place(value) <= places[0] + 0.1 for value in values)
    assert [scale.place(value) for value in sorted(values)] == sorted((scale.place(value) for value in values), reverse=True)
