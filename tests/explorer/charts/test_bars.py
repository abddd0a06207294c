"""Stacked bars: where the bars stand, what they say, and the table behind them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from launchledger.explorer.charts.bars import MOST_YEARS, Category, Series, bar_chart, every_year
from launchledger.explorer.charts.chart import Chart

_SVG = "{http://www.w3.org/2000/svg}"


def _rects(chart: Chart) -> list[dict[str, str]]:
    """The bars of a chart, in the order of the drawing, each with its tip."""
    root = ElementTree.fromstring(chart.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    return [{**rect.attrib, "tip": rect.findtext(f"{_SVG}title") or ""} for rect in root.iter(f"{_SVG}rect")]


def _labels(chart: Chart) -> list[str]:
    """The labels on the horizontal axis."""
    return re.findall(r'text-anchor="middle">([^<]*)<', chart.svg)


def _chart(categories: list[Category], *series: Series) -> Chart:
    return bar_chart("years", "Launches a year", categories, series)


def test_bars_stand_on_each_other() -> None:
    """The second series begins where the first ends, and heights are in proportion to values."""
    chart = _chart([Category("2023"), Category("2024")], Series("Success", 1, [3, 8]), Series("Failure", 2, [1, 0]))
    three, one, eight = _rects(chart)
    assert float(three["height"]) == pytest.approx(3 * float(one["height"]), abs=0.4)
    assert float(eight["height"]) == pytest.approx(8 * float(one["height"]), abs=0.8)
    assert float(one["y"]) + float(one["height"]) == pytest.approx(float(three["y"]), abs=0.2)
    assert (three["class"], one["class"]) == ("bar mark-1", "bar mark-2")
    assert three["x"] == one["x"] != eight["x"]


def test_each_bar_says_what_it_is() -> None:
    """Its category, its series and its value; of how many where others stand on it."""
    chart = _chart([Category("2023"), Category("2024")], Series("Success", 1, [3, 8]), Series("Failure", 2, [1, 0]))
    assert [rect["tip"] for rect in _rects(chart)] == ["2023, Success: 3 of 4", "2023, Failure: 1 of 4", "2024, Success: 8"]


def test_the_table_has_every_value() -> None:
    """Zeros too; with a sum where there are several series."""
    chart = _chart([Category("2023"), Category("2024")], Series("Success", 1, [3, 1200]), Series("Failure", 2, [1, 0]))
    assert list(chart.headers) == ["Year", "Success", "Failure", "All"]
    assert [list(row) for row in chart.rows] == [["2023", "3", "1", "4"], ["2024", "1,200", "0", "1,200"]]
    assert [(each.mark, each.name) for each in chart.legend] == [(1, "Success"), (2, "Failure")]
    assert chart.description == "1,204 launches (Success 1,203, Failure 1) by year, 2023 to 2024; most in 2024: 1,200."


def test_one_series_needs_no_legend_and_no_sum() -> None:
    """What it counts is in the title."""
    chart = _chart([Category("2023")], Series("Launches", 1, [2.5]))
    assert (chart.legend, list(chart.headers)) == ((), ["Year", "Launches"])
    assert [list(row) for row in chart.rows] == [["2023", "2.5"]]
    assert chart.description == "2.5 launches by year, 2023; most in 2023: 2.5."


def test_bars_lead_where_their_category_or_series_says() -> None:
    """An address of the series is nearer than one of the category; the table has both."""
    series = [Series("Success", 1, [3], ["?status=3"]), Series("Failure", 2, [1])]
    chart = bar_chart("years", "Launches a year", [Category("2023", "?year=2023")], series)
    assert re.findall(r'<a href="([^"]*)"><rect', chart.svg) == ["?status=3", "?year=2023"]
    assert list(chart.rows[0]) == ['<a href="?year=2023">2023</a>', '<a href="?status=3">3</a>', "1", "4"]
    assert 'role="group"' in chart.svg


def test_labels_never_overlap() -> None:
    """Of many years those that are round are written, of other categories every second, fifth and so on."""
    years = [Category(str(year)) for year in range(1957, 2027)]
    written = _labels(_chart(years, Series("Launches", 1, [1] * len(years))))
    assert written == [str(year) for year in range(1960, 2027, 5)]
    names = [Category(f"Rocket number {number}") for number in range(10)]
    assert _labels(_chart(names, Series("Launches", 1, [1] * 10))) == [
        "Rocket number 0",
        "Rocket number 2",
        *map("Rocket number {}".format, (4, 6, 8)),
    ]


def test_odd_texts_stay_texts() -> None:
    """Whatever the name of a series or a category is; a long label is cut in the drawing and whole in the table."""
    odd = "<b>" + "x" * 400
    chart = _chart([Category(odd)], Series('"><script>', 1, [0]), Series("ok", 2, [0]))
    assert "<script>" not in chart.svg
    assert "<b>" not in chart.svg
    assert chart.rows[0][0] == odd
    assert _rects(chart) == []


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ([], []),
        ([2024], [2024]),
        ([2024, 2021, 2024], [2021, 2022, 2023, 2024]),
        ([1, 1961, 9999], [1, 1961, 9999]),
        ([1957, 2026], list(range(1957, 2027))),
    ],
)
def test_every_year_between_has_its_place(years: list[int], found: list[int]) -> None:
    """A year without a launch is a gap; years that nobody can mean do not fill the chart."""
    assert every_year(years) == found


def test_there_are_never_too_many_years() -> None:
    """At most MOST_YEARS, the latest."""
    found = every_year(range(1, 10_000))
    assert (len(found), found[-1]) == (MOST_YEARS, 9999)
