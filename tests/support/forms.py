"""A browser without scripts for tests: cookies, pages, and forms that are sent as a browser sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener


@dataclass
class Page:
    """A page where a request ended, after redirects; `fields` are those of its last form, with the values that it shows."""

    url: str
    status: int
    text: str
    fields: dict[str, str] = field(default_factory=dict)


class _Fields(HTMLParser):
    """The fields of the last form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.fields = {}
        elif tag == "input" and given.get("type") != "submit" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self.fields:
                self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = given["name"]
            self.fields[self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""


class Browser:
    """One person's browser, on a server."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        return self._open(Request(urljoin(self._server, path)))

    def send(self, page: Page, **changes: str) -> Page:
        """Send the last form of a page with these fields changed; `__` in a name is a hyphen."""
        fields = {**page.fields, **{name.replace("__", "-"): value for name, value in changes.items()}}
        return self._open(Request(page.url, urlencode(fields).encode(), {"Origin": self._server}))

    def _open(self, request: Request) -> Page:
        try:
            response: Any = self._opener.open(request, timeout=60)
        except HTTPError as error:
            response = error
        with response:
            text = response.read().decode()
        parser = _Fields()
        parser.feed(text)
        return Page(response.geturl(), response.status, text, parser.fields)
