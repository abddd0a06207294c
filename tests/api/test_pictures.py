"""The neutral picture of the starter's rows: a whole address in replies, and a picture at that address."""

from __future__ import annotations

import pytest
from django.test import Client

from launchledger.catalogue.pictures import PICTURE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_its_address_is_below_the_host_and_scheme_that_were_asked(client: Client, scheme: str) -> None:
    """A client takes the address as it is; what is rendered from documents and what is rendered from rows agree."""
    for path in ("/2.2.0/pad/", "/2.2.0/pad/?format=json", "/2.2.0/pad/87/"):
        body = client.get(path, HTTP_HOST="launches.example:8443", secure=scheme == "https").json()
        for pad in body.get("results", [body]):
            assert pad["map_image"] == f"{scheme}://launches.example:8443/2.2.0/{PICTURE}"
            assert pad["location"]["map_image"] == pad["map_image"]


def test_a_png_is_at_that_address(client: Client) -> None:
    """Cached for a day, readable from any site, and no reply of the API: it has no JSON."""
    reply = client.get(client.get("/2.2.0/program/1/").json()["image_url"])
    assert reply.content.startswith(PNG)
    assert reply["Content-Type"] == "image/png"
    assert reply["Cache-Control"] == "public, max-age=86400"
    assert reply["Access-Control-Allow-Origin"] == "*"
    assert client.post(f"/2.2.0/{PICTURE}").status_code == 405
