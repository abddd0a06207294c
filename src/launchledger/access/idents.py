"""Whom a call is counted for: its key, or else the address it comes from.

IPv6 addresses count by their /64, because that is what one customer gets; one by one they would be no limit. An IPv4 address
written as IPv6 is the same as in its own form.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

NOBODY = "unknown"  # all who come from no address, such as a Unix socket without a trusted proxy, share this


@lru_cache(maxsize=4096)
def ident_of_address(address: str) -> str:
    """The identity of whoever calls from this address: 203.0.113.7, or 2001:db8:0:1::/64."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return NOBODY
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ip_network((read, 64), strict=False))


def ident_of_key(number: int) -> str:
    """The identity of whoever calls with the key of this row."""
    return f"key {number}"
