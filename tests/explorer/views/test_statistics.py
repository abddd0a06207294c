"""`/statistics`: what each plot counts, what can be chosen, and that marks lead to what they count."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from tests.support.bodies import HOST, agency, agency_mini, launch, location, pad
from tests.support.whole import take_in, uuid

pytestmark = pytest.mark.django_db

NOW = "1990-06-01T00:00:00Z"
STATUSES = {
    3: "Launch Successful",
    4: "Launch Failure",
    7: "Launch was a Partial Failure",
    1: "Go for Launch",
    6: "Launch in Flight",
}


def _launch(number: int, year: int, status: int = 3, provider: int = 1, **changes: Any) -> dict[str, Any]:
    changes = {
        "net": f"{year}-03-01T00:00:00Z",
        "launch_service_provider": agency_mini(provider, f"Provider {provider}"),
    } | changes
    name = STATUSES[status]
    return launch(
        uuid(number),
        name=f"Launch {number}",
        slug=f"launch-{number}",
        status={"id": status, "name": name, "abbrev": name, "description": ""},
        **changes,
    )


def _vehicle(id: int, family: str, name: str = "") -> dict[str, Any]:
    configuration = {
        "id": id,
        "url": f"{HOST}/config/launcher/{id}/",
        "name": name,
        "family": family,
        "full_name": name,
        "variant": "",
    }
    return {"id": 3000 + id, "configuration": configuration}


def _page(client: Client, query: str = "") -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(f"/statistics{query}")
    assert response.status_code == 200, query
    return response.content.decode()


def _table(page: str) -> list[list[str]]:
    """The rows of the table behind the plot, the headers first."""
    table = page.partition("<details>")[2].partition("</details>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows
    ]


def _links(page: str) -> Iterator[tuple[str, int]]:
    """The addresses of numbers in the table behind the plot, with these numbers."""
    table = page.partition("<details>")[2].partition("</details>")[0]
    for address, number in re.findall(r'<td><a href="([^"]*)">([\d,]+)</a></td>', table):
        yield html.unescape(address), int(number.replace(",", ""))


def _counted(client: Client, address: str) -> int:
    """How many launches the list at an address of `/launches/` has, by its JSON twin."""
    assert urlsplit(address).path == "/launches/"
    query = urlsplit(address).query.removeprefix("when=all&")
    assert client.get(address).status_code == 200
    found: int = client.get(f"/2.2.0/launch/?{query}").json()["count"]
    return found


def test_launches_that_left_are_counted_by_year() -> None:
    """By their status: no planned ones, no deleted ones; years between are there too."""
    client = Client()
    take_in(
        "Launch", [_launch(1, 1961), _launch(2, 1961, 4), _launch(3, 1961, 1), _launch(4, 1963, 7, 2), _launch(5, 1963, 6, 2)]
    )
    assert _table(_page(client)) == [
        ["Year", "Provider 1", "Provider 2", "All"],
        ["1961", "2", "0", "2"],
        ["1962", "0", "0", "0"],
        ["1963", "0", "2", "2"],
    ]


def test_a_status_has_its_own_series(client: Client) -> None:
    """In the order success, partial failure, failure, whatever was more frequent."""
    take_in("Launch", [_launch(1, 1961, 4), _launch(2, 1961, 4), _launch(3, 1961), _launch(4, 1961, 7)])
    names = [STATUSES[status] for status in (3, 7, 4)]
    assert _table(_page(client, "?by=status")) == [["Year", *names, "All"], ["1961", "1", "1", "2", "4"]]


def test_countries_are_those_of_providers(client: Client) -> None:
    """A provider of which only the name is known has none."""
    take_in("Agency", [agency(1, country_code="RUS"), agency(2, country_code="USA"), agency(4, country_code="RUS")])
    take_in("Launch", [_launch(number, 1961, provider=number) for number in (1, 2, 3, 4)])
    assert _table(_page(client, "?by=country")) == [["Year", "RUS", "USA", "unknown", "All"], ["1961", "2", "1", "1", "4"]]


def test_vehicles_are_families(client: Client) -> None:
    """A configuration without a family stands for itself."""
    rockets = [_vehicle(1, "R-7", "Vostok-K"), _vehicle(2, "R-7", "Voskhod"), _vehicle(3, "", "Scout X-1")]
    take_in("Launch", [_launch(number, 1961, rocket=rocket) for number, rocket in enumerate(rockets, 1)])
    assert _table(_page(client, "?by=vehicle")) == [["Year", "R-7", "Scout X-1", "All"], ["1961", "2", "1", "3"]]


def test_seven_series_and_others(client: Client) -> None:
    """Those with the most launches have a colour of their own; all others share the grey one."""
    numbers = count(1)
    take_in(
        "Launch", [_launch(next(numbers), 1961, provider=provider) for provider in range(1, 11) for _ in range(11 - provider)]
    )
    page = _page(client)
    assert _table(page)[0] == ["Year", *(f"Provider {number}" for number in range(1, 8)), "others", "All"]
    assert _table(page)[1][-2:] == ["6", "55"]
    assert [int(mark) for mark in re.findall(r'<rect class="bar mark-(\d)" width', page)] == [1, 2, 3, 4, 5, 6, 8, 7]
    assert all(_counted(client, address) == number for address, number in _links(page))


def test_a_plot_is_limited_as_chosen(client: Client) -> None:
    """To years, one provider and one site; each limit can be removed, and stays in the form."""
    other = pad(80, location=location(12, name="Cape"))
    take_in("Launch", [_launch(1, 1961), _launch(2, 1962), _launch(3, 1962, provider=2), _launch(4, 1962, provider=2, pad=other)])
    page = _page(client, "?provider=2&site=12&from=1962&to=1962")
    assert _table(page) == [["Year", "Provider 2"], ["1962", "1"]]
    assert '<option value="2" selected>Provider 2</option>' in page
    assert 'name="from" min="1" max="9999" value="1962"' in page
    assert '<li>Site: Cape <a href="?from=1962&amp;to=1962&amp;provider=2" aria-label="Remove the limit Site">' in page
    assert _table(_page(client, "?provider=2"))[1:] == [["1962", "2"]]
    assert _table(_page(client, "?to=1961"))[1:] == [["1961", "1"]]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("plot=pies", "plot"), ("by=moon", "by"), ("from=soon", "from"), ("to=0", "to"), ("to=99999", "to")),
        *(
            ("from=2000&to=1999", "to"),
            ("provider=a", "provider"),
            (f"site={10**18}", "site"),
            ("pad=-1", "pad"),
            ("pad=²", "pad"),
        ),
    ],
)
def test_a_choice_that_cannot_be_read_is_named(client: Client, query: str, name: str) -> None:
    """The page says which parameter, and what it expects."""
    response = client.get(f"/statistics?{query}")
    assert response.status_code == 400
    assert f"<code>{name}</code>: " in response.content.decode()


@pytest.mark.parametrize("plot", ["launches", "success", "landings", "turnarounds", "people"])
def test_an_empty_catalogue_has_no_plot(client: Client, plot: str) -> None:
    """The page says so, and so it does for an id that no row has."""
    for query in (f"?plot={plot}", f"?plot={plot}&provider=999&pad=999&from=&to="):
        page = _page(client, query)
        assert "Nothing in this catalogue matches these choices." in page
        assert "<details>" not in page


def test_the_success_rate_has_its_interval(client: Client) -> None:
    """A partial failure is not a success; a launch in flight has no outcome yet."""
    numbers = count(1)
    take_in("Launch", [_launch(next(numbers), 1961, status) for status in (3, 3, 3, 3, 3, 3, 3, 3, 4, 7, 6, 1)])
    page = _page(client, "?plot=success")
    assert _table(page) == [
        ["Year", "Launches", "Succeeded", "Rate", "95 % interval"],
        ["1961", "10", "8", "80 %", "49 % to 94.3 %"],
    ]
    assert "1961: 80 %, 8 of 10; 95 % interval 49 % to 94.3 %" in page


def test_landings_are_counted_by_outcome(client: Client) -> None:
    """Of first stages of launches that left: three of one launch are three."""
    outcomes = ((True, True), (True, True), (True, False), (True, None), (False, None))
    stages = [_stage(number, *outcome) for number, outcome in enumerate(outcomes, 1)]
    planned = _launch(2, 1989, 1, rocket=_rocket([_stage(9, True, None)]))
    take_in("Launch", [_launch(1, 1988, rocket=_rocket(stages)), planned])
    page = _page(client, "?plot=landings")
    assert _table(page) == [["Year", "succeeded", "failed", "outcome unknown", "All"], ["1988", "2", "1", "1", "4"]]
    address = re.search(r'<th scope="row"><a href="([^"]*)">1988</a>', page)
    assert address
    assert parse_qs(html.unescape(address[1]))["launcher_config__id"] == ["451"]


def test_days_between_launches_are_those_of_one_pad(client: Client) -> None:
    """In the year of the later launch; the table of pads has the median and the shortest, with the launch that ended it."""
    nets = (
        "1960-12-31T12:00:00Z",
        "1961-01-01T00:00:00Z",
        "1961-01-09T00:00:00Z",
        "1961-01-12T00:00:00Z",
        "1962-01-12T00:00:00Z",
    )
    other = pad(80, name="Other", location=location(12, name="Cape"))
    launches = [_launch(number, 0, net=net) for number, net in enumerate(nets, 1)]
    take_in("Launch", [*launches, _launch(8, 1961, pad=other), _launch(9, 1962, pad=other), _launch(7, 1961, 1)])
    head = ["Year", "Times between", "Median", "Shortest", "Longest"]
    assert _table(_page(client, "?plot=turnarounds&pad=32")) == [
        head,
        ["1961", "3", "3 d", "12 h", "8 d"],
        ["1962", "1", "365 d", "365 d", "365 d"],
    ]
    page = _page(client, "?plot=turnarounds")
    assert _table(page)[2] == ["1962", "2", "365 d", "365 d", "365 d"]
    beside = page.partition('id="beside"')[2]
    first = re.search(
        r'<th scope="row"><a href="([^"]*)">([^<]*)</a></th><td>4</td><td>5 d 12 h</td><td>12 h, .*?href="([^"]*)"', beside
    )
    assert first
    assert html.unescape(first[1]) == "?plot=turnarounds&pad=32"
    assert _counted(client, html.unescape(first[3])) == 1


def test_odd_rows_break_no_plot(client: Client) -> None:
    """Nets of the first and the last year, hostile and long names, two launches at once."""
    hostile = agency_mini(5, "<script>alert(1)</script>" + 400 * "x")
    first, last = _launch(1, 0, net="0001-01-01T00:00:00Z", launch_service_provider=hostile), _launch(2, 9999)
    take_in("Launch", [first, last, _launch(3, 1961), _launch(4, 1961, rocket=_vehicle(7, "", ""))])
    for query in (
        "",
        "?by=country",
        "?by=vehicle",
        "?by=status",
        "?plot=success",
        "?plot=turnarounds",
        "?plot=turnarounds&pad=32",
    ):
        page = _page(client, query)
        assert "<script>alert" not in page
        assert 200 * "x" not in page
        assert page.count("<svg ") >= 1
        assert _page(client, f"{query or '?plot=launches'}&from=9999")


def _rocket(stages: list[dict[str, Any]]) -> dict[str, Any]:
    return _vehicle(451, "R-7", "Vostok-K") | {"launcher_stage": stages, "spacecraft_stage": None}


def _stage(number: int, attempt: bool, success: bool | None) -> dict[str, Any]:
    landing = {"id": number, "attempt": attempt, "success": success, "description": "", "location": None, "type": None}
    return {"id": number, "type": "Core", "reused": False, "launcher_flight_number": 1, "landing": landing}
