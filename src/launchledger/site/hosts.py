"""Which hosts the server answers to, in place of the framework's check, which refuses underscores.

Promises: a host that LAUNCHLEDGER_ALLOWED_HOSTS does not allow is answered with 400 before any view. Probes are answered whatever
their host is: load balancers and orchestrators use addresses, and these replies do not contain the host.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from launchledger.conf.hosts import is_allowed
from launchledger.formats.texts import shorten
from launchledger.ops.urls import PROBES

_PROBE_HOST = "localhost"  # the host of every probe; no reply to one shows it


class HostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = _PROBE_HOST if request.path_info in PROBES else _requested_host(request)
        request.get_host = partial(str, host)  # type: ignore[method-assign]
        return self._get_response(request)


def _requested_host(request: HttpRequest) -> str:
    """The host of the request; raises DisallowedHost."""
    host: str = request.META["HTTP_HOST"] if "HTTP_HOST" in request.META else _own_address(request)
    if not is_allowed(host, settings.ALLOWED_HOSTS):
        raise DisallowedHost(f"LAUNCHLEDGER_ALLOWED_HOSTS does not allow the host {shorten(host)}.")
    return host


def _own_address(request: HttpRequest) -> str:
    """Our own address, for clients of HTTP/1.0, which may leave the host out."""
    name, port = request.META["SERVER_NAME"], str(request.get_port())
    return str(name) if port == ("443" if request.is_secure() else "80") else f"{name}:{port}"
