"""Clients that purge caches in front of the server: Varnish, Fastly and Cloudflare, each with its own API.

Promises: keys go in batches of the size that each cache takes. Only a confirmation counts as success; a redirect, a refusal and a
timeout are failures. An error names the cache's host and never the token. The token is sent in a header, unencrypted only to this
machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from launchledger.cdn.follower import PurgeFailed

PATIENCE = 10.0  # seconds to wait for a response
LONGEST_ANSWER = 65_536  # bytes that are read of a response

HeadersAndBody = tuple[dict[str, str], bytes | None]


@dataclass(frozen=True, slots=True)
class PurgeApi:
    """How one kind of cache is purged.

    `header` is where it reads a reply's keys, `most` how many keys it takes at once, `request` builds the headers and body that
    name keys, `token` is the header for the token, with the format of its value.
    """

    header: str
    most: int
    method: str
    request: Callable[[Sequence[str]], HeadersAndBody]
    token: tuple[str, str] | None = None


def _in_a_header(keys: Sequence[str]) -> HeadersAndBody:
    return {"Surrogate-Key": " ".join(keys), "Content-Length": "0"}, None


def _in_json(keys: Sequence[str]) -> HeadersAndBody:
    return {"Content-Type": "application/json"}, json.dumps({"tags": list(keys)}).encode()


# Varnish takes 8 kB in a header, and makes one pattern of all keys where it has no xkey. Fastly takes 256 keys at once, and
# Cloudflare 100 on every plan.
PURGE_APIS = {
    "varnish": PurgeApi("Surrogate-Key", 200, "PURGE", _in_a_header),
    "fastly": PurgeApi("Surrogate-Key", 256, "POST", _in_a_header, ("Fastly-Key", "{}")),
    "cloudflare": PurgeApi("Cache-Tag", 100, "POST", _in_json, ("Authorization", "Bearer {}")),
}


class _NoRedirects(HTTPRedirectHandler):
    """Follow no redirect: it would become a GET, which purges nothing and is answered with 200."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Cache:
    """One cache in front. Raises ValueError for an invalid address or token."""

    def __init__(self, kind: str, url: str, token: str = "") -> None:
        self._api = PURGE_APIS[kind]
        self._url = url
        self._host = check_address(url, with_token=self._api.token is not None)
        self._opener = build_opener(_NoRedirects)
        self._token_header: dict[str, str] = {}
        if self._api.token:
            if not token:
                raise ValueError(f"{kind} requires a token.")
            name, form = self._api.token
            self._token_header = {name: form.format(token)}

    def purge(self, keys: Collection[str]) -> None:
        """Purge every reply that has one of these keys, or raise PurgeFailed. Keys without a reply are fine."""
        all_keys = list(keys)
        for start in range(0, len(all_keys), self._api.most):
            self._send(all_keys[start : start + self._api.most])

    def _send(self, keys: Sequence[str]) -> None:
        headers, body = self._api.request(keys)
        # `check_address` made sure that it begins with http:// or https://.
        request = Request(self._url, body, {**headers, **self._token_header}, method=self._api.method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=PATIENCE) as response:
                answer = response.read(LONGEST_ANSWER)
        except HTTPError as error:
            error.close()
            raise PurgeFailed(f"{self._host} answered {error.code} {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise PurgeFailed(f"{self._host}: {getattr(error, 'reason', None) or str(error) or type(error).__name__}") from None
        if _reports_failure(answer):
            raise PurgeFailed(f"{self._host} answered that the purge failed")


def check_address(url: str, *, with_token: bool) -> str:
    """Check a cache's address, and return its host. Raises ValueError with the reason, without showing the address."""
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
    if with_token and parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("Begins with http://, so that everyone on the way could read the token; use https://.")
    return host


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _reports_failure(answer: bytes) -> bool:
    """Cloudflare may answer 200 and report a failure in the body."""
    try:
        body = json.loads(answer)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("success") is False
