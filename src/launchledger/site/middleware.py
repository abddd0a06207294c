"""Rules for every reply, API or page: how long an address may be, and what browsers may do with a reply."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from launchledger.api.errors import response_to
from launchledger.conf.policies import policy
from launchledger.http_cache.failures import UNEXPECTED, as_json, failure_of

LONGEST_QUERY = 8192  # bytes, as in most servers in front; the longest seen of a real client has some 200

# Pages need their own scripts and styles only; one that needs more has a policy of its own.
PAGE_HEADERS = {
    "Content-Security-Policy": policy(),
    "Referrer-Policy": "same-origin",
}


class SafetyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = _refusal(request) or self._get_response(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            for name, value in PAGE_HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a view's expected failure; Django logs and answers any other."""
        failure = failure_of(exception)
        return None if failure is UNEXPECTED else response_to(failure)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY:
        return None
    return response_to(as_json("414 URI Too Long", f"The query is longer than {LONGEST_QUERY} bytes."))
