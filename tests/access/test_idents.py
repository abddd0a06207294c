"""The identity that a call counts for."""

from __future__ import annotations

import pytest

from launchledger.access.idents import ident_of_address


@pytest.mark.parametrize(
    ("address", "ident"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("2001:DB8:0:1:ffff::", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("203.0.113.007", "unknown"),
        ("203.0.113.7:80", "unknown"),
    ],
)
def test_an_address_gives_an_identity(address: str, ident: str) -> None:
    """IPv4 counts by its address in any form, IPv6 by its /64, and all invalid addresses share one identity."""
    assert ident_of_address(address) == ident
