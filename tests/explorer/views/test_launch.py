"""`/launches/{slug}`: one launch, and how its net moved."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.catalogue.actions import Observation, observe
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

PAGE = "/launches/vostok-k-vostok-1"


def _text(client: Client, path: str = PAGE) -> str:
    """The words of a page, each run of white space as one space."""
    page = client.get(path).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def _observe(at: datetime, **changes: Any) -> None:
    body = launch(VOSTOK_1, last_updated=f"{at:%Y-%m-%dT%H:%M:%SZ}", **changes)
    observe([Observation(WIRE.reader.read("Launch", body), f"file:{at:%Y}.json", at)])


def test_a_launch_has_one_address(client: Client) -> None:
    """Its id and nothing else leads to its slug; what is not there is a page that says so."""
    take_in("Launch", [launch(VOSTOK_1)])
    response = client.get(f"/launches/{VOSTOK_1}")
    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    assert f'<link rel="canonical" href="{PAGE}">' in client.get(PAGE).content.decode()
    missing = client.get("/launches/never")
    assert (missing.status_code, "never is not in this catalogue" in missing.content.decode()) == (404, True)


def test_a_launch_without_a_slug_has_its_id(client: Client) -> None:
    """So every launch has a page."""
    take_in("Launch", [launch(VOSTOK_1, slug="", name="")])
    assert client.get(f"/launches/{VOSTOK_1}").status_code == 200


def test_values_have_their_sources(client: Client) -> None:
    """Each value says where and when it was last seen; an empty one is told apart from one that was never reported."""
    body = launch(VOSTOK_1)
    del body["weather_concerns"]
    observe([Observation(WIRE.reader.read("Launch", body), "file:a.json", datetime(2024, 1, 1, tzinfo=UTC))])
    text = _text(client)
    assert "Sources file a.json, last seen 2024-01-01 00:00 UTC" in text
    assert "Never reported: weather concerns." in text
    assert re.search(r"Reported to be empty: .*hold reason", text)


def test_slips_are_drawn_with_a_table(client: Client) -> None:
    """A net that moved is a plot with a title, a description and a table; one that never moved is a sentence."""
    _observe(datetime(2020, 1, 1, tzinfo=UTC), net="2020-05-01T00:00:00Z")
    assert "Its net was never seen to move." in _text(client)
    _observe(datetime(2020, 3, 1, tzinfo=UTC), net="2020-07-01T00:00:00Z")
    page = client.get(PAGE).content.decode()
    assert '<title id="slips-title">How its net moved</title>' in page
    assert "2 nets, from 2020-05-01 00:00 UTC to 2020-07-01 00:00 UTC." in page
    assert "<td>+61 d</td>" in page


def test_ranks_name_whose_launches_are_counted(client: Client) -> None:
    """As upstream counts them; a rank that was never given is left out."""
    counts = {"orbital_launch_attempt_count": 46, "agency_launch_attempt_count": 33, "pad_launch_attempt_count": 21}
    counts |= {f"{name}_year": rank for name, rank in zip(counts, (12, 1, 2), strict=True)}
    take_in("Launch", [launch(VOSTOK_1, **counts, location_launch_attempt_count=None)])
    text = _text(client)
    assert "The 46th orbital launch attempt, 12th of its year" in text
    assert "The 33rd launch of Soviet Space Program, 1st of its year" in text
    assert "The 21st launch from 1/5, 2nd of its year" in text
    assert "launch from Baikonur" not in text


@pytest.mark.parametrize(
    ("now", "written"),
    [
        ("1961-04-12T05:07:00Z", "in 1 h"),
        ("1961-04-14T06:07:00Z", "2 d ago"),
        ("1962-04-14T06:07:00Z", ""),
    ],
)
def test_the_time_to_go_is_written(client: Client, now: str, written: str) -> None:
    """In words, without a script; not for what is far away."""
    take_in("Launch", [launch(VOSTOK_1, net_precision={"id": 1, "name": "Minute", "abbrev": "MIN", "description": ""})])
    with time_machine.travel(now, tick=False):
        found = re.findall(r'class="to-go"[^>]*>([^<]*)<', client.get(PAGE).content.decode())
    assert found == ([written] if written else [])


def test_a_net_that_is_known_to_the_month_has_no_countdown(client: Client) -> None:
    """No seconds for a month."""
    take_in("Launch", [launch(VOSTOK_1, net_precision={"id": 7, "name": "Month", "abbrev": "M", "description": ""})])
    with time_machine.travel("1961-04-12T05:07:00Z", tick=False):
        page = client.get(PAGE).content.decode()
    assert "to-go" not in page
    assert ">April 1961</time>" in page
