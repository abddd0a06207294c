"""Errors: the framework's bodies, as JSON, with the headers that every reply has."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/2.2.0/", "/2.2.0/launch/", "/2.2.0/pad/1/", "/2.2.0/spacecraft/flight.json"])
def test_nothing_can_be_written(client: Client, method: str, path: str) -> None:
    """Any other method is a 405 that says which one, and what is allowed."""
    response = client.generic(method, path, b'{"a": 1}', content_type="application/json")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET"
    assert response.json() == {"detail": f'Method "{method}" not allowed.'}


@pytest.mark.parametrize(
    "path", ["/2.2.0/pad/1/", "/2.2.0/pad/1.json", "/2.2.0/nothing/", "/2.2.0/pad/1/2/", "/nothing", "/2.3.0/", "/2.2.0/config/"]
)
def test_unknown_objects_and_addresses_are_a_404(client: Client, path: str) -> None:
    """Objects that are not in the catalogue and addresses that lead nowhere answer alike."""
    response = client.get(path)
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "address", ["/2.2.0/pad/?format=xml", "/2.2.0/pad.xml", "/2.2.0/pad/?format=%00", "/2.2.0/pad/?format=%3Cb%3E"]
)
def test_an_unknown_format_is_a_404(client: Client, address: str) -> None:
    """An unknown format, by parameter or suffix, is not found."""
    response = client.get(address)
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


def test_an_accept_that_cannot_be_met_is_a_406(client: Client) -> None:
    """A client that accepts neither JSON nor HTML gets the error in JSON."""
    response = client.get("/2.2.0/pad/", headers={"accept": "application/xml"})
    assert (response.status_code, response.headers["Content-Type"]) == (406, "application/json")
    assert response.json() == {"detail": "Could not satisfy the request Accept header."}


def test_a_body_is_never_read(client: Client) -> None:
    """A GET with a broken body is a GET."""
    response = client.generic("GET", "/2.2.0/pad/", b"{", content_type="application/json")
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["a b", "evil.example/@", "", "\u00e9", "[::1"])
def test_an_invalid_host_is_a_400(client: Client, host: str) -> None:
    """A Host that no address could be written with is refused before anything is read."""
    response = client.get("/2.2.0/pad/", headers={"host": host}, SERVER_NAME="")
    assert (response.status_code, response.json()) == (400, {"detail": "Bad request."})


def test_a_host_that_is_not_allowed_is_a_400(client: Client, settings: object) -> None:
    """With allowed hosts configured, replies are never written with another host in their addresses."""
    settings.ALLOWED_HOSTS = ["ll.example"]  # type: ignore[attr-defined]
    assert client.get("/2.2.0/pad/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/2.2.0/pad/", headers={"host": "ll.example"}).status_code == 200


def test_a_failure_is_json_without_its_reason(client: Client) -> None:
    """When a statement fails the client gets a 500 without the reason."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_pad RENAME COLUMN latitude TO elsewhere")
    client.raise_request_exception = False
    response = client.get("/2.2.0/pad/?latitude=1")
    assert (response.status_code, response.json()) == (500, {"detail": "A server error occurred."})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
