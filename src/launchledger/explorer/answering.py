"""Pages as replies.

Promises: everything on a page is read in one snapshot of the catalogue; HTML whatever Accept is; nothing that is not there is a
404 page, and a database that is away a 503 page, both in the look of the others. A page has no ETag and no Cache-Control: the
cache of complete replies adds them (`http_cache.edge`), and revalidates each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse

from launchledger import __version__, clock
from launchledger.conf.policies import policy
from launchledger.database.unavailable import why_unavailable
from launchledger.documents.freshness import expires_at
from launchledger.documents.reading import reading
from launchledger.explorer.about import about
from launchledger.explorer.lists import Refused
from launchledger.explorer.objects import Objects
from launchledger.http_cache.failures import RETRY_AFTER, mark_as_logged
from launchledger.wire.served import DEFAULT

LASTS = 60  # seconds that a cached page lasts: times of sightings, and of a mirror, change without an entry in the journal

Context = dict[str, Any]
View = Callable[..., HttpResponseBase]

_METHODS = ["GET", "HEAD", "OPTIONS"]

_PICTURES = {True: "'self' https: http:", False: "'self'"}  # by LAUNCHLEDGER_REMOTE_PICTURES: they lie where the catalogue says

# Characters that HTML forbids: controls, halves of others, and what is no character. Texts of the catalogue and of requests may
# have them; a page has the sign for what cannot be shown in their place.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def page(template: str) -> Callable[[Callable[..., Context | HttpResponseBase]], View]:
    """Make a view of a function that returns what the template shows, or another response such as a redirect.

    The function is called with the request, the objects of the catalogue, and what the route captured. It raises Http404 for
    what does not exist.
    """

    def view_of(shown: Callable[..., Context | HttpResponseBase]) -> View:
        @wraps(shown)
        def view(request: HttpRequest, **captured: Any) -> HttpResponseBase:
            if request.method not in _METHODS:
                return HttpResponseNotAllowed(_METHODS)
            if request.method == "OPTIONS":
                return HttpResponse(headers={"Allow": ", ".join(_METHODS)})
            try:
                with reading() as documents:
                    expires_at(clock.timestamp() + LASTS)
                    found = shown(request, Objects(documents), **captured)
            except Refused as refused:
                return respond(request, "refused.html", {"reasons": refused.reasons}, 400)
            except Http404 as error:
                return respond(request, "not_found.html", {"reason": str(error)}, 404)
            except Error as error:
                reason = why_unavailable(error)
                if not reason:
                    raise
                return _not_ready(request, reason)
            return respond(request, template, found) if isinstance(found, dict) else found

        return view

    return view_of


def base_address(request: HttpRequest) -> str:
    """The absolute address of the first page: by LAUNCHLEDGER_PUBLIC_URL, or by what the client asked for."""
    return f"{settings.PUBLIC_URL}/" if settings.PUBLIC_URL else request.build_absolute_uri(get_script_prefix())


def respond(request: HttpRequest, template: str, context: Context, status: int = 200) -> HttpResponse:
    """A page from its template and what all pages show; the object in `about` is the one that the page is about."""
    shared: Context = {
        "version": __version__,
        "wire": DEFAULT.version,
        "root": get_script_prefix(),
        "base": request.build_absolute_uri(reverse("index")),
        "canonical": settings.PUBLIC_URL + request.path_info if settings.PUBLIC_URL else request.path,
        "section": request.path_info.split("/", 2)[1],
        "remote_pictures": settings.REMOTE_PICTURES,
    }
    if "about" in context:
        shared["about_it"] = about(context["about"], base_address(request), shared["root"])
    written = render_to_string(f"launchledger/{template}", {**shared, **context}, request)
    response = HttpResponse(_FORBIDDEN.sub("\ufffd", written), status=status)
    response.headers["Content-Security-Policy"] = policy(pictures=_PICTURES[settings.REMOTE_PICTURES], fonts="'none'")
    response.headers["Link"] = f'<{reverse("schema")}>; rel="service-desc", <{reverse("docs")}>; rel="service-doc"'
    return response


def _not_ready(request: HttpRequest, reason: str) -> HttpResponse:
    response = respond(request, "not_ready.html", {"reason": reason}, 503)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = RETRY_AFTER
    return mark_as_logged(response)
