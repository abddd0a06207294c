"""What follows from the name of an upstream: scheme, host and port."""

from __future__ import annotations

from urllib.parse import urlsplit

from launchledger.web.the_space_devs import is_the_space_devs

SOURCE = "upstream:"


def source_of(server: str) -> str:
    """The name of an upstream as a source of observations."""
    return f"{SOURCE}{urlsplit(server).netloc}"


def host_of(server: str) -> str:
    """The host of an upstream, without its port."""
    return urlsplit(server).hostname or ""


def may_be_unlimited(host: str) -> bool:
    """Whether to believe an upstream that says it does not throttle: The Space Devs do, whatever a reply says."""
    return not is_the_space_devs(host)
