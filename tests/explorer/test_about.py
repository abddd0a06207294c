"""What a page says about its object to search engines and to programs that show links."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from launchledger.explorer.about import LONGEST, about
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_1, launch
from tests.support.whole import take_in, whole

PAGE = "/launches/vostok-k-vostok-1"


def _data(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(text)
    return data


def _launch(client: Client, **changes: Any) -> str:
    take_in("Launch", [launch(VOSTOK_1, **changes)])
    return client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_a_launch_is_an_event(client: Client, settings: Settings) -> None:
    """With its net, its pad and its provider, at absolute addresses."""
    settings.PUBLIC_URL = "https://space.example"
    page = _launch(client, image="https://images.example/1.jpg")
    data = _data(page)
    assert data["@context"] == "https://schema.org"
    assert (data["@type"], data["name"], data["startDate"]) == ("Event", "Vostok-K | Vostok 1", "1961-04-12T06:07:00Z")
    assert data["url"] == f"https://space.example{PAGE}"
    assert data["location"]["name"] == "1/5, Baikonur Cosmodrome, Republic of Kazakhstan"
    assert data["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": "45.92", "longitude": "63.342"}
    assert data["organizer"]["name"] == "Soviet Space Program"
    assert f'<meta property="og:url" content="https://space.example{PAGE}">' in page
    assert '<meta property="og:image" content="https://images.example/1.jpg">' in page
    assert '<meta name="description" content="Vostok-K | Vostok 1: 1961-04-12 06:07 UTC from 1/5, Baikonur' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("abbrev", "written"),
    [
        ("SEC", "1961-04-12T06:07:00Z"),
        ("HR", "1961-04-12T06:00Z"),
        ("DAY", "1961-04-12"),
        ("M", "1961-04"),
        ("Q2", "1961"),
        ("DEC", None),
    ],
)
def test_a_net_is_as_exact_as_it_is_known(client: Client, abbrev: str, written: str | None) -> None:
    """A month is a month, and a decade is no date."""
    page = _launch(client, net_precision={"id": 1, "name": "P", "abbrev": abbrev})
    assert _data(page).get("startDate") == written


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["</script><script>alert(1)</script>", "<!--<script>", '"><h1>Owned</h1>', "\u2028", "&lt;"])
def test_nothing_ends_the_block(client: Client, harm: str) -> None:
    """Whatever a launch is called, the data has it as it is."""
    page = _launch(client, name=harm)
    assert page.count("</script>") == 3
    assert "<h1>Owned" not in page
    assert _data(page)["name"] == harm


@pytest.mark.django_db
def test_a_picture_that_is_no_web_address_is_left_out(client: Client) -> None:
    """Such as a script."""
    page = _launch(client, image="javascript:alert(1)")
    assert "og:image" not in page
    assert "image" not in _data(page)


def _shown(shape: str, **changes: Any) -> dict[str, Any]:
    return {**whole(WIRE.shapes[shape], 1), **changes}


def test_an_astronaut_is_a_person() -> None:
    """With dates, agency and pages elsewhere; a long text is cut."""
    head = about(
        _shown("AstronautDetailed", url="astronaut/1/", bio="x" * 999, wiki="https://wiki.example/1"),
        "https://space.example/",
        "/",
    )
    data = _data(head)
    assert (data["@type"], data["name"], data["birthDate"]) == ("Person", "name 001", "1961-04-12")
    assert data["affiliation"]["name"] == "name 001"
    assert data["sameAs"] == ["https://wiki.example/1"]
    assert len(data["description"]) == LONGEST
    assert '<meta property="og:type" content="profile">' in head


def test_an_event_is_an_event() -> None:
    """At its place, by its agencies."""
    data = _data(about(_shown("Events", url="event/1/", location="Baikonur"), "https://space.example/", "/"))
    assert (data["@type"], data["startDate"][:4]) == ("Event", "1961")
    assert data["location"] == {"@type": "Place", "name": "Baikonur"}
    assert [each["name"] for each in data["organizer"]] == ["name 001"]


@pytest.mark.parametrize(
    ("shape", "path"), [("LaunchDetailed", "launch"), ("Events", "event"), ("AstronautDetailed", "astronaut")]
)
def test_an_object_of_nothing_breaks_nothing(shape: str, path: str) -> None:
    """Every value null, every list empty: what is left is its kind."""
    empty: dict[str, Any] = {field.key: [] if field.kind.name == "MANY" else None for field in WIRE.shapes[shape].fields}
    assert set(_data(about({**empty, "url": f"{path}/1/"}, "https://space.example/", "/"))) <= {"@context", "@type", "url"}


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ({"name": "Falcon 9", "full_name": "Falcon 9 Block 5"}, "Falcon 9 Block 5"),
        ({"serial_number": "B1058"}, "B1058"),
        ({"spacecraft": {"name": "Vostok 1"}}, "Vostok 1"),
        ({"name": "RFSA", "spacecraft": "Soyuz | Progress"}, "RFSA"),
        ({"name": None, "spacecraft": None}, "Without a name"),
    ],
)
def test_each_kind_is_called_by_its_name(shown: dict[str, Any], name: str) -> None:
    """A configuration by its full name, a launcher by its number, a flight as its spacecraft."""
    head = about({"url": "pad/1/", **shown}, "https://space.example/", "/")
    assert f'<meta property="og:title" content="{name}">' in head


def test_others_have_a_description_alone() -> None:
    """There is no type of data for a pad or a station that search engines would read."""
    head = about({"url": "spacestation/1/", "name": "Mir", "description": "A station."}, "https://space.example/", "/")
    assert '<meta name="description" content="Mir. A station.">' in head
    assert "ld+json" not in head
