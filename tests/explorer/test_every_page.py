"""Every page, whatever the catalogue: there, well-formed, within the policy, with headings and names, and leading somewhere."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client
from justhtml import JustHTML
from pytest_django.plugin import DjangoDbBlocker

from launchledger.catalogue.actions import observe_starter
from launchledger.cli import launchledger
from launchledger.explorer.navigation import SECTIONS, page_of_resource
from launchledger.explorer.overview import clear_cache
from tests.support import hostile
from tests.support.crawling import Crawled, Drawn, crawl, of_client, page_routes
from tests.support.markup import elements, faults, parsed
from tests.support.shared import shared_rows
from tests.support.upstream import REPLIES

pytestmark = [
    pytest.mark.sqlite_only("pages are drawn from replies, which are the same bytes on both: tests/wire/test_same_bytes.py"),
    pytest.mark.django_db,
]

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SMALL, WITH_PLOTS = 30_000, 100_000  # bytes of a page with gzip
SHOWN = 20  # faults


def _load_replies() -> None:
    CliRunner().invoke(launchledger, ["load", str(REPLIES / "2.2.0")], prog_name="launchledger")


def _take_in_everything() -> None:
    hostile.take_in_all()
    hostile.take_in_oddities()


REAL, EVERYTHING = "real replies", "everything odd and hostile"
CATALOGUES: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "the starter": observe_starter,
    REAL: _load_replies,
    "one ordinary object of each kind": lambda: hostile.take_in_all("ordinary"),
    "the least of each kind": lambda: hostile.take_in_all("least"),
    "nulls": lambda: hostile.take_in_all("nulls"),
    EVERYTHING: _take_in_everything,
}


@pytest.fixture(scope="module", params=CATALOGUES)
def crawled(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Crawled]]:
    """The name of a catalogue, and what was drawn of it."""
    name: str = request.param
    if name == REAL and not REPLIES.is_dir():
        pytest.skip("LAUNCHLEDGER_UPSTREAM names no folder of replies")
    clear_cache()
    with shared_rows(django_db_blocker, CATALOGUES[name]), time_machine.travel(NOW, tick=False):
        # The page of each odd object is asked for, whether or not a list shows it.
        objects = hostile.addresses(page_of_resource) if name == EVERYTHING else []
        with django_db_blocker.unblock():
            found = crawl(of_client(Client()), ["/", *objects])
        yield name, found
    clear_cache()


def _documents(found: Crawled) -> Iterator[tuple[Drawn, JustHTML]]:
    for page in found.pages:
        assert page.document is not None
        yield page, page.document


def _assert_none(found: list[str]) -> None:
    assert not found, "\n".join([f"{len(found)} faults:", *found[:SHOWN]])


def test_every_link_leads_somewhere(crawled: tuple[str, Crawled]) -> None:
    """What a page links to within our host is there: pages, replies as JSON, style sheets; and so is the place in the page."""
    _, found = crawled
    wrong = [f"{each.reply.status} {each.reply.error}: {each.name}" for each in found.drawn.values() if each.reply.status >= 400]
    for address, fragment, linked_from in found.fragments:
        target = found.drawn.get(address)
        if target and target.document and fragment not in {each.attrs.get("id") for each in elements(target.document)}:
            wrong.append(f"{address} has no {fragment}: linked from {linked_from}")
    _assert_none(wrong)


def test_links_out_are_web_addresses(crawled: tuple[str, Crawled]) -> None:
    """A page leads to no script and to no other scheme than the web's, whatever the catalogue calls an address."""
    _, found = crawled
    others = {address: page for address, page in found.links_out.items() if urlsplit(address).scheme not in ("http", "https")}
    _assert_none([f"{address}: on {page}" for address, page in others.items()])


def test_every_page_is_right(crawled: tuple[str, Crawled]) -> None:
    """Well-formed, nothing inline, one heading of the first level and none skipped, ids unique, names for all that is used."""
    _, found = crawled
    _assert_none([f"{page.name}: {fault}" for page, document in _documents(found) for fault in faults(document)])
    assert len(found.pages) > len(SECTIONS)


def test_texts_stay_texts(crawled: tuple[str, Crawled]) -> None:
    """No element and no attribute comes out of a text of the catalogue."""
    _, found = crawled
    _assert_none(
        [f"{page.name}: {owned}" for page, document in _documents(found) for owned in _owned(document)],
    )


def _owned(document: JustHTML) -> list[str]:
    return [str(each) for each in elements(document) if each.name == "owned-tag" or any("owned" in name for name in each.attrs)]


def test_no_page_is_large(crawled: tuple[str, Crawled]) -> None:
    """With gzip at most SMALL bytes, and WITH_PLOTS where plots are drawn, or where objects are made up to be large."""
    name, found = crawled
    wrong = []
    for page in found.pages:
        most = WITH_PLOTS if b"<svg viewBox" in page.reply.body or name == EVERYTHING else SMALL
        if (size := len(gzip.compress(page.reply.body))) > most:
            wrong.append(f"{page.name}: {size} bytes, not {most}")
    _assert_none(wrong)


def test_odd_requests_get_a_page(crawled: tuple[str, Crawled]) -> None:
    """A parameter with any value, and an object that is not there, are a page of 200, 400 or 404, as right as the others."""
    name, found = crawled
    ask, wrong = of_client(Client()), []
    for address in _odd_addresses(found) if name in ("nothing", "one ordinary object of each kind") else ():
        page = crawl(ask, [address], each=0).drawn[address]
        if page.document is None and page.reply.headers.get("content-type", "").startswith("text/html"):
            page.document = parsed(page.reply.body)  # of an address that no route has
        if page.document is None and page.reply.status != 302:
            wrong.append(f"{address}: {page.reply.status} {page.reply.error} {page.reply.headers.get('content-type')}")
        elif page.document is not None:
            if page.reply.status not in (200, 400, 404):
                wrong.append(f"{address}: {page.reply.status}")
            wrong += [f"{address}: {fault}" for fault in (*faults(page.document), *_owned(page.document))]
    _assert_none(wrong)


_ODD_VALUES = ("9" * 40, "-1", hostile.MARKUP, hostile.CONTROLS, "x" * 400, "\x00")
_ODD_KEYS = ("9" * 18, "0", "never", "2026", "12")


def _odd_addresses(found: Crawled) -> Iterator[str]:
    """For each route: each of its parameters with odd values, and where it has places for keys, keys that nothing has."""
    parameters: dict[str, set[str]] = {}
    for page in found.pages:
        split = urlsplit(page.address)
        parameters.setdefault(page.route, set()).update(name for name, _ in parse_qsl(split.query, keep_blank_values=True))
    for route, page in sorted(found.samples.items()):
        path = urlsplit(page.address).path
        yield from (f"{path}?{urlencode({name: value})}" for name in sorted(parameters[route]) for value in _ODD_VALUES)
    for pattern in page_routes().values():
        if pattern.pattern.converters:
            yield from ("/" + _with_keys(str(pattern.pattern), key) for key in _ODD_KEYS)


def _with_keys(route: str, key: str) -> str:
    """The path of a route with this key in each of its places."""
    begin, *rest = route.split("<")
    return begin + "".join(key + part.partition(">")[2] for part in rest)


def test_every_page_is_linked_to(crawled: tuple[str, Crawled]) -> None:
    """A person comes from the first page to each page by links, if the catalogue has something to show on it."""
    name, found = crawled
    if name == "one ordinary object of each kind":
        _assert_none(sorted(page_routes().keys() - {each.route for each in found.drawn.values()}))
