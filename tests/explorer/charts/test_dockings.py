"""The docking chart: its ports, its colours, and what it says in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from launchledger.explorer.charts.chart import Chart
from launchledger.explorer.charts.dockings import Stay, docking_chart

NOW = datetime(2021, 1, 1, tzinfo=UTC)
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def _stay(vehicle: str = "Progress MS-14", port: str = "Zvezda aft", day: int = 1, **changes: object) -> Stay:
    given: dict[str, object] = {
        "vehicle": vehicle,
        "type": "Progress-MS",
        "port": port,
        "docking": datetime(2020, 5, day, 5, 12, tzinfo=UTC),
        "departure": datetime(2020, 8, day, 5, 12, tzinfo=UTC),
        "goes_on": False,
        "href": "",
        **changes,
    }
    return Stay(**given)  # type: ignore[arg-type]


def _chart(*stays: Stay) -> Chart:
    return docking_chart(stays, BEGIN, NOW, NOW)


def test_a_docking_is_told_in_words() -> None:
    """In the tip of its bar and in the table: when, until when, how long; what goes on, and what is not known."""
    ended = _stay()
    going_on = _stay("Soyuz MS-17", "Rassvet nadir", departure=None, goes_on=True, type="Soyuz MS")
    unknown = _stay("Progress MS-15", "", departure=None, type="")
    chart = _chart(ended, going_on, unknown)
    assert "Progress MS-14, Zvezda aft: 2020-05-01 05:12 UTC to 2020-08-01 05:12 UTC (92 d)</title>" in chart.svg
    assert "Soyuz MS-17, Rassvet nadir: 2020-05-01 05:12 UTC to now (245 d)</title>" in chart.svg
    assert "Progress MS-15, Port unknown: 2020-05-01 05:12 UTC to unknown</title>" in chart.svg
    assert [list(row) for row in chart.rows] == [
        ["Progress MS-14", "Progress-MS", "Zvezda aft", "2020-05-01 05:12 UTC", "2020-08-01 05:12 UTC", "92 d"],
        ["Soyuz MS-17", "Soyuz MS", "Rassvet nadir", "2020-05-01 05:12 UTC", "docked now", "245 d"],
        ["Progress MS-15", "Type unknown", "Port unknown", "2020-05-01 05:12 UTC", "unknown", ""],
    ]


def test_ports_are_in_the_order_of_their_names() -> None:
    """From top to bottom; the unknown port is the last."""
    chart = _chart(_stay(port="Zvezda aft"), _stay(port=""), _stay(port="harmony zenith"), _stay(port="Harmony forward"))
    lanes = re.findall(r'class="lane"[^>]*>([^<]*)<', chart.svg)
    assert lanes == ["Harmony forward", "harmony zenith", "Zvezda aft", "Port unknown"]
    assert "4 dockings at 4 ports, 2020-01-01 to 2021-01-01." in chart.description


def test_each_type_has_a_colour_and_the_rest_are_grey() -> None:
    """The most frequent types have colours of their own, as many as can be told apart."""
    stays = [_stay(type=f"Type {number}", day=number + 1) for number in range(10)]
    chart = _chart(*stays, _stay(type="Soyuz MS"), _stay(type="Soyuz MS", day=9))
    assert [(each.mark, each.name) for each in chart.legend][:2] == [(1, "Soyuz MS"), (2, "Type 0")]
    assert (len(chart.legend), chart.legend[-1].mark, chart.legend[-1].name) == (7, 7, "Other types")
    assert len({each.mark for each in chart.legend}) == len(chart.legend)


def test_a_docking_leads_to_its_flight() -> None:
    """From the bar and from the table."""
    chart = _chart(_stay(href="/flights/1"))
    assert '<a href="/flights/1"><rect' in chart.svg
    assert '<th scope="row"><a href="/flights/1">Progress MS-14</a></th>' in chart.body


def test_now_is_marked_where_the_chart_reaches_it() -> None:
    """A chart of a station that came down ends before."""
    assert ">now</text>" in _chart(_stay()).svg
    assert ">now</text>" not in docking_chart([_stay()], BEGIN, datetime(2020, 9, 1, tzinfo=UTC), NOW).svg
