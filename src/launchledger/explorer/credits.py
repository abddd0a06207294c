"""Whose data the catalogue holds: that of upstreams, and that of The Space Devs also where it was loaded from files.

Promises: each is there once, The Space Devs first; two queries, and one where no row came from an upstream.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchledger.ingest.providers import providers
from launchledger.sync.models import Server
from launchledger.sync.servers import SOURCE, host_of, source_of
from launchledger.web.the_space_devs import NAME, SITE, is_the_space_devs


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose data it is, and the address of their site."""

    name: str
    url: str


THE_SPACE_DEVS = Credit(NAME, SITE)


def credits_of(sources: Iterable[str]) -> list[Credit]:
    """Whose data there is, if rows came from these sources."""
    upstreams = {source for source in sources if source.startswith(SOURCE)}
    servers = Server.objects.order_by("name").values_list("name", flat=True) if upstreams else ()
    from_upstream = [_credit(server) for server in servers if source_of(server) in upstreams]
    loaded = [THE_SPACE_DEVS] if NAME in providers() else []
    return sorted(dict.fromkeys(loaded + from_upstream), key=lambda credit: credit != THE_SPACE_DEVS)


def _credit(server: str) -> Credit:
    return THE_SPACE_DEVS if is_the_space_devs(host_of(server)) else Credit(urlsplit(server).netloc, f"{server}/")
