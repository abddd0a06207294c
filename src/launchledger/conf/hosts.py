"""Host names: which texts are valid, which of them the server answers to, and what to write instead of one that matches nothing.

Promises: a name may contain underscores, because container networks use them, although no name on the internet has them.
`parse_hosts` refuses a value that no client could send, and says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from django.http.request import validate_host

ANY = "*"

_HOST = re.compile(r"([a-z0-9._-]+|\[[a-f0-9]*:[a-f0-9:.]+\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.ASCII | re.IGNORECASE)


def host_name(host: str) -> str:
    """The name in a `Host` header, without a port, in lower case; empty if it is not a valid host."""
    found = _HOST.fullmatch(host)
    return found[1].lower().removesuffix(".") if found else ""


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether the server answers to a `Host` header, by names, `.example.org` for all names below one too, or `*` for any."""
    name = host_name(host)
    return bool(name) and validate_host(name, allowed)


def parse_hosts(text: str) -> tuple[str, ...]:
    """Read host names separated by commas; the ValueError names each that no client could send, and what to write instead."""
    hosts = [host for part in text.split(",") if (host := part.strip())]
    if not hosts:
        raise ValueError("Names no host.")
    wrong = [f"{host!r} matches nothing{_suggestion(host)}." for host in hosts if not _can_match(host)]
    if wrong:
        raise ValueError(" ".join(wrong))
    return tuple(hosts)


def _can_match(host: str) -> bool:
    return host == ANY or _NAME.fullmatch(host) is not None or _in_brackets(host[1:-1]) == host.lower()


def _suggestion(host: str) -> str:
    """Advice for a value that is not a host name: what to write instead."""
    if re.search(r"[\s;]", host):
        return " (separate names by commas)"
    with_slashes = host if "//" in host else f"//{host}"
    try:
        bare = (urlsplit(with_slashes).netloc or host).rpartition("@")[2]
    except ValueError:
        bare = host
    candidates = (
        _in_brackets(host.strip("[]")),
        _in_brackets(bare.rpartition("]")[0].strip("[]")),
        _ascii(re.sub(r":\d*$", "", bare).removeprefix(ANY).removesuffix(".")),
    )
    better = next((each for each in candidates if each and _can_match(each)), None)
    return f": write {better}" if better else " (write a name without scheme, port or path, such as ledger.example)"


def _in_brackets(address: str) -> str:
    """An IPv6 address as browsers write it in `Host`; empty if the text is not one."""
    try:
        return f"[{IPv6Address(address)}]"
    except ValueError:
        return ""


def _ascii(name: str) -> str:
    """A name as it is sent: letters beyond ASCII in Punycode."""
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
