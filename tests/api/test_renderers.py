"""How replies are written: JSON with upstream's bytes, and the browsable page around the same JSON."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from launchledger.api.views import describe
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import VOSTOK_6, flight, launch
from tests.support.whole import NOW, take_in, whole

pytestmark = pytest.mark.django_db

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ADDRESS = "/2.2.0/spacecraft/flight/567/"
_RESPONSE = re.compile(r'aria-label="response info">\s*<pre[^>]*>(.*?)</pre>', re.DOTALL)
HEADER_LINES = ["HTTP 200 OK", "Allow: GET", "Content-Type: application/json", "Vary: Accept", ""]


@pytest.fixture(autouse=True)
def _flight(db: None) -> None:
    take_in("SpacecraftFlight", [flight(567, destination="Салют 6 & \u2028 more")])


def _text_of(page: str) -> list[str]:
    """The lines of the reply that a page shows, as a browser would copy them."""
    found = _RESPONSE.search(page)
    assert found
    return html.unescape(re.sub(r"<[^>]*>", "", found[1])).split("\n")


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/*", "application/json, text/plain, */*"])
def test_programs_get_json(client: Client, accept: str | None) -> None:
    """Without an Accept, with */* and with JSON in it, a reply is compact JSON in UTF-8 under exactly upstream's headers."""
    response = client.get(ADDRESS, headers={"accept": accept} if accept else {})
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Allow"] == "GET"
    assert response.headers["Vary"] == "Accept"
    assert response.content.startswith(b'{"id":567,"url":"http://testserver/2.2.0/spacecraft/flight/567/","mission_end":"1961-')
    assert '"destination":"Салют 6 & \\u2028 more"'.encode() in response.content


@pytest.mark.parametrize("accept", [BROWSER, "text/html"])
def test_browsers_get_the_page(client: Client, accept: str) -> None:
    """An Accept that prefers HTML gets the browsable page, in which addresses stay as they are."""
    response = client.get(ADDRESS, headers={"accept": accept})
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "http://testserver/2.2.0/spacecraft/flight/567/&quot;" in re.sub(r"<[^>]*>", "", response.content.decode())


@pytest.mark.parametrize("path", ["/2.2.0/spacecraft/flight{}", "/2.2.0/spacecraft/flight/567{}"])
@pytest.mark.parametrize("written", ["{}/?format=", "{}."])
def test_the_requested_format_overrides_accept(client: Client, path: str, written: str) -> None:
    """`?format=` and the suffix choose the form of lists and details, whatever the Accept."""
    address = written.format(path.format(""))
    assert client.get(f"{address}json", headers={"accept": BROWSER}).headers["Content-Type"] == "application/json"
    assert client.get(f"{address}api", headers={"accept": "*/*"}).headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("asked", "indent"), [("2", 2), ("4", 4), ("800", 8)])
def test_json_is_indented_where_it_is_asked_for(client: Client, asked: str, indent: int) -> None:
    """`Accept: application/json; indent=4` gets the same JSON for human eyes, with a bounded indent."""
    plain = client.get(ADDRESS)
    response = client.get(ADDRESS, headers={"accept": f"application/json; indent={asked}"})
    assert response.headers["Content-Type"] == "application/json"
    assert response.content.decode().startswith("{\n" + " " * indent + '"id": 567,\n')
    assert response.json() == plain.json()


@pytest.mark.parametrize("asked", ["0", "x", "-1", ""])
def test_an_unusable_indent_is_none(client: Client, asked: str) -> None:
    """What is no number of spaces leaves the JSON compact."""
    assert client.get(ADDRESS, headers={"accept": f"application/json; indent={asked}"}).content == client.get(ADDRESS).content


@pytest.mark.parametrize("address", [ADDRESS, "/2.2.0/spacecraft/flight/", "/2.2.0/"])
def test_the_page_shows_the_header_lines_and_the_json(client: Client, address: str) -> None:
    """A page holds exactly upstream's header lines, an empty one, and the JSON reply indented by four."""
    page = client.get(f"{address}?format=api", headers={"accept": BROWSER}).content.decode()
    written = client.get(f"{address}?format=json", headers={"accept": "application/json; indent=4"}).content.decode()
    assert _text_of(page) == [
        *HEADER_LINES,
        *written.replace("?format=json", "?format=api").replace("&format=json", "").split("\n"),
    ]


@pytest.mark.parametrize("path", WIRE.resources)
def test_the_page_of_every_resource_shows_its_json_unharmed(client: Client, path: str) -> None:
    """Making links of addresses changes no character of the text, whatever the data, in lists and in details."""
    resource = WIRE.resources[path]
    body = whole(resource.detail, 1)
    take_in(resource.model, [body])
    for address in (f"/2.2.0/{path}/", f"/2.2.0/{path}/{body['id']}/"):
        with time_machine.travel(NOW, tick=False):
            written = client.get(address, headers={"accept": "application/json; indent=4"}).content.decode()
            page = client.get(address, headers={"accept": BROWSER}).content.decode()
        assert _text_of(page) == [*HEADER_LINES, *written.split("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</pre><img src=x onerror=alert(1)>",
        'https://example.org/"onmouseover="alert(1)',
        "https://example.org/<b>.",
        "javascript:alert(1)",
        "http://[::1",
        "a@b.example, (www.example.org) &amp; &lt;",
    ],
)
def test_data_is_text_in_the_page(client: Client, text: str) -> None:
    """Names with markup or broken addresses in them are shown as they are, and never become part of the page."""
    take_in("Launch", [launch(VOSTOK_6, name=text)])
    page = client.get("/2.2.0/launch/?format=api").content.decode()
    assert f'            "name": {json.dumps(text)},' in _text_of(page)
    assert "<script>" not in page
    assert "<img src=x" not in page
    assert "onmouseover=" not in re.sub(r"&quot;onmouseover=", "", page)
    assert 'href="javascript' not in page


def test_the_page_describes_the_endpoint_in_our_words(client: Client) -> None:
    """Above the reply stands what the resource holds and which modes its list has; the title names the page."""
    resource = WIRE.resources["spacecraft/flight"]
    page = client.get(f"{ADDRESS}?format=api").content.decode()
    for line in describe(resource).split("\n\n"):
        assert html.escape(line) in page
    assert "<title>Flights of individual spacecraft: 567 | Launchledger</title>" in page


def test_the_pages_links_lead_somewhere(client: Client) -> None:
    """Breadcrumbs, menus, styles and scripts of pages all answer, on our own host; nothing asks to log in."""
    for address in (f"{ADDRESS}?format=api", "/2.2.0/spacecraft/flight.api", "/2.2.0/?format=api", "/2.2.0/pad/9/?format=api"):
        page = client.get(address).content.decode()
        links = {html.unescape(link) for link in re.findall(r'(?:href|src)="([^"]*)"', _RESPONSE.sub("", page))}
        assert len(links) > 8
        for link in links:
            assert link.startswith("/"), f"{link} leaves our host"
            answer = client.get(link)
            answer.getvalue()
            assert answer.status_code == (404 if link.startswith("/2.2.0/pad/9/") else 200), link
        assert "log in" not in page.lower()
        assert "<form" not in page.replace('<form id="get-form" class="pull-right">', "")


def test_the_breadcrumbs_lead_from_the_index_to_the_object(client: Client) -> None:
    """A detail stands below its list, which stands below its family and the index, all in the page's format."""
    page = client.get(f"{ADDRESS}?format=api").content.decode()
    crumbs = re.search(r'<ul class="breadcrumb">(.*?)</ul>', page, re.DOTALL)
    assert crumbs
    assert re.findall(r'href="([^"]*)">([^<]*)<', crumbs[1]) == [
        ("/2.2.0/?format=api", "Launchledger"),
        ("/2.2.0/spacecraft/?format=api", "Individual spacecraft"),
        ("/2.2.0/spacecraft/flight/?format=api", "Flights of individual spacecraft"),
        (f"{ADDRESS}?format=api", "Flights of individual spacecraft: 567"),
    ]


def test_a_page_is_the_same_each_time(client: Client) -> None:
    """No token and no clock makes two replies differ, so that a cache in front can hold them."""
    first: Any = client.get(f"{ADDRESS}?format=api")
    assert client.get(f"{ADDRESS}?format=api").content == first.content
    assert not first.cookies


def test_an_error_has_a_page_too(client: Client) -> None:
    """A browser that asks for nothing we have gets a page that says so, with the status."""
    response = client.get("/2.2.0/pad/9/", headers={"accept": BROWSER})
    assert response.status_code == 404
    assert _text_of(response.content.decode())[0] == "HTTP 404 Not Found"


@pytest.mark.parametrize(
    ("text", "link", "after"),
    [
        ("see https://a.example/b?c=1&d=2.", "https://a.example/b?c=1&amp;d=2", "."),
        ("http://a.example/(b), c", "http://a.example/(b", "), c"),
        ('https://a.example/"onclick=x', "https://a.example/", "\\&quot;onclick=x"),
        ("https://a.example/<script>", "https://a.example/", "&lt;script&gt;"),
        ("https://a.example/'x'", "https://a.example/", "&#x27;x&#x27;"),
    ],
)
def test_addresses_in_the_page_are_links(client: Client, text: str, link: str, after: str) -> None:
    """Each begins with its scheme and ends where the text goes on; nothing in a text can leave the link."""
    take_in("SpacecraftFlight", [flight(9, destination=text)])
    page = client.get("/2.2.0/spacecraft/flight/9/", headers={"accept": BROWSER}).content.decode()
    assert f'<a href="{link}" rel="nofollow">{link}</a>{after}&quot;,' in page


def test_text_without_an_address_is_no_link(client: Client) -> None:
    """Other schemes, and names without one."""
    take_in("SpacecraftFlight", [flight(9, destination="javascript:alert(1) www.a.example a@b.example https://")])
    page = client.get("/2.2.0/spacecraft/flight/9/", headers={"accept": BROWSER}).content.decode()
    assert "javascript:alert(1) www.a.example a@b.example https://&quot;" in page
