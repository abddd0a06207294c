"""Errors that no view answered: pages for people, JSON for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from launchledger.explorer import answering
from launchledger.explorer.views import search
from tests.support.wsgi import Served

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

pytestmark = pytest.mark.django_db


@pytest.fixture
def _failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in one page."""

    def fail(text: str) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(search, "groups_of", fail)


@pytest.mark.parametrize("path", ["/nothing", "/launches/a/b", "/sitemaps/launch-9.xml"])
def test_a_missing_page_is_a_page_in_a_browser(client: Client, path: str) -> None:
    """In the look of the others, with ways on."""
    response = client.get(path, headers={"accept": BROWSER})
    page = response.content.decode()
    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>Not found</h1>" in page
    assert '<a href="/">The first page</a>' in page
    assert '<form class="search-page" action="/search"' in page
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "application/json, text/html", "text/html;q=0.5, application/json"]
)
def test_programs_get_json(client: Client, accept: str) -> None:
    """Also those that accept anything."""
    response = client.get("/nothing", headers={"accept": accept} if accept else {})
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize("path", ["/2.2.0/nothing", "/2.2.0/launch/x/y/", "/ledger/nothing", "/static/nothing.css", "/healthz/x"])
def test_addresses_of_programs_stay_json_in_a_browser(client: Client, path: str) -> None:
    """The wire, the ledger, files and probes."""
    response = client.get(path, headers={"accept": BROWSER})
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("application/json")


@pytest.mark.usefixtures("_failing")
def test_a_failure_is_a_page_that_reads_nothing(client: Client) -> None:
    """A 500 page costs no query, and shows nothing of how the server failed; programs get the JSON."""
    client.raise_request_exception = False
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/search?q=vostok", headers={"accept": BROWSER})
    assert (response.status_code, len(queries)) == (500, 0)
    page = response.content.decode()
    assert "<h1>Something failed here</h1>" in page
    assert "a bug" not in page
    assert client.get("/search?q=vostok").json() == {"detail": "A server error occurred."}


@pytest.mark.usefixtures("_failing")
def test_where_no_page_can_be_made_the_failure_is_json(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in what all pages are made of is answered too."""
    client.raise_request_exception = False
    monkeypatch.setattr(answering, "render_to_string", None)
    response = client.get("/search?q=vostok", headers={"accept": BROWSER})
    assert (response.status_code, response.json()) == (500, {"detail": "A server error occurred."})


def test_a_missing_page_has_the_prefix(served: Served) -> None:
    """Its links lead to where clients see this server."""
    page = served.ask("/nothing", headers={"accept": BROWSER}, SCRIPT_NAME="/mirror").body.decode()
    assert '<a href="/mirror/">The first page</a>' in page
