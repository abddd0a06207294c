"""`/launches/list.ics`: the list of launches as a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from launchledger.explorer import calendars
from tests.support.bodies import VOSTOK_1, VOSTOK_6, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db


def _events(client: Client, query: str = "?when=past") -> list[dict[str, Any]]:
    with time_machine.travel("1965-01-01T00:00:00Z", tick=False):
        response = client.get(f"/launches/list.ics{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(response.content)
    assert calendar["version"] == "2.0"
    return [dict(event) for event in calendar.walk("VEVENT")]


def _precision(abbrev: str) -> dict[str, Any]:
    return {"id": 1, "name": "P", "abbrev": abbrev, "description": ""}


def test_an_event_has_what_the_launch_has(client: Client) -> None:
    """Its net to the second, the end of its window, its place, and the address of its page."""
    take_in("Launch", [launch(VOSTOK_1, net_precision=_precision("SEC"), window_end="1961-04-12T07:00:00Z")])
    (event,) = _events(client)
    assert event["DTSTART"].dt == datetime(1961, 4, 12, 6, 7, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(1961, 4, 12, 7, tzinfo=UTC)
    assert event["DTSTAMP"].dt == datetime(2024, 1, 1, tzinfo=UTC)
    assert event["UID"] == f"launch-{VOSTOK_1}@launchledger"
    assert event["SUMMARY"] == "Vostok-K | Vostok 1"
    assert event["LOCATION"] == "1/5, Baikonur Cosmodrome, Republic of Kazakhstan"
    assert event["URL"] == "http://testserver/launches/vostok-k-vostok-1"
    assert event["DESCRIPTION"] == "Launch Successful\nSoviet Space Program\nVostok-K 8K72K"
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("abbrev", "begins"),
    [
        ("MIN", datetime(1961, 4, 12, 6, 7, tzinfo=UTC)),
        ("HR", datetime(1961, 4, 12, 6, 7, tzinfo=UTC)),
        ("DAY", date(1961, 4, 12)),
        ("M", None),
        ("Q2", None),
        ("Y", None),
    ],
)
def test_an_event_is_no_more_exact_than_its_net(client: Client, abbrev: str, begins: date | None) -> None:
    """A net that is known to the day is a whole day, and one that is known to the month is not in the calendar."""
    take_in("Launch", [launch(VOSTOK_1, net_precision=_precision(abbrev))])
    assert [event["DTSTART"].dt for event in _events(client)] == ([begins] if begins else [])


def test_an_unsettled_launch_is_tentative(client: Client) -> None:
    """So that a calendar shows it as such; a window of days is not how long it lasts."""
    status = {"id": 8, "name": "To Be Confirmed", "abbrev": "TBC"}
    take_in("Launch", [launch(VOSTOK_1, status=status, window_end="1961-05-12T06:07:00Z", net_precision=_precision("MIN"))])
    (event,) = _events(client)
    assert (event["STATUS"], "DTEND" in event) == ("TENTATIVE", False)


@pytest.mark.parametrize("name", ["a,b;c\\d", "line\r\nBEGIN:VEVENT", "\u202eright to left", "x" * 400, "bell\x07", ""])
def test_names_are_text(client: Client, name: str) -> None:
    """Whatever a launch is called, it is one event, and its name the summary on one line."""
    take_in("Launch", [launch(VOSTOK_1, name=name)])
    (event,) = _events(client)
    expected = "".join(letter for letter in " ".join(name.split()) if letter.isprintable())
    assert event["SUMMARY"] == (expected or "A launch without a name")


def test_it_has_the_launches_of_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same parameters and order, in one query, and no more than so many."""
    take_in("Launch", [launch(VOSTOK_1), launch(VOSTOK_6, name="Vostok 6", slug="vostok-6", net="1963-06-16T09:29:52Z")])
    assert [event["SUMMARY"] for event in _events(client)] == ["Vostok 6", "Vostok-K | Vostok 1"]
    assert [event["SUMMARY"] for event in _events(client, "?when=all&search=vostok+6")] == ["Vostok 6"]
    assert client.get("/launches/list.ics?lsp__id=abc").status_code == 400
    monkeypatch.setattr(calendars, "MOST", 1)
    with CaptureQueriesContext(connection) as queries:
        assert len(_events(client)) == 1
    assert len(queries) == 1
