"""Behind a proxy: the client's address, and the scheme and host it asked for, from what trusted proxies say.

Promises: without LAUNCHLEDGER_TRUSTED_PROXIES nothing is believed and nothing is done. With it, only what a trusted proxy wrote
is believed: every proxy adds the address it was called from at the right end of `X-Forwarded-For`, so the first address from the
right that is no trusted proxy is the client, and all to the left of it may be made up. What cannot be read is ignored, never an
error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

MOST_HOPS = 32  # proxies in a row; more is nobody's network
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]*):\d+", re.ASCII)
_HOST = re.compile(r"([a-z0-9._-]+|\[[a-f0-9:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)


class ProxyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.TRUSTED_PROXIES:
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        see_the_client(request.META, settings.TRUSTED_PROXIES)
        return self._get_response(request)


def see_the_client(environ: dict[str, Any], trusted: Networks) -> None:
    """Change a WSGI environment to what it would be had the client called us itself, and take the proxies' headers out."""
    addresses, schemes, hosts = (_parts(environ.pop(name, "")) for name in _FORWARDED)
    caller = _address(environ.get("REMOTE_ADDR", ""))
    hops = 0  # trusted proxies between the client and us
    while caller and _is_trusted(caller, tuple(trusted)):
        hops += 1
        environ["REMOTE_ADDR"] = str(caller)
        caller = _address(addresses.pop()) if addresses else None
    if caller:
        environ["REMOTE_ADDR"] = str(caller)
    if scheme := _written_by_trusted(schemes, hops, re.compile("https?", re.IGNORECASE)):
        environ["wsgi.url_scheme"] = scheme.lower()
    if host := _written_by_trusted(hosts, hops, _HOST):
        environ["HTTP_HOST"] = host


def _written_by_trusted(values: list[str], hops: int, form: re.Pattern[str]) -> str:
    """What the proxy that the client called wrote; where proxies replace instead of adding, there is one value for all."""
    value = values[-min(hops, len(values))] if hops and values else ""
    return value if form.fullmatch(value) else ""


def _parts(header: str) -> list[str]:
    return [part.strip() for part in header.rsplit(",", MOST_HOPS)[-MOST_HOPS:]] if header else []


def _address(text: str) -> Address | None:
    """Read an address, which some proxies write with a port, or with an IPv4 address in IPv6's form."""
    with_port = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port[1] or with_port[2] or "") if with_port else text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


@lru_cache(maxsize=1024)
def _is_trusted(address: Address, trusted: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in network for network in trusted)
