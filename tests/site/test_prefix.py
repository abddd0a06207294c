"""The whole server below a prefix: every address that it writes leads back to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from django.urls import clear_script_prefix
from pytest_django.fixtures import Settings

from tests.support.bodies import agency
from tests.support.calls import within_the_test
from tests.support.whole import take_in
from tests.support.wsgi import Answer, Served

pytestmark = pytest.mark.django_db

PREFIX = "/ledger"
PAGES = ("/", "/docs/", "/2.2.0/?format=api", "/2.2.0/agencies/?format=api&limit=1&offset=1", "/2.2.0/agencies/1/?format=api")
_LINKS = re.compile(rb'(?:href|src|action)="(/[^"]*|https?://ledger\.example[^"]*)"')


@pytest.fixture(autouse=True)
def _on_the_tests_database() -> Iterator[None]:
    with within_the_test():
        yield
    clear_script_prefix()  # which the last request leaves to its thread


@pytest.fixture
def served(settings: Settings) -> Served:
    settings.PATH_PREFIX = PREFIX
    for number in (1, 2, 3):
        take_in("Agency", [agency(number)])
    return Served()


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_below_the_prefix(served: Served, path: str) -> None:
    """Pages, styles, scripts and pictures: each is found where the page says, with the prefix and without."""
    page = served.ask(f"{PREFIX}{path}")
    assert page.status == 200
    assert served.ask(path).body == page.body
    links = {link.decode().removeprefix("http://ledger.example").partition("#")[0] for link in _LINKS.findall(page.body)}
    assert len(links) >= 5
    for link in links:
        assert link.startswith(f"{PREFIX}/"), link
        assert served.ask(link.replace("&amp;", "&")).status == 200, link


@pytest.mark.parametrize("way", ["", "&x=", "&ordering=id"])
def test_every_address_in_a_list_has_the_prefix(served: Served, way: str) -> None:
    """`url`, `next` and `previous`, on the fast path, by Django, and from the cache."""
    for _ in range(2):
        body = json.loads(served.ask(f"{PREFIX}/2.2.0/agencies/?limit=1&offset=1{way}").body)
        addresses = [body["next"], body["previous"], body["results"][0]["url"]]
        assert all(address.startswith(f"http://ledger.example{PREFIX}/2.2.0/agencies/") for address in addresses), addresses


def test_the_index_and_redirects_have_the_prefix(served: Served) -> None:
    """Where a client begins, and where it is sent for a missing last slash."""
    index = json.loads(served.ask(f"{PREFIX}/2.2.0/").body)
    assert {address.partition("/2.2.0/")[0] for address in index.values()} == {f"http://ledger.example{PREFIX}"}
    for asked in (f"{PREFIX}/2.2.0/pad?limit=1", "/2.2.0/pad?limit=1"):
        moved = served.ask(asked)
        assert (moved.status, moved.headers["location"]) == (301, f"{PREFIX}/2.2.0/pad/?limit=1")


def test_swagger_ui_calls_below_the_prefix(served: Served) -> None:
    """The document names the prefix as its server, and Swagger UI finds the document."""
    script = served.ask(f"{PREFIX}/docs/?script=").body.decode()
    assert f"{PREFIX}/2.2.0/schema/" in script
    document = json.loads(served.ask(f"{PREFIX}/2.2.0/schema/?format=json").body)
    assert document["servers"] == [{"url": PREFIX}]
    assert all(path.startswith("/2.2.0/") for path in document["paths"])
    assert f"url: {PREFIX}".encode() in served.ask(f"{PREFIX}/2.2.0/schema/?format=yaml").body


def test_the_prefix_is_off_where_it_is_not_set() -> None:
    """Without a setting and without a proxy nothing of it is written, and a path with one is nowhere."""
    served = Served()
    assert "servers" not in json.loads(served.ask("/2.2.0/schema/?format=json").body)
    assert served.ask(f"{PREFIX}/2.2.0/").status == 404


def test_probes_answer_below_the_prefix(served: Served) -> None:
    """Both ways, and the page that is shown while the database is away leads to them."""
    assert {served.ask(path).status for path in ("/healthz", f"{PREFIX}/healthz", "/readyz", f"{PREFIX}/readyz")} == {200}


def test_the_prefix_is_part_of_the_cache_key(settings: Settings) -> None:
    """Two proxies that show one server below paths of their own never get each other's addresses."""
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    served = Served()
    take_in("Agency", [agency(1)])

    def ask(prefix: str) -> Answer:
        return served.ask("/2.2.0/agencies/1/", headers={"x-forwarded-prefix": prefix} if prefix else {}, REMOTE_ADDR="10.1.2.3")

    for _ in range(2):
        for prefix in ("", "/a", "/b/c"):
            assert json.loads(ask(prefix).body)["url"] == f"http://ledger.example{prefix}/2.2.0/agencies/1/"
    assert len({ask(prefix).headers["etag"] for prefix in ("", "/a", "/b/c")}) == 3
