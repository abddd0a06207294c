"""`/vehicles/{id}` and `/vehicles/spacecraft/{id}`: configurations with their records and their launches."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.catalogue.actions import delete
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, flight, launch
from tests.support.upstream import REPLIES, needs_upstream
from tests.support.whole import least, take_in, uuid

pytestmark = pytest.mark.django_db

PAGE = "/vehicles/451"  # of the launches in tests.support.bodies
LATER = datetime(2027, 1, 1, tzinfo=UTC)  # than the objects of take_in
NOW = "1964-06-01T00:00:00Z"
RECORD = {"total_launch_count": 13, "successful_launches": 11, "failed_launches": 2, "pending_launches": 1}
FAILURE = {"id": 4, "name": "Launch Failure", "abbrev": "Failure", "description": ""}
TO_COME = {"id": 1, "name": "Go for Launch", "abbrev": "Go", "description": ""}
QUERIES = (
    "the beginning of the snapshot",
    "the document of the configuration",
    "the sources of its values",
    "its overrides",
    "the turnarounds of its first stages",
    "its last launches",
    "its next launches",
    "the documents of those that are shown",
    "its launches by year and outcome",
    "the number of its boosters",
    "the newest entry of the journal",
    "the numbers of its entries",
    "these entries",
    "the names in them",
    "the end of the snapshot",
)
OF_SPACECRAFT = (*QUERIES[:4], "how many craft there are", "the craft", "their landings", *QUERIES[5:9], *QUERIES[10:])


def _page(client: Client, path: str = PAGE) -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def _text(client: Client, path: str = PAGE) -> str:
    """The words of a page, each run of white space as one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", _page(client, path))).split())


def _launch(number: int, year: int, **changes: Any) -> dict[str, Any]:
    return launch(uuid(number), name=f"Launch {number}", slug=f"launch-{number}", net=f"{year}-02-01T00:00:00Z", **changes)


def _configuration(**changes: Any) -> None:
    take_in("LauncherConfiguration", [{"id": 451, "full_name": "Vostok-K 8K72K", **changes}])


def test_the_record_has_a_rate_with_its_interval(client: Client) -> None:
    """Successes among those that ended either way, and Wilson's interval at 95 %: 11 of 13."""
    _configuration(**RECORD, successful_landings=1, failed_landings=0)
    text = _text(client)
    assert "84.6 % of 13 launches succeeded; the 95 % interval is 57.8 to 95.7 %" in text
    assert "100 % of 1 landings succeeded; the 95 % interval is 20.7 to 100 %" in text
    assert re.search(
        r"Launches 13 (Source 1) Successes 11 \1 Failures, in part or whole 2 \1 Pending 1 \1", text.replace("\u2060", "")
    )


def test_nothing_is_claimed_of_a_vehicle_that_never_flew(client: Client) -> None:
    """No rate and no plot."""
    _configuration(total_launch_count=0, successful_launches=0, failed_launches=0)
    text = _text(client)
    assert " % of " not in text
    assert "This catalogue has none with a known net." in text


def test_what_is_empty_keeps_its_abbreviations(client: Client) -> None:
    """A sentence lists it: only the first letter of a label is small there."""
    _configuration(gto_capacity=None)
    text = _text(client)
    assert re.search(r"Reported to be empty: .*capacity to GTO", text)
    assert re.search(r"Never reported: .*capacity to low Earth orbit", text)


def test_a_total_that_contradicts_its_parts_is_left_out(client: Client) -> None:
    """Old replies have no total; what this catalogue computes from its own few launches is another number."""
    _configuration(successful_launches=6, failed_launches=1)
    text = _text(client)
    assert "85.7 % of 7 launches succeeded" in text
    assert "Launches 0" not in text


def test_landings_are_told_where_one_was_tried(client: Client) -> None:
    """Four zeros would say nothing of most vehicles."""
    _configuration(attempted_landings=0, successful_landings=0)
    assert "Landings tried" not in _text(client)
    take_in("LauncherConfiguration", [{"id": 452, "attempted_landings": 1, "successful_landings": 0, "failed_landings": 1}])
    assert "Landings tried 1" in _text(client, "/vehicles/452")


def test_a_family_leads_to_its_members(client: Client) -> None:
    """Whatever its name is."""
    take_in("LauncherConfiguration", [{"id": number, "name": "A", "family": "R-7 & others"} for number in (1, 2)])
    take_in("LauncherConfiguration", [{"id": 3, "name": "B", "family": "R-7"}])
    address = html.unescape(re.findall(r'<a href="(/vehicles/[?][^"]*)">R-7 &amp; others</a>', _page(client, "/vehicles/1"))[0])
    assert "1 to 2 of 2" in client.get(address).content.decode()


def test_launches_are_drawn_by_year_and_outcome(client: Client) -> None:
    """Each bar leads to the list of its launches, which has as many."""
    take_in("Launch", [_launch(1, 1961), _launch(2, 1961, status=FAILURE), _launch(3, 1963), _launch(4, 1965, status=TO_COME)])
    page = _page(client)
    assert "4 launches (Success 2, Failure 1, Pending 1) by year, 1961 to 1965; most in 1961: 2." in page
    bars = re.findall(r'<a href="([^"]*)"><rect[^>]*><title>([^<]*)</title>', page)
    assert [tip for _, tip in bars] == ["1961, Success: 1 of 2", "1961, Failure: 1 of 2", "1963, Success: 1", "1965, Pending: 1"]
    for address, _ in bars:
        assert "1 to 1 of 1<" in client.get(html.unescape(address)).content.decode()


def test_the_next_and_the_last_launches_are_listed(client: Client) -> None:
    """By the clock: the soonest first of those to come, the latest first of the others. At most five each, and a link to all."""
    take_in("Launch", [_launch(number, 1950 + number) for number in range(1, 8)])
    take_in("Launch", [_launch(number, 1950 + number, status=TO_COME) for number in range(13, 22)])
    found = re.findall(r'</time></td><th scope="row"><a href="/launches/launch-(\d+)"', _page(client))
    assert found == ["15", "16", "17", "18", "19", "14", "13", "7", "6", "5"]
    address = html.unescape(re.findall(r'<a href="([^"]*)">All its launches', _page(client))[0])
    assert "1 to 16 of 16" in client.get(address).content.decode()


def test_deleted_launches_do_not_count(client: Client) -> None:
    """Nor are they listed."""
    take_in("Launch", [_launch(1, 1961), _launch(2, 1962)])
    delete("Launch", uuid(2), LATER, "command:delete")
    page = _page(client)
    assert "1 launch by year, 1961;" in page
    assert "launch-2" not in page.partition("What changed")[0]


def test_turnarounds_are_those_of_flown_first_stages(client: Client) -> None:
    """The median and the shortest, to the day; a planned flight is none."""
    for number, (days, status) in enumerate([(30, 3), (10, 3), (21, 3), (2, 1)], start=1):
        stage = {"id": number, "turn_around_time_days": days, "launcher": {"id": number, "serial_number": f"B{number}"}}
        body = _launch(number, 1960, status={"id": status, "name": "", "abbrev": "", "description": ""})
        body["rocket"]["launcher_stage"] = [stage]
        take_in("Launch", [body])
    assert "21 d is the median turnaround of its first stages, 10 d the shortest, of 3 in this catalogue." in _text(client)


def test_measures_have_their_units(client: Client) -> None:
    """As the field writes them; a cost that is no number stays as it is."""
    measures = {"length": 70.0, "diameter": 3.65, "launch_mass": 549, "to_thrust": 7607, "leo_capacity": 22800, "apogee": 200}
    _configuration(**measures, launch_cost="52000000", maiden_flight="2018-05-11")
    text = _text(client).replace("\u2060", "")
    for written in ("70.0 m", "3.65 m", "549 t", "7,607 kN", "22,800 kg", "200 km", "$52,000,000", "2018-05-11"):
        assert f" {written} Source 2" in text  # the first source are computed numbers of the record
    take_in("LauncherConfiguration", [{"id": 452, "launch_cost": "half of it"}])
    assert "Cost of a launch half of it" in _text(client, "/vehicles/452")


@pytest.mark.parametrize(
    ("path", "model", "shape"),
    [
        ("/vehicles/9", "LauncherConfiguration", "LauncherConfigDetail"),
        ("/vehicles/spacecraft/9", "SpacecraftConfiguration", "SpacecraftConfigurationDetail"),
        ("/spacecraft/9", "Spacecraft", "SpacecraftDetailed"),
        ("/boosters/9", "Launcher", "LauncherDetail"),
    ],
)
def test_odd_rows_have_pages(client: Client, path: str, model: str, shape: str) -> None:
    """With nothing but an id; with long and hostile texts; and none once it is deleted or was never there."""
    assert client.get(path).status_code == 404
    take_in(model, [{"id": 9}])
    assert "without" in _text(client, path)
    odd = {field.key: "<script>\u202eא" + "x" * 400 for field in WIRE.shapes[shape].fields if field.kind.name == "TEXT"}
    take_in(model, [{"id": 9, **odd}])
    page = _page(client, path)
    assert "<script>\u202e" not in page
    assert "&lt;script&gt;\u202eא" in page
    take_in(model, [least(WIRE.shapes[shape], 9)])
    twin = re.findall(r'<link rel="alternate" type="application/json" href="([^"]*)">', _page(client, path))[0]
    assert client.get(twin).json()["id"] == 9
    delete(model, 9, LATER, "command:delete")
    assert client.get(path).status_code == client.get(f"/2.2.0/{_path_of(model)}/9/").status_code


def _path_of(model: str) -> str:
    return next(path for path, resource in WIRE.resources.items() if resource.model == model)


def test_years_that_nobody_means_do_not_break_the_plot(client: Client) -> None:
    """From the year 1 to 9999."""
    take_in("Launch", [_launch(1, 1961), launch(uuid(2), net="0001-01-01T00:00:00Z", slug="")])
    take_in("Launch", [launch(uuid(3), net="9999-12-31T23:59:59Z", slug="", status=TO_COME)])
    assert "3 launches (Success 2, Pending 1) by year, 1 to 9999" in _page(client)


def test_a_configuration_costs_a_fixed_number_of_queries(client: Client) -> None:
    """However many launches there are."""
    take_in("Launch", [_launch(number, 1950 + number) for number in range(1, 20)])
    assert _queries(client, PAGE) <= len(QUERIES)


def _queries(client: Client, path: str) -> int:
    with time_machine.travel(NOW, tick=False):
        client.get(path)  # renders and stores the documents
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{path}?again")
    return len(queries)


def test_a_spacecraft_configuration_shows_its_craft(client: Client) -> None:
    """With their flights; its launches and its landings are those of their flights."""
    take_in("SpacecraftFlight", [flight(1)])
    text = _text(client, "/vehicles/spacecraft/27")
    assert "1 spacecraft with 1 flight in this catalogue, 0 in space now" in text
    assert "Vostok 1 Vostok-3KA No.3 Single Use 1 no" in text
    assert "100 % of 1 landings succeeded; the 95 % interval is 20.7 to 100 %" in text
    assert "1 launch by year, 1961; most in 1961: 1." in text
    page = _page(client, "/vehicles/spacecraft/27")
    assert '<a href="/spacecraft/100">Vostok 1</a>' in page
    assert '<a href="/launches/vostok-k-vostok-1">' in page
    assert _queries(client, "/vehicles/spacecraft/27") <= len(OF_SPACECRAFT)


def test_a_spacecraft_configuration_leads_to_the_rest_of_its_craft(client: Client) -> None:
    """A page has 25; the list has all."""
    flights = []
    for number in range(1, 29):
        body = flight(number, launch=launch(VOSTOK_1))
        body["spacecraft"] = {"id": number, "spacecraft_config": {"id": 27}, "name": f"Craft {number}"}
        flights.append(body)
    take_in("SpacecraftFlight", flights)
    page = _page(client, "/vehicles/spacecraft/27")
    assert len(re.findall(r'<a href="/spacecraft/\d+">', page)) == 25
    assert '<a href="/spacecraft/?spacecraft_config=27">And 3 more</a>' in page
    assert "1 to 25 of 28" in client.get("/spacecraft/?spacecraft_config=27").content.decode()


@needs_upstream
def test_a_real_configuration(client: Client) -> None:
    """Atlas LV-3B as a real reply had it: six of seven launches succeeded."""
    take_in("LauncherConfiguration", [json.loads((REPLIES / "2.2.0" / "config-launcher__162__1.json").read_bytes())])
    text = _text(client, "/vehicles/162").replace("\u2060", "")
    assert "Atlas LV-3B" in text
    assert "85.7 % of 7 launches succeeded; the 95 % interval is 48.7 to 97.4 %" in text
    for written in ("Length 28.7 m", "Mass at launch 120 t", "Capacity to low Earth orbit 1,360 kg", "Maiden flight 1960-07-29"):
        assert f"{written} Source 1" in text
    assert "Reported to be empty: also called" in text


@needs_upstream
def test_all_real_configurations(client: Client) -> None:
    """Each configuration that real replies have by itself: its name, and how many of its launches succeeded."""
    for path in sorted((REPLIES / "2.2.0").glob("config-launcher__[0-9]*.json")):
        body = json.loads(path.read_bytes())
        take_in("LauncherConfiguration", [body])
        text = _text(client, f"/vehicles/{body['id']}")
        launches = body["successful_launches"] + body["failed_launches"]
        assert body["full_name"] in text
        assert (f" of {launches} launches succeeded" in text) == (launches > 0)
        assert f"Successes {body['successful_launches']}" in text


@needs_upstream
def test_a_real_spacecraft_configuration(client: Client) -> None:
    """The Apollo spacecraft as a real reply had it."""
    take_in("SpacecraftConfiguration", [json.loads((REPLIES / "2.2.0" / "config-spacecraft__10__1.json").read_bytes())])
    text = _text(client, "/vehicles/spacecraft/10").replace("\u2060", "")
    assert "Not in use Spacecraft configuration by National Aeronautics and Space Administration" in text
    for written in ("Seats 3", "Maiden flight 1966-02-26", "Height 11.0 m", "Diameter 3.9 m", "Payload 1,050 kg", "14 days"):
        assert f"{written} Source 1" in text
    assert "Never reported: payload back to Earth." in text
