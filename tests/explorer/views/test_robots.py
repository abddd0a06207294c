"""`/robots.txt` and the sitemap: every page once, at addresses that answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from launchledger.catalogue.actions import delete
from launchledger.explorer import sitemaps
from tests.support.bodies import VOSTOK_1, VOSTOK_6, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _addresses(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return [element.text or "" for element in ElementTree.fromstring(response.content).iter(f"{SPACE}loc")]


def test_robots_are_told_where_the_sitemap_is(client: Client, settings: Settings) -> None:
    """By the address that is asked for, or by the public one; what is for programs is not for them."""
    response = client.get("/robots.txt", headers={"host": "ledger.example"})
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert {"User-agent: *", "Disallow: /2.2.0/", "Disallow: /ledger/", "Sitemap: http://ledger.example/sitemap.xml"} <= set(
        lines
    )
    assert "Disallow: /" not in lines
    settings.PUBLIC_URL = "https://space.example/mirror"
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /mirror/2.2.0/", "Sitemap: https://space.example/mirror/sitemap.xml"} <= set(lines)


def test_every_page_is_in_the_sitemap_once(client: Client) -> None:
    """The index leads to parts, and these to pages that answer; what is not listed is in none."""
    stub = {"id": "00000000-0000-4000-8000-000000000001", "name": "Only named"}
    take_in("Launch", [launch(VOSTOK_1), launch(VOSTOK_6, slug=""), stub])
    delete("Launch", VOSTOK_6, datetime(2030, 1, 1, tzinfo=UTC), "test")
    found = [
        address.removeprefix("http://testserver")
        for part in _addresses(client, "/sitemap.xml")
        for address in _addresses(client, part.removeprefix("http://testserver"))
    ]
    assert len(found) == len(set(found))
    assert {"/", "/launches/", "/launches/vostok-k-vostok-1"} <= set(found)
    assert not [address for address in found if VOSTOK_6 in address or "0000" in address]
    for address in found:
        assert client.get(address).status_code == 200, address
        page = client.get(address).content.decode()
        assert f'<link rel="canonical" href="{address}">' in page


def test_parts_are_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part has so many addresses, and costs one query whatever its number."""
    monkeypatch.setattr(sitemaps, "IN_PART", 2)
    take_in("Launch", [launch(f"00000000-0000-4000-8000-{number:012}", slug=f"launch-{number}") for number in range(5)])
    names = [re.sub(r".*/", "", part) for part in _addresses(client, "/sitemap.xml")]
    assert [name for name in names if name.startswith("launch-")] == ["launch-1.xml", "launch-2.xml", "launch-3.xml"]
    with CaptureQueriesContext(connection) as queries:
        assert len(_addresses(client, "/sitemaps/launch-2.xml")) == 2
    assert len(queries) == 1
    assert len(_addresses(client, "/sitemaps/launch-3.xml")) == 1
    for missing in ("launch-0", "launch-4", "nothing-1", "sections-x", f"launch-{10**17}"):
        assert client.get(f"/sitemaps/{missing}.xml").status_code == 404
