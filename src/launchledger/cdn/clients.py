"""How caches in front of the server are purged: Varnish, Fastly and Cloudflare, each in its own form.

Promises: keys go in batches that each of them takes. Only a clear yes is one; a redirect, a refusal and silence are failures.
What is raised names the cache's host and never the token, which travels in a header, and never readable beyond this machine.
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

from launchledger.cdn.follower import Failed

PATIENCE = 10.0  # seconds for an answer
LONGEST_ANSWER = 65_536  # bytes that are read of it

Said = tuple[dict[str, str], bytes | None]


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of cache is told.

    `header` is the one in which it reads a reply's keys, `most` are the keys that it takes at once, `say` gives the headers and
    the body that name keys, `token` the header that shows who asks, and how.
    """

    header: str
    most: int
    method: str
    say: Callable[[Sequence[str]], Said]
    token: tuple[str, str] | None = None


def _in_a_header(keys: Sequence[str]) -> Said:
    return {"Surrogate-Key": " ".join(keys), "Content-Length": "0"}, None


def _in_json(keys: Sequence[str]) -> Said:
    return {"Content-Type": "application/json"}, json.dumps({"tags": list(keys)}).encode()


# Varnish takes 8 kB in a header, and makes one pattern of all keys where it has no xkey. Fastly takes 256 keys at once, and
# Cloudflare 100 on every plan.
FORMS = {
    "varnish": Form("Surrogate-Key", 200, "PURGE", _in_a_header),
    "fastly": Form("Surrogate-Key", 256, "POST", _in_a_header, ("Fastly-Key", "{}")),
    "cloudflare": Form("Cache-Tag", 100, "POST", _in_json, ("Authorization", "Bearer {}")),
}


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would become a GET, which purges nothing and is answered with 200."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Cache:
    """One cache in front. ValueError says what is wrong with its address or token."""

    def __init__(self, kind: str, url: str, token: str = "") -> None:
        self._form = FORMS[kind]
        self._url = url
        self._host = check_address(url, with_token=self._form.token is not None)
        self._opener = build_opener(_NoRedirects)
        self._shown: dict[str, str] = {}
        if self._form.token:
            if not token:
                raise ValueError(f"{kind} requires a token.")
            name, form = self._form.token
            self._shown = {name: form.format(token)}

    def purge(self, keys: Collection[str]) -> None:
        """Purge every reply that has one of these keys; Failed says why not. Keys of no reply are no error."""
        some = list(keys)
        for start in range(0, len(some), self._form.most):
            self._ask(some[start : start + self._form.most])

    def _ask(self, keys: Sequence[str]) -> None:
        headers, body = self._form.say(keys)
        # The address was looked at: it begins with http:// or https://.
        request = Request(self._url, body, {**headers, **self._shown}, method=self._form.method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=PATIENCE) as response:
                answer = response.read(LONGEST_ANSWER)
        except HTTPError as error:
            error.close()
            raise Failed(f"{self._host} answers {error.code} {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise Failed(f"{self._host}: {getattr(error, 'reason', None) or str(error) or type(error).__name__}") from None
        if _says_no(answer):
            raise Failed(f"{self._host} answers that it failed")


def check_address(url: str, *, with_token: bool) -> str:
    """Look at a cache's address, and give the host it names; ValueError says what is wrong with it, without showing it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("Is no address.") from None
    is_whole = parts.scheme in ("http", "https") and port != 0
    if not is_whole or not host or not all("!" <= each <= "~" for each in url):
        raise ValueError("Is no address such as http://127.0.0.1:6081/.")
    if "@" in parts.netloc:
        raise ValueError("Holds a user or a password, which everyone on this machine would see.")
    if with_token and parts.scheme == "http" and not _is_here(host):
        raise ValueError("Begins with http://, so that everyone on the way could read the token.")
    return host


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _says_no(answer: bytes) -> bool:
    """Cloudflare may say 200 and mean no."""
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("success") is False
