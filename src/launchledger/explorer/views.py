"""`/`: the first page, for people. HTML whatever Accept is; programs find the API's document through `rel="service-desc"`."""

from __future__ import annotations

from hashlib import blake2b

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views import View

from launchledger import __version__, clock
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.database.unavailable import why_unavailable
from launchledger.explorer.overview import load_overview
from launchledger.http_cache.failures import RETRY_AFTER, mark_as_logged
from launchledger.wire.served import DEFAULT


class FirstPage(View):
    """The first page, for people: what this server holds, how old that is, and what changed last."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        page = {
            "version": __version__,
            "wire": DEFAULT.version,
            "prefix": request.META["SCRIPT_NAME"],
            "base": request.build_absolute_uri(reverse("index")),
        }
        try:
            with snapshot():
                overview = load_overview(clock.now())
        except Error as error:
            reason = why_unavailable(error)
            if not reason:
                raise
            page["reason"] = reason
            page_without = render(request, "launchledger/not_ready.html", page, status=503)
            page_without.headers["Cache-Control"] = "no-store"
            page_without.headers["Retry-After"] = RETRY_AFTER
            return mark_as_logged(page_without)
        return _revalidated(request, render(request, "launchledger/first.html", {**page, "overview": overview}))


def _revalidated(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Let caches store the page and revalidate it each time: nobody sees an old one, and few bytes travel."""
    document, docs = reverse("schema"), reverse("docs")
    etag = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["Cache-Control"] = "no-cache"
    response.headers["ETag"] = etag
    response.headers["Link"] = f'<{document}>; rel="service-desc", <{docs}>; rel="service-doc"'
    return get_conditional_response(request, etag=etag, response=response) or response
