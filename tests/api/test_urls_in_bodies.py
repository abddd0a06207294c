"""Addresses in replies: on the host that was asked, in the format that was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.support.bodies import VOSTOK_1, launch
from tests.support.whole import take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _launch(db: None) -> None:
    take_in("Launch", [launch(VOSTOK_1, image="https://images.example/1.jpg?size=2")])


def _urls(body: Any) -> list[str]:
    if isinstance(body, list):
        return [url for value in body for url in _urls(value)]
    if isinstance(body, dict):
        return [value for key, value in body.items() if key == "url"] + [url for value in body.values() for url in _urls(value)]
    return []


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("/", "/"),
        ("/?format=json", "/?format=json"),
        ("/?mode=list&format=json", "/?format=json"),
        (".json", ".json"),
        (".json/", ".json"),
        (".json?limit=1", ".json"),
    ],
)
def test_the_format_is_carried_into_every_url(client: Client, asked: str, end: str) -> None:
    """The format of the request ends every `url` of the object and of all that is nested in it; no other parameter does."""
    urls = _urls(client.get(f"/2.2.0/launch/{VOSTOK_1}{asked}").json())
    assert len(urls) > 4
    assert urls[0] == f"http://testserver/2.2.0/launch/{VOSTOK_1}{end}"
    assert all(
        url.startswith("http://testserver/2.2.0/") and url.endswith(end) and url.count("?") == end.count("?") for url in urls
    )


@pytest.mark.parametrize(("asked", "end"), [("/", "/"), ("/?format=json", "/?format=json"), (".json", ".json")])
def test_a_list_carries_it_too(client: Client, asked: str, end: str) -> None:
    """The same for the items of a list, suffix and parameter alike."""
    (item,) = client.get(f"/2.2.0/launch{asked}").json()["results"]
    assert all(url.endswith(end) for url in _urls(item))


def test_the_format_is_carried_into_nothing_else(client: Client) -> None:
    """Addresses that are data stay as they are, and the links of pages keep the format as a parameter only."""
    take_in("Launch", [launch(f"{number:08}{VOSTOK_1[8:]}") for number in range(20)])
    page = client.get("/2.2.0/launch/?format=json&offset=20").json()
    (item,) = page["results"]
    assert page["previous"] == "http://testserver/2.2.0/launch/?format=json&limit=10&offset=10"
    assert client.get("/2.2.0/launch.json").json()["next"] == "http://testserver/2.2.0/launch.json?limit=10&offset=10"
    assert item["image"] == "https://images.example/1.jpg?size=2"


def test_the_index_carries_the_format(client: Client) -> None:
    """The addresses of the lists lead on in the same format."""
    assert client.get("/2.2.0/?format=json").json()["pad"] == "http://testserver/2.2.0/pad/?format=json"


@pytest.mark.parametrize(
    ("host", "secure", "base"), [("ll.example:8443", True, "https://ll.example:8443"), ("[::1]", False, "http://[::1]")]
)
def test_addresses_are_on_the_host_asked(client: Client, host: str, secure: bool, base: str) -> None:
    """`url`, `next` and the index name the host, the port and the scheme of the request."""
    body = client.get(f"/2.2.0/launch/{VOSTOK_1}/", headers={"host": host}, secure=secure).json()
    assert body["url"] == f"{base}/2.2.0/launch/{VOSTOK_1}/"
    assert all(url.startswith(f"{base}/2.2.0/") for url in _urls(body))
    assert client.get("/2.2.0/", headers={"host": host}, secure=secure).json()["pad"] == f"{base}/2.2.0/pad/"
