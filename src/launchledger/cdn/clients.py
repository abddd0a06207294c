"""Clients that purge caches in front of the server: Varnish, Fastly and Cloudflare, each with its own API.

Promises: keys go in batches of the size that each cache takes. Only a confirmation counts as success; a redirect, a refusal and a
timeout are failures. An error names the cache's host and never the token. The token is sent in a header, unencrypted only to this
machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from launchledger.cdn.follower import PurgeFailed
from launchledger.web.addresses import check_url
from launchledger.web.client import Bounds, Client, RequestFailed

PATIENCE = 10.0  # seconds to wait for a whole response
LONGEST_ANSWER = 65_536  # bytes

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


class Cache:
    """One cache in front. Raises ValueError for an invalid address or token."""

    def __init__(self, kind: str, url: str, token: str = "") -> None:
        self._api = PURGE_APIS[kind]
        self._url = url
        self._host = check_url(url, with_token=self._api.token is not None)
        # No redirects: one would become a GET, which purges nothing and is answered with 200.
        self._client = Client(Bounds(LONGEST_ANSWER, connect=PATIENCE, read=PATIENCE, whole=PATIENCE))
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
        try:
            reply = self._client.request(self._api.method, self._url, {**headers, **self._token_header}, body)
        except RequestFailed as failure:
            raise PurgeFailed(str(failure)) from None
        if not 200 <= reply.status < 300:
            raise PurgeFailed(f"{self._host} answered {reply.title}")
        if _reports_failure(reply.body):
            raise PurgeFailed(f"{self._host} answered that the purge failed")


def _reports_failure(answer: bytes) -> bool:
    """Cloudflare may answer 200 and report a failure in the body."""
    try:
        body = json.loads(answer)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("success") is False
