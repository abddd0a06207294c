"""Addresses of other servers, checked before anything is sent to them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def check_url(url: str, *, with_token: bool) -> str:
    """Check the address of a server, and return its host. Raises ValueError with the reason, without showing the address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("Is not a valid address.") from None
    is_whole = parts.scheme in ("http", "https") and port != 0
    if not is_whole or not host or not all("!" <= each <= "~" for each in url):
        raise ValueError("Is not a valid address, such as http://127.0.0.1:6081/.")
    if "@" in parts.netloc:
        raise ValueError("Contains a user or a password, which everyone on this machine would see.")
    if with_token and parts.scheme == "http" and not is_loopback(host):
        raise ValueError("Begins with http://, so that everyone on the way could read the token; use https://.")
    return host


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its name or address alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
