"""The identity that a call counts for: its key, or else the address it comes from.

IPv6 addresses count by their /64, because one customer gets a /64; one by one they would be no limit. An IPv4 address in IPv6's
form counts as IPv4.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"  # all calls without an address, such as from a Unix socket without a trusted proxy, share this


@lru_cache(maxsize=4096)
def ident_of_address(address: str) -> str:
    """The identity for an address: 203.0.113.7, or 2001:db8:0:1::/64."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ip_network((read, 64), strict=False))


def ident_of_key(number: int) -> str:
    """The identity for the key of this row."""
    return f"key {number}"
