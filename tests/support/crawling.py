"""Drawing every page that links lead to from the first one: a sample of each kind of address.

A new page needs nothing here: it is drawn because another page links to it.
"""

from __future__ import annotations

import http.client
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, resolve
from justhtml import Element, JustHTML

from launchledger.explorer import urls
from tests.support.markup import elements, parsed

HOST = "http://testserver"
_LINKS = {
    "a": ("href", "xlink:href"),
    "area": ("href",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src",),
    "link": ("href",),
    "script": ("src",),
    "source": ("src",),
    "use": ("href", "xlink:href"),
}


class Reply(NamedTuple):
    """What a server answers; names of headers are in lower case. `error` is an exception that a view raised."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    error: str = ""


Ask = Callable[[str], Reply]


@dataclass(slots=True)
class Drawn:
    """A page that was drawn, or what else an address gives: `route` is its route, `found_on` the page that links to it."""

    address: str
    route: str
    is_page: bool
    found_on: str
    reply: Reply
    document: JustHTML | None = None

    @property
    def name(self) -> str:
        return f"{self.address} (linked from {self.found_on})" if self.found_on else self.address


@dataclass
class Crawled:
    """All that was drawn, by address; `links_out` are the addresses elsewhere, each with the page that has it."""

    drawn: dict[str, Drawn] = field(default_factory=dict)
    links_out: dict[str, str] = field(default_factory=dict)
    fragments: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # the address, the fragment, and the page that links there

    @cached_property
    def pages(self) -> list[Drawn]:
        return [each for each in self.drawn.values() if each.is_page and each.document is not None]

    @cached_property
    def samples(self) -> dict[str, Drawn]:
        """The largest page of each route."""
        found: dict[str, Drawn] = {}
        for page in self.pages:
            if page.route not in found or len(page.reply.body) > len(found[page.route].reply.body):
                found[page.route] = page
        return found


def of_client(client: Client) -> Ask:
    """Asking Django itself, in this process."""

    def ask(address: str) -> Reply:
        try:
            response = client.get(address)
        except Exception as error:  # whatever a view raises is a fault of its page
            return Reply(500, {}, b"", f"{type(error).__name__}: {error}")
        body = response.getvalue()
        return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)

    return ask


def of_server(server: str) -> Ask:
    """Asking a running server, without following where it leads."""
    place = urlsplit(server)

    def ask(address: str) -> Reply:
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            connection.request("GET", quote(address, safe="/?&=%:+,;@~-._!$'()*"))
            response = connection.getresponse()
            body = response.read()
            return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
        finally:
            connection.close()

    return ask


def page_routes() -> dict[str, URLPattern]:
    """The routes of the pages, by name, without those of files for programs such as robots.txt."""
    return {str(each.name): each for each in urls.urlpatterns if "." not in str(each.pattern)}


def crawl(ask: Ask, begin: Iterable[str] = ("/",), *, each: int = 3) -> Crawled:
    """Draw the pages where it begins, and of each kind that links from there lead to so many.

    A kind is a route with the names of its parameters. What is no page, such as JSON and style sheets, is asked for once a route.
    """
    found, names = Crawled(), page_routes()
    counts: Counter[str] = Counter()
    waiting = deque((address, "") for address in begin)
    chosen = {address for address, _ in waiting}
    while waiting:
        address, found_on = waiting.popleft()
        route = _route(address)
        drawn = Drawn(address, route, route in names, found_on, ask(address))
        found.drawn[address] = drawn
        if drawn.reply.status in (301, 302, 303, 307, 308):
            targets: Iterable[str] = [drawn.reply.headers["location"]]
        elif drawn.is_page and drawn.reply.headers.get("content-type", "").startswith("text/html"):
            drawn.document = parsed(drawn.reply.body)
            targets = _links(drawn.document)
        else:
            continue
        for target in targets:
            whole = urljoin(HOST + address, target)
            where, _, fragment = whole.partition("#")
            if not where.startswith(f"{HOST}/"):
                found.links_out.setdefault(where, address)
                continue
            path = where.removeprefix(HOST)
            if fragment:
                found.fragments.append((path, fragment, address))
            kind, most = _kind(path, names, each)
            if path not in chosen and counts[kind] < most:
                counts[kind] += 1
                chosen.add(path)
                waiting.append((path, address))
    return found


def _route(address: str) -> str:
    path = urlsplit(address).path
    try:
        match = resolve(path)
    except Resolver404:
        return path if path.startswith("/static/") else "(none)"
    return match.url_name or match.route


def _kind(address: str, pages: Mapping[str, object], each: int) -> tuple[str, int]:
    """The kind of an address, and how many of it are drawn."""
    route = _route(address)
    if route == "(none)":
        return route, 20
    if route not in pages:
        return route, 1
    names = sorted({name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)})
    return f"{route}?{'&'.join(names)}", each if len(names) < 2 else 1


def _links(page: JustHTML) -> Iterator[str]:
    for element in elements(page):
        for attribute in _LINKS.get(element.name, ()):
            if (address := element.attrs.get(attribute)) is not None:
                yield address
        if element.name == "form":
            yield from _submitted(element)


def _submitted(form: Element) -> Iterator[str]:
    """The addresses that a form leads to: as it is, and with another value of each list of values."""
    values, others = dict[str, str](), list[tuple[str, str]]()
    for control in elements(form):
        name = control.attrs.get("name")
        if not name:
            continue
        if control.name == "input" and (control.attrs.get("type") not in ("checkbox", "radio") or "checked" in control.attrs):
            values[name] = control.attrs.get("value") or ""
        if control.name == "select":
            options = [each for each in elements(control) if each.name == "option"]
            chosen = next((each for each in options if "selected" in each.attrs), options[0] if options else None)
            values[name] = (chosen.attrs.get("value") or "") if chosen else ""
            others += [(name, value) for each in options if (value := each.attrs.get("value"))][:1]
    action = form.attrs.get("action") or ""
    yield f"{action}?{urlencode(values)}"
    for name, value in others:
        yield f"{action}?{urlencode({**values, name: value})}"
