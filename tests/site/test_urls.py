"""The routes: the root, the pages about the API, and the files that they load."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_root_is_the_first_page(client: Client) -> None:
    """Who opens the server in a browser comes to the page for people, and from there to the API."""
    page = client.get("/").content.decode()
    assert "<title>Launchledger: " in page
    assert 'href="/2.2.0/"' in page


def test_swagger_ui_loads_from_our_host_only(client: Client) -> None:
    """The page of Swagger UI, its styles and its scripts come from here, and its own script asks for our document."""
    page = client.get("/docs/").content.decode()
    links = [html.unescape(link) for link in re.findall(r'(?:href|src)="([^"]*)"', page)]
    assert any("swagger-ui-bundle" in link for link in links)
    for link in links:
        assert link.startswith("/")
        answer = client.get(link)
        answer.getvalue()
        assert answer.status_code == 200
    script = client.get(next(link for link in links if "script=" in link))
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert 'url: "/2.2.0/schema/"' in script.content.decode().replace("\\u002D", "-")


def test_swagger_ui_asks_no_outside_validator(client: Client) -> None:
    """By default Swagger UI sends the document's address to a validator elsewhere; here that is off."""
    assert '"validatorUrl": null' in client.get("/docs/?script=").content.decode()


def test_no_test_database_is_needed_for_static_files(client: Client) -> None:
    """Static files carry their type and may be kept by browsers."""
    response = client.get("/static/launchledger/icon.svg")
    response.getvalue()
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "max-age" in response.headers["Cache-Control"]
