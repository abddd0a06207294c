"""Behind a proxy: the client's address, the scheme and host it asked for, and the prefix below which it sees this server.

Promises: without LAUNCHLEDGER_TRUSTED_PROXIES and LAUNCHLEDGER_PATH_PREFIX nothing is believed and nothing is done. Of headers,
only what a trusted proxy wrote is believed: every proxy adds the address it was called from at the right end of `X-Forwarded-For`
(or `Forwarded`, RFC 7239), so the first address from the right that is no trusted proxy is the client, and all to the left of it
may be made up. What cannot be read is ignored, never an error. Where any `X-Forwarded-` header came, `Forwarded` is ignored,
because proxies that write the first hand on the second as clients sent it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from launchledger.conf.prefixes import is_prefix

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

MOST_HOPS = 32  # proxies in a row; more is nobody's network
LONGEST_FORWARDED = 8192  # characters of `Forwarded`; longer ones are ignored

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]*):\d+", re.ASCII)
_HOST = re.compile(r"([a-z0-9._-]+|\[[a-f0-9:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile("https?", re.IGNORECASE)
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_PREFIX = re.compile(r"/[^\s,]*", re.ASCII)
_PAIR = r'\s*[a-z0-9-]+=(?:"(?:[^"\\]|\\.)*"|[^\s",;=]*)\s*'
_ELEMENTS = re.compile(rf"(?:{_PAIR}|\s*)(?:[;,](?:{_PAIR}|\s*))*", re.ASCII | re.IGNORECASE)
_TOKENS = re.compile(r'([,])|([a-z0-9-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]*))', re.ASCII | re.IGNORECASE)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class _Told(NamedTuple):
    """What proxies wrote, the nearest last: a value for each proxy, or one for all where they replace instead of adding."""

    addresses: list[str]
    schemes: list[str]
    hosts: list[str]
    ports: list[str]
    prefixes: list[str]


def apply_proxy_headers(environ: dict[str, Any], trusted: Networks, prefix: str = "") -> None:
    """Change a WSGI environment to what it would be had the client called us itself, and take the proxies' headers out.

    `prefix` is the path below which clients see this server, unless a trusted proxy names another. Requests come with it or
    without it; afterwards it is in SCRIPT_NAME, and PATH_INFO is without it.
    """
    told = _told(environ)
    caller = _address(environ.get("REMOTE_ADDR", ""))
    hops = 0  # trusted proxies between the client and us
    while caller and _is_trusted(caller, tuple(trusted)):
        hops += 1
        environ["REMOTE_ADDR"] = str(caller)
        caller = _address(told.addresses.pop()) if told.addresses else None
    if caller:
        environ["REMOTE_ADDR"] = str(caller)
    if scheme := _written_by_trusted(told.schemes, hops, _SCHEME):
        environ["wsgi.url_scheme"] = scheme.lower()
    if host := _written_by_trusted(told.hosts, hops, _HOST):
        environ["HTTP_HOST"] = host
    if port := _written_by_trusted(told.ports, hops, _PORT):
        _add_port(environ, port)
    below = _written_by_trusted(told.prefixes, hops, _PREFIX)
    _mount(environ, below.rstrip("/") if below and is_prefix(below.rstrip("/")) else prefix)


def _told(environ: dict[str, Any]) -> _Told:
    """What the headers say, which are taken out."""
    forwarded = environ.pop("HTTP_FORWARDED", "")
    names = ("FOR", "PROTO", "HOST", "PORT", "PREFIX")
    values = [environ.pop(f"HTTP_X_FORWARDED_{name}", None) for name in names]
    if not forwarded or any(value is not None for value in values):
        return _Told(*(_parts(value or "") for value in values))
    elements = _elements(forwarded)
    addresses, schemes, hosts = ([element.get(name, "") for element in elements] for name in ("for", "proto", "host"))
    return _Told(addresses, schemes, hosts, [], [])


def _elements(forwarded: str) -> list[dict[str, str]]:
    """The elements of `Forwarded`, each by its parameters; none at all where a part of it cannot be read, because an open
    quotation mark of a client may have swallowed what a proxy added."""
    if len(forwarded) > LONGEST_FORWARDED or not _ELEMENTS.fullmatch(forwarded):
        return []
    elements: list[dict[str, str]] = [{}]
    for comma, name, quoted, token in _TOKENS.findall(forwarded):
        if comma:
            elements.append({})
        else:
            elements[-1][name.lower()] = re.sub(r"\\(.)", r"\1", quoted) or token
    return elements[-MOST_HOPS:]


def _add_port(environ: dict[str, Any], port: str) -> None:
    """Add the port that the client called, unless the host names one. The other scheme's own port is a proxy's in between."""
    found = _HOST.fullmatch(environ.get("HTTP_HOST", ""))
    if found and not found[2] and port not in _DEFAULT_PORTS.values() and int(port) < 2**16:
        environ["HTTP_HOST"] += f":{port}"


def _mount(environ: dict[str, Any], prefix: str) -> None:
    if prefix:
        environ["SCRIPT_NAME"] = prefix
        path = environ["PATH_INFO"]
        if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"


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
