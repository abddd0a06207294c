"""Browsers of any site may read."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


REPLIES = {
    "/2.2.0/pad/": 200,
    "/2.2.0/pad": 301,
    "/2.2.0/pad/1/": 404,
    "/nothing/": 404,
    "/2.2.0/spacecraft/flight/?spacecraft=x": 400,
    "/2.2.0/schema/": 200,
    "/healthz": 200,
    "/static/launchledger/icon.svg": 200,
    "/2.2.0/pad/?" + "x" * 9000: 414,
}


@pytest.mark.parametrize("path", REPLIES)
@pytest.mark.parametrize("origin", [None, "https://app.example"])
def test_every_reply_may_be_read_by_any_site(client: Client, path: str, origin: str | None) -> None:
    """Replies, redirects and errors alike, asked for with an Origin or without, and no reply varies by it."""
    response = client.get(path, headers={"origin": origin} if origin else {})
    response.getvalue()  # reads a static file to its end
    assert response.status_code == REPLIES[path]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert {"etag", "retry-after"} <= _names(response.headers["Access-Control-Expose-Headers"])
    assert "origin" not in response.headers.get("Vary", "").lower()
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_method_that_is_not_allowed_may_be_read_too(client: Client) -> None:
    """A script that posts can read the refusal."""
    response = client.post("/2.2.0/pad/", headers={"origin": "https://app.example"})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (405, "*")


def _names(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}


@pytest.mark.parametrize("name", ["authorization", "if-none-match", "cache-control", "accept"])
def test_a_preflight_allows_the_documented_headers(client: Client, name: str) -> None:
    """A preflight allows them, with GET and no other method."""
    asked = {
        "origin": "https://app.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": name,
    }
    response = client.options("/2.2.0/launch/", headers=asked)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert name in _names(response.headers["Access-Control-Allow-Headers"])
    assert response.headers["Access-Control-Allow-Methods"] == "GET"
