"""The cache of complete replies: WSGI in front of Django, which answers repeated requests from memory.

Promises: a cached reply has the bytes and the headers that Django gave to the same request in the same state of the catalogue,
with `ETag`, `Cache-Control`, a coding and, where they are configured, surrogate keys added. It is never sent to a request that
comes more than `revision.EVERY` seconds after a commit, nor after it expired. Passed on uncached: requests with an API key,
methods other than GET and HEAD, addresses outside the API, the ledger and the pages, and replies that are not a complete 200 or
vary by something that the cache key does not contain.

Django checks hosts: the cache key contains the host, so a refused host never has a cached reply.
Throttling: a call is counted before any work is done for it. One that must wait goes on to Django, which answers 429.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, nullcontext
from typing import Any, NamedTuple, Protocol, cast

from django.db import Error

from launchledger import clock
from launchledger.catalogue.queries.limits import was_stopped
from launchledger.conf.ages import MaxAges
from launchledger.conf.prefixes import LEDGER, PAGES
from launchledger.documents.dependencies import tracking
from launchledger.documents.freshness import recording
from launchledger.formats.texts import shorten
from launchledger.http_cache.compression import choose
from launchledger.http_cache.max_age import lifetime
from launchledger.http_cache.reply import Header, RawReply, Reply, etag_matches
from launchledger.http_cache.responses import RequestKey, Responses
from launchledger.http_cache.revision import Revision
from launchledger.http_cache.surrogate_keys import headers_for
from launchledger.wire.served import WIRES

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LONGEST = 4096  # characters of a cache key, all its parts together; the longest seen of a real client has some 300

# A reply with one of these decides itself how it may be cached, or is for one client.
_CACHING_HEADERS = {"cache-control", "content-encoding", "etag", "set-cookie"}
_IN_KEY = {"accept", "accept-encoding"}

_logger = logging.getLogger("launchledger.edge")


class FastPath(Protocol):
    """A way to a reply without Django: a 200, or None to leave the request to Django.

    It is called for requests without a cached reply, and must leave to Django the hosts that Django refuses.
    """

    def __call__(self, request: RequestKey, /) -> RawReply | None: ...


class _DjangoReply(NamedTuple):
    """The status and headers that Django gave to `start_response`."""

    status: str
    headers: list[Header]


class Edge:
    def __init__(
        self,
        application: Application,
        responses: Responses,
        revision: Revision,
        max_ages: MaxAges,
        *,
        apply_proxy_headers: Callable[[Environ], None] | None = None,
        may_call: Callable[[Environ], bool] | None = None,
        fast_path: FastPath | None = None,
        query_normalizers: Mapping[str, Callable[[str], str]] | None = None,
        surrogate_keys: tuple[str, ...] = (),
    ) -> None:
        """`application` is Django's: it has called `start_response` when it returns.

        `apply_proxy_headers` changes the environment of every request to what it would be without proxies, with the prefix of its
        path in SCRIPT_NAME. `may_call` counts a call, marks in the environment that it did, and returns whether the call may go
        through. Both are None where there is nothing to do. `query_normalizers` reduce, by path, a query to the part that the
        reply depends on. `surrogate_keys` are the headers that carry the keys of a reply.
        """
        self._application = application
        self._responses = responses
        self._revision = revision
        self._max_ages = max_ages
        self._apply_proxy_headers = apply_proxy_headers
        self._may_call = may_call
        self._fast_path = fast_path
        self._query_normalizers = query_normalizers or {}
        self._surrogate_keys = surrogate_keys
        self._roots = (*(wire.root for wire in WIRES.values()), LEDGER, *PAGES)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # A cached reply costs no more than this function: keep it short, and measure before and after a change.
        if self._apply_proxy_headers is not None:
            self._apply_proxy_headers(environ)
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"]
        is_cached = path.startswith(self._roots) or path == "/"
        if not is_cached or (method != "GET" and method != "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return self._application(environ, start_response)
        revision = self._revision.now()
        if not revision:
            return self._application(environ, start_response)
        query = environ["QUERY_STRING"]
        if path in self._query_normalizers:
            query = self._query_normalizers[path](query)
        host, prefix = environ.get("HTTP_HOST"), environ["SCRIPT_NAME"]
        key = (environ["wsgi.url_scheme"], host, path, query, environ.get("HTTP_ACCEPT"), prefix)
        if self._may_call is not None and not self._may_call(environ):
            return self._application(environ, start_response)
        reply = self._responses.get(key, revision)
        if reply is None or (reply.until is not None and not reply.since <= clock.timestamp() < reply.until):
            return self._compute(environ, start_response, key, revision)
        return self._send(environ, start_response, key, reply)

    def _send(self, environ: Environ, start_response: StartResponse, key: Any, reply: Reply) -> Iterable[bytes]:
        choice = choose(environ.get("HTTP_ACCEPT_ENCODING", ""))
        form = reply.forms.get(choice)
        if form is None:
            form = reply.in_coding(choice)
            self._responses.add_form(key, reply, choice, form)
        cache_control = reply.cache_control if reply.until is None else reply.cache_control_at(clock.timestamp())
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and etag_matches(form.etag, known):
            start_response("304 Not Modified", [*form.unchanged, cache_control])
            return []
        start_response("200 OK", [*form.headers, cache_control])
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _compute(self, environ: Environ, start_response: StartResponse, key: Any, revision: int) -> Iterable[bytes]:
        """Compute a reply, and cache it under the revision from before."""
        request = RequestKey(*key)
        if request.host is None or sum(map(len, filter(None, request))) > LONGEST:
            return self._application(environ, start_response)
        since = clock.timestamp()
        with recording() as freshness, tracking() if self._surrogate_keys else nullcontext() as dependencies:
            raw, failed = self._call_fast_path(request)
            if raw is None:
                answer, content = self._call_django(environ)
                if failed is not None and not answer.status.startswith("5"):  # else Django has logged it
                    _logger.error("The fast path failed, and Django answered: %s", shorten(request.path), exc_info=failed)
                if not _is_cacheable(answer):
                    return _pass_on(answer, content, environ, start_response)
                with closing(content):
                    raw = RawReply(answer.headers, b"".join(content))
        surrogates = headers_for(self._surrogate_keys, dependencies) if dependencies else ()
        reply = Reply(raw, lifetime(request.path, self._max_ages), since, freshness.until, surrogates)
        self._responses.put(key, reply, revision)
        return self._send(environ, start_response, key, reply)

    def _call_fast_path(self, request: RequestKey) -> tuple[RawReply | None, Exception | None]:
        """The fast path's reply, or the exception that it failed with; Django then answers.

        Where the database went away, Django reconnects. A query that was stopped for its time is not run again.
        """
        try:
            return (self._fast_path(request) if self._fast_path is not None else None), None
        except Error as error:
            if was_stopped(error):
                raise
            return None, None
        except Exception as error:
            return None, error

    def _call_django(self, environ: Environ) -> tuple[_DjangoReply, Any]:
        """Django's reply to GET, also where the request is a HEAD: it may be cached for both."""
        reply: list[_DjangoReply] = []

        def start_response(status: str, headers: list[Header], _exc_info: Any = None) -> None:
            reply[:] = [_DjangoReply(status, headers)]

        content = self._application({**environ, "REQUEST_METHOD": "GET"}, start_response)
        return reply[0], content


def _pass_on(reply: _DjangoReply, content: Any, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response(reply.status, reply.headers)
    if environ["REQUEST_METHOD"] == "GET":
        return cast(Iterable[bytes], content)
    content.close()
    return []


def _is_cacheable(reply: _DjangoReply) -> bool:
    """Whether the reply is a complete 200 (a stream has no length), for everyone, and depends only on its cache key."""
    headers = {name.lower(): value for name, value in reply.headers}
    varies_by = {name.strip().lower() for name in headers.get("vary", "accept").split(",")}
    is_complete = reply.status.startswith("200 ") and "content-length" in headers
    return is_complete and varies_by <= _IN_KEY and not _CACHING_HEADERS & headers.keys()
