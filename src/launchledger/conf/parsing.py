"""Reading the values of settings from text. Each parser raises a ValueError that says what the value must be.

Promise: no error repeats a URL or a token, because it may hold a password.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeVar
from urllib.parse import urlsplit

import dj_database_url

LONGEST_NAME = 63  # characters of the name of a PostgreSQL database

_NOT_A_URL = "Is not a valid URL; write / and @ in a password as %2F and %40."
_NOT_A_WEB_ADDRESS = "Is not a web address such as https://ledger.example, without user, query and fragment."
_DATABASES = ("sqlite://", "postgres://", "postgresql://")
_CACHES = "redis://HOST:PORT/NUMBER, rediss://HOST:PORT/NUMBER, unix://SOCKET, sqlite:///FILE"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_Value = TypeVar("_Value")
Parse = Callable[[str], _Value]
Networks = tuple[IPv4Network | IPv6Network, ...]


def one_of(*choices: str) -> Parse[str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"Must be one of: {', '.join(choices)}.")
        return text

    return parse


def parse_yes_or_no(text: str) -> bool:
    return one_of("yes", "no", "true", "false")(text) in ("yes", "true")


def parse_on_or_off(text: str) -> bool:
    return one_of("on", "off")(text) == "on"


def whole_number(least: int, most: int) -> Parse[int]:
    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"Must be a whole number from {least} to {most}.")
        return int(text)

    return parse


def parse_span(text: str) -> timedelta:
    """A span of time: a number and a unit."""
    found = re.fullmatch("([0-9]{1,6})([smhd])", text)
    if not found or not int(found[1]):
        raise ValueError("Is not a span of time such as 90m, 6h or 2d; the units are s, m, h and d.")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def optional(parse: Parse[_Value]) -> Parse[_Value | None]:
    """The same parser, but None for an empty text."""
    return lambda text: parse(text) if text else None


def parse_token(text: str) -> str:
    if not re.fullmatch("[!-~]*", text):
        raise ValueError("Must consist of visible ASCII characters.")
    return text


def parse_contact(text: str) -> str:
    """A mail address or a web address, as part of a header; an empty text is returned as it is."""
    if text and not re.fullmatch(r"https?://[!-'*-~]{1,200}|[!-'*-~]{1,100}@[!-'*-~]{1,100}", text):
        raise ValueError("Is not a mail address or a web address, in ASCII and without parentheses.")
    return text


def parse_public_url(text: str) -> str:
    """A web address without a slash at its end; an empty text is returned as it is."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and re.fullmatch("[!-~]{1,200}", text)
    except ValueError:
        raise ValueError(_NOT_A_WEB_ADDRESS) from None
    if text and (not whole or "@" in parts.netloc or parts.query or parts.fragment):
        raise ValueError(_NOT_A_WEB_ADDRESS)
    return text.rstrip("/")


def parse_networks(text: str) -> Networks:
    """Addresses and networks, separated by commas; an address is a network of one."""
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            network = ip_network(part)
        except ValueError:
            raise ValueError(f"{part} is not an address or a network such as 10.0.0.0/8.") from None
        if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped and network.prefixlen >= 96:
            # The server reads addresses of this form as the IPv4 addresses in them, so such a network would match nothing.
            suggestion = f"{network.network_address.ipv4_mapped}/{network.prefixlen - 96}"
            raise ValueError(f"{part} matches nothing: write {suggestion}.")
        found.append(network)
    return tuple(found)


def parse_cache_url(url: str) -> str:
    """The URL itself; an empty text is returned as it is."""
    try:
        parts = urlsplit(url)
        complete = parts.path.strip("/") if parts.scheme in ("sqlite", "unix") else parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(_NOT_A_URL) from None
    if url and (parts.scheme not in ("redis", "rediss", "unix", "sqlite") or not complete):
        raise ValueError(f"Must have one of the forms {_CACHES}.")
    return url


def parse_database_url(url: str) -> str:
    """The URL itself, if it names a file or a database."""
    if not url.startswith(_DATABASES):
        raise ValueError(f"Must begin with one of {', '.join(_DATABASES)}.")
    try:
        name = str(dj_database_url.parse(url)["NAME"] or "")
    except ValueError:
        raise ValueError(_NOT_A_URL) from None
    is_sqlite = url.startswith("sqlite")
    if not name.strip("/") or (name == ":memory:" and name not in url):
        raise ValueError(f"Must name a {'file: sqlite:///FILE' if is_sqlite else 'database: postgres://HOST/NAME'}.")
    if not is_sqlite and len(name) > LONGEST_NAME:
        raise ValueError(f"Names a database with more than {LONGEST_NAME} characters; PostgreSQL allows no more.")
    return url
