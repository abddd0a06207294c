"""Which address leads to which view."""

from __future__ import annotations

import pytest
from django.test import Client

from launchledger.wire.v2_2_0 import WIRE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", [*WIRE.resources, "pad/1", "spacecraft/flight/1", "schema"])
def test_without_its_last_slash_an_address_redirects(client: Client, path: str) -> None:
    """A missing last slash is put there by a permanent redirect that keeps the query as it was."""
    response = client.get(f"/2.2.0/{path}?limit=2&search=a%20b&search=%C5%82")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/2.2.0/{path}/?limit=2&search=a%20b&search=%C5%82"


def test_the_version_alone_redirects(client: Client) -> None:
    """The index follows the same rule."""
    assert client.get("/2.2.0").headers["Location"] == "/2.2.0/"


def test_a_redirect_stays_on_our_host(client: Client) -> None:
    """An address that begins with two slashes is no way to send a browser elsewhere."""
    assert client.get("//evil.example/2.2.0/launch").headers["Location"] == "/2.2.0/launch/"
    assert client.get("//evil.example/nothing").status_code == 404


def test_flights_are_not_a_spacecraft_called_flight(client: Client) -> None:
    """`spacecraft/flight/` is the list of flights, though it looks like the detail of a spacecraft."""
    assert "results" in client.get("/2.2.0/spacecraft/flight/").json()
    assert "results" in client.get("/2.2.0/spacecraft/flight.json").json()


@pytest.mark.parametrize("address", ["/2.2.0/swagger", "/2.2.0/swagger/"])
def test_upstreams_addresses_of_the_document_are_answered(client: Client, address: str) -> None:
    """Clients' READMEs name them: Swagger UI, and with `?format=openapi` the document that schema/ gives as JSON."""
    assert client.get(address).headers["Content-Type"].startswith("text/html")
    document = client.get(f"{address}?format=openapi")
    assert document.content == client.get("/2.2.0/schema/?format=json").content
    assert document.json()["openapi"].startswith("3.")
