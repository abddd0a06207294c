"""Addresses of objects: which are accepted, and what they name."""

from __future__ import annotations

import pytest

from launchledger.wire.v2_2_0 import WIRE

UUID = "e5ab9e32-7d0c-4d10-9a2b-7b2dd8e7a3c1"


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://ll.thespacedevs.com/2.2.0/agencies/63/", ("2.2.0", "agencies", "63")),
        ("https://ll.thespacedevs.com/2.2.0/agencies/63/?format=api", ("2.2.0", "agencies", "63")),
        ("https://lldev.thespacedevs.com/2.2.0/spacecraft/flight/671/?format=json", ("2.2.0", "spacecraft/flight", "671")),
        (f"http://localhost:8000/2.2.0/launch/{UUID}/", ("2.2.0", "launch", UUID)),
        ("https://spacelaunchnow.me/api/2.0.0/config/launcher/137/", ("2.0.0", "config/launcher", "137")),
        ("https://example.org/2.2.0/docking_event/7", ("2.2.0", "docking_event", "7")),
        ("https://example.org/2.2.0/docking_event/7.json", ("2.2.0", "docking_event", "7")),
        ("https://[::1]:8000/2.2.0/pad/1/", ("2.2.0", "pad", "1")),
        ("https://ll.thespacedevs.com/3.14.15/pad/1/", ("3.14.15", "pad", "1")),
        ("http://my_mirror:8080/ll/2.2.0/agencies/9125/", ("2.2.0", "agencies", "9125")),
        ("https://example.org/a/b/2.3.0/c/2.2.0/spacecraft/flight/1/", ("2.2.0", "spacecraft/flight", "1")),
        ("/2.2.0/agencies/5/", ("2.2.0", "agencies", "5")),
        ("/ll/2.2.0/agencies/5/?mode=list", ("2.2.0", "agencies", "5")),
        ("//example.org/2.2.0/agencies/5/", ("2.2.0", "agencies", "5")),
        ("2.1.0/agencies/5", ("2.1.0", "agencies", "5")),
        ("../../2.2.0/agencies/5/", ("2.2.0", "agencies", "5")),
        ("agencies/5/", ("2.2.0", "agencies", "5")),
        ("../spacecraft/flight/5", ("2.2.0", "spacecraft/flight", "5")),
        ("/config/launcher/5/", ("2.2.0", "config/launcher", "5")),
        ("HTTPS://LL.TheSpaceDevs.COM:443/2.2.0/agencies/5/", ("2.2.0", "agencies", "5")),
        ("https://ll.thespacedevs.com/2%2e2%2E0/%61gencies/%35/", ("2.2.0", "agencies", "5")),
        ("https://ll.thespacedevs.com/2.2.0/./pad/%2e%2E/agencies/5/", ("2.2.0", "agencies", "5")),
        ("https://ll.thespacedevs.com/../2.2.0/agencies/./5/", ("2.2.0", "agencies", "5")),
        ("https://me:secret@example.org/2.2.0/agencies/5.api?x=1", ("2.2.0", "agencies", "5")),
    ],
)
def test_an_address_names_version_resource_and_id(address: str, parts: tuple[str, str, str]) -> None:
    """Any host and prefix, with or without last slash, suffix and query; relative; in any spelling that is the same."""
    assert WIRE.reader.address_in(address) == parts


@pytest.mark.parametrize(
    "address",
    ["", "63/", "moons/63/", "agencies/", "/agencies//63/", "https://ll.thespacedevs.com/2.2.0/agencies/63/..",
     "https://ll.thespacedevs.com/2.2.0//agencies/63/", "https://ll.thespacedevs.com/2.2.0/AGENCIES/63/", "https://ll.thespacedevs.com/2.2.0%2Fagencies/63/",
     "mailto:agencies/63/", "https://ll.thespacedevs.com/agencies/63/", "https://ll.thespacedevs.com/2.2.0/agencies/",
     "ftp://example.org/2.2.0/pad/1/", "https://example.org/2.2.0/pad/1/#top", "https://en.wikipedia.org/wiki/Salyut_6",
     "https://example.org/2.2.0/pad/1/ ", "https://example.org/2.2.0/pad/1/\n", "https:///2.2.0/pad/1/"],
)  # fmt: skip
def test_other_texts_are_no_address_of_an_object(address: str) -> None:
    """A link to another site does not identify an object."""
    assert WIRE.reader.address_in(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://a/2.2.0/" + "a/" * 50_000 + "#",
        "/2.2.0/" + "a/../" * 50_000,
        "/" + "2.2.0/" * 50_000,
        "%61" * 100_000,
        "https://" + "a" * 200_000,
        "https://a/2.2.0/a/" + "1" * 200_000 + "#",
    ],
)
def test_hostile_addresses_are_refused_at_once(address: str) -> None:
    """No text makes the pattern backtrack: this test would not end within a run if one did."""
    assert WIRE.reader.address_in(address) is None


def test_resources_name_their_models() -> None:
    """As declared in the shapes; launches, agencies and flights represent the rest."""
    assert WIRE.reader.model_of_resource["launch"] == "Launch"
    assert WIRE.reader.model_of_resource["config/spacecraft"] == "SpacecraftConfiguration"
    assert WIRE.reader.model_of_resource["spacecraft/flight"] == "SpacecraftFlight"
    assert "dashboard/starship" not in WIRE.reader.model_of_resource
