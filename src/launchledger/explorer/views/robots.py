"""`/robots.txt` and the sitemap: what search engines may read, and where all pages are."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from launchledger.explorer.answering import base_address, page
from launchledger.explorer.objects import Objects
from launchledger.explorer.sitemaps import MOST_PARTS, addresses, parts, sections

_NOT_FOR_ROBOTS = ("2.2.0/", "ledger/", "status/", "docs/", "desk/", "search")


def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read: the pages, and not the many addresses for programs."""
    base = base_address(request)
    path = "/" + base.split("://", 1)[1].partition("/")[2]
    lines = ["User-agent: *", *(f"Disallow: {path}{each}" for each in _NOT_FOR_ROBOTS), "", f"Sitemap: {base}sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@page("")
def sitemap(request: HttpRequest, objects: Objects) -> HttpResponseBase:
    """The index of the sitemaps, for search engines."""
    base = escape(base_address(request))
    maps = [reverse("sitemap_part", args=[name, number]) for name, number in parts()]
    root = reverse("first_page")
    return _xml("sitemapindex", (f"<sitemap><loc>{base}{each.removeprefix(root)}</loc></sitemap>" for each in maps))


@page("")
def sitemap_part(request: HttpRequest, objects: Objects, name: str, number: int) -> HttpResponseBase:
    """A part of the sitemap, for search engines: the first pages of all sections, or the pages of objects of one kind."""
    base = escape(base_address(request))
    found = sections() if name == "sections" else addresses(name, number) if 0 < number <= MOST_PARTS else []
    if not found:
        raise Http404("There is no such part of the sitemap.")
    return _xml("urlset", (f"<url><loc>{base}{each}</loc></url>" for each in found))


def _xml(element: str, lines: Iterator[str]) -> HttpResponse:
    """Paths of our own are made of letters, digits and hyphens, so only the base needs escaping."""
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    body = opening + "\n".join(lines) + f"\n</{element}>\n"
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
