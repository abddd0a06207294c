"""Behind a proxy: the client's address, the scheme and host it asked for, and the prefix below which it sees this server.

Promises: without LAUNCHLEDGER_TRUSTED_PROXIES and LAUNCHLEDGER_PATH_PREFIX no header is trusted and nothing is changed. Only what
a trusted proxy wrote is used: every proxy adds the address it was called from at the right end of `X-Forwarded-For` (or
`Forwarded`, RFC 7239), so the first address from the right that is not a trusted proxy is the client, and all to the left of it
may be forged. A value that does not parse is ignored, never an error. Where there is any `X-Forwarded-` header, `Forwarded` is
ignored, because proxies that write the first pass on the second as clients sent it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from launchledger.conf.prefixes import LEDGER, is_prefix

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

MOST_HOPS = 32  # proxies in a row; no network has more
LONGEST_FORWARDED = 8192  # characters of `Forwarded`; longer ones are ignored

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]*):\d+", re.ASCII)
_HOST = re.compile(r"([a-z0-9._-]+|\[[a-f0-9:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile("https?", re.IGNORECASE)
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_PREFIX = re.compile(r"/[^\s,]*", re.ASCII)
# With the prefix /ledger, the paths below /ledger/ lose it, and get it back: nothing else has these.
_OF_LEDGER = re.compile(r"/(?:(?:changes|slips|schema)/|at/|(?!2\.2\.0/|ledger/).+/(?:history|slips)/\Z)", re.ASCII)
_PAIR = r'\s*[a-z0-9-]+=(?:"(?:[^"\\]|\\.)*"|[^\s",;=]*)\s*'
_ELEMENTS = re.compile(rf"(?:{_PAIR}|\s*)(?:[;,](?:{_PAIR}|\s*))*", re.ASCII | re.IGNORECASE)
_TOKENS = re.compile(r'([,])|([a-z0-9-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]*))', re.ASCII | re.IGNORECASE)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class _ProxyHeaders(NamedTuple):
    """The values that proxies wrote, the nearest last: one for each proxy, or one for all where they replace instead of add."""

    addresses: list[str]
    schemes: list[str]
    hosts: list[str]
    ports: list[str]
    prefixes: list[str]


def apply_proxy_headers(environ: dict[str, Any], trusted: Networks, prefix: str = "") -> None:
    """Change a WSGI environment to what it would be without proxies, and remove the proxies' headers.

    `prefix` is the path below which clients see this server, unless a trusted proxy names another. Requests come with it or
    without it; afterwards it is in SCRIPT_NAME, and PATH_INFO is without it.
    """
    sent = _take_headers(environ)
    caller = _address(environ.get("REMOTE_ADDR", ""))
    hops = 0  # trusted proxies between the client and us
    while caller and _is_trusted(caller, tuple(trusted)):
        hops += 1
        environ["REMOTE_ADDR"] = str(caller)
        caller = _address(sent.addresses.pop()) if sent.addresses else None
    if caller:
        environ["REMOTE_ADDR"] = str(caller)
    if scheme := _written_by_trusted(sent.schemes, hops, _SCHEME):
        environ["wsgi.url_scheme"] = scheme.lower()
    if host := _written_by_trusted(sent.hosts, hops, _HOST):
        environ["HTTP_HOST"] = host
    if port := _written_by_trusted(sent.ports, hops, _PORT):
        _add_port(environ, port)
    below = _written_by_trusted(sent.prefixes, hops, _PREFIX)
    _mount(environ, below.rstrip("/") if below and is_prefix(below.rstrip("/")) else prefix)


def _take_headers(environ: dict[str, Any]) -> _ProxyHeaders:
    """The values of the proxies' headers, which are removed."""
    forwarded = environ.pop("HTTP_FORWARDED", "")
    names = ("FOR", "PROTO", "HOST", "PORT", "PREFIX")
    values = [environ.pop(f"HTTP_X_FORWARDED_{name}", None) for name in names]
    if not forwarded or any(value is not None for value in values):
        return _ProxyHeaders(*(_parts(value or "") for value in values))
    elements = _elements(forwarded)
    addresses, schemes, hosts = ([element.get(name, "") for element in elements] for name in ("for", "proto", "host"))
    return _ProxyHeaders(addresses, schemes, hosts, [], [])


def _elements(forwarded: str) -> list[dict[str, str]]:
    """The elements of `Forwarded`, each by its parameters; none at all where a part of it does not parse, because a client's
    open quotation mark may have swallowed what a proxy added."""
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
    """Add the port that the client called, unless the host has one. The default port of either scheme is not added."""
    found = _HOST.fullmatch(environ.get("HTTP_HOST", ""))
    if found and not found[2] and port not in _DEFAULT_PORTS.values() and int(port) < 2**16:
        environ["HTTP_HOST"] += f":{port}"


def _mount(environ: dict[str, Any], prefix: str) -> None:
    if prefix:
        environ["SCRIPT_NAME"] = prefix
        path = environ["PATH_INFO"]
        if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
            below = path[len(prefix) :] or "/"
            is_ours = prefix.endswith(LEDGER.rstrip("/")) and _OF_LEDGER.match(below)
            environ["PATH_INFO"] = f"{LEDGER}{below[1:]}" if is_ours else below


def _written_by_trusted(values: list[str], hops: int, form: re.Pattern[str]) -> str:
    """The value that the proxy called by the client wrote; where proxies replace instead of add, there is one for all."""
    value = values[-min(hops, len(values))] if hops and values else ""
    return value if form.fullmatch(value) else ""


def _parts(header: str) -> list[str]:
    return [part.strip() for part in header.rsplit(",", MOST_HOPS)[-MOST_HOPS:]] if header else []


def _address(text: str) -> Address | None:
    """Parse an address, which some proxies write with a port, or as IPv4 in IPv6's form."""
    with_port = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port[1] or with_port[2] or "") if with_port else text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


@lru_cache(maxsize=1024)
def _is_trusted(address: Address, trusted: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in network for network in trusted)
