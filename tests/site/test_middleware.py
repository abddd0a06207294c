"""Rules for every reply: bounded addresses, and headers that forbid browsers what no page of ours needs."""

from __future__ import annotations

import pytest
from django.test import Client

from launchledger.site.middleware import LONGEST_QUERY
from tests.support.crawling import crawl, of_client

pytestmark = pytest.mark.django_db

PAGES = ["/", "/2.2.0/", "/2.2.0/pad/", "/2.2.0/pad/1/", "/docs/"]


@pytest.mark.parametrize("path", [*PAGES, "/2.2.0/pad", "/nothing", "/healthz", "/static/launchledger/page.js", "/2.2.0/schema/"])
def test_no_reply_is_taken_for_another_type(client: Client, path: str) -> None:
    """Browsers believe the type that a reply says it has."""
    response = client.get(path)
    response.getvalue()
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_from_our_host_only(client: Client, path: str) -> None:
    """The policy of a page allows our own host and no other, and the page has no script inside it that the policy would stop."""
    response = client.get(path, headers={"accept": "text/html"})
    policy = _policy(response.headers["Content-Security-Policy"])
    assert policy.pop("style-src") == ("'self' 'unsafe-inline'" if path == "/docs/" else "'self'")
    if path == "/":
        policy.pop("img-src")
    _assert_our_host_only(policy)
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert b"<script>" not in response.content
    assert b" onclick=" not in response.content


@pytest.mark.usefixtures("starter")
def test_every_page_for_people_loads_from_our_host_only(client: Client) -> None:
    """So do all that links lead to, and what says that a page is not there; pictures alone lie where the catalogue says."""
    drawn = crawl(of_client(client), ["/", "/launches/never", "/launches/?net__gte=soon"], each=1)
    assert {page.reply.status for page in drawn.pages} == {200, 400, 404}
    for page in drawn.pages:
        policy = _policy(page.reply.headers["content-security-policy"])
        assert (policy.pop("style-src"), policy.pop("img-src")) == ("'self'", "'self' https: http:"), page.name
        _assert_our_host_only(policy)
        assert page.reply.headers["referrer-policy"] == "same-origin", page.name
        assert page.reply.headers["x-content-type-options"] == "nosniff", page.name


def _policy(header: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


def _assert_our_host_only(policy: dict[str, str]) -> None:
    assert all(set(sources.split()) <= {"'none'", "'self'", "data:"} for sources in policy.values()), policy
    assert (policy["default-src"], policy["frame-ancestors"], policy["script-src"]) == ("'none'", "'none'", "'self'")


def test_json_carries_no_policy_for_pages(client: Client) -> None:
    """The wire keeps to the headers that mean something there."""
    assert "Content-Security-Policy" not in client.get("/2.2.0/pad/").headers


@pytest.mark.parametrize("path", ["/2.2.0/pad/", "/2.2.0/pad", "/nothing", "/", "/docs/", "/healthz"])
def test_a_query_is_bounded(client: Client, path: str) -> None:
    """A query of 8 KB is read, a longer one is refused before anything looks at it."""
    assert client.get(f"{path}?a={'x' * (LONGEST_QUERY - 2)}").status_code < 400 or path == "/nothing"
    response = client.get(f"{path}?a={'x' * LONGEST_QUERY}")
    assert (response.status_code, response.json()) == (414, {"detail": "The query is longer than 8192 bytes."})


def test_thousands_of_parameters_are_refused(client: Client) -> None:
    """More parameters than any client sends are a 400, not work."""
    response = client.get("/2.2.0/pad/?" + "a&" * 3000)
    assert (response.status_code, response.json()) == (400, {"detail": "Bad request."})


@pytest.mark.parametrize("name", ["limit", "offset", "mode", "format", "spacecraft", "search", "ordering", "id", "nothing"])
@pytest.mark.parametrize("path", ["/2.2.0/spacecraft/flight/", "/2.2.0/launch/", "/2.2.0/pad/1/", "/2.2.0/"])
def test_nul_bytes_never_reach_the_database(client: Client, path: str, name: str) -> None:
    """PostgreSQL refuses text with a NUL in it; here it is an ignored or a wrong value like any other."""
    for query in (f"{name}=%00", f"{name}=1%00", f"%00{name}=1"):
        assert client.get(f"{path}?{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path", ["/2.2.0/%00/", "/%00", "/2.2.0/launch%00/", "/2.2.0/pad/%00.json", "/static/%00", "/docs/%00", "/2.2.0/%ff%fe/"]
)
def test_nul_bytes_in_a_path_lead_nowhere(client: Client, path: str) -> None:
    """Nor do they, or bytes that are no text, in a path."""
    assert client.get(path).status_code == 404
