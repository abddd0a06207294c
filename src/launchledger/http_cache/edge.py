"""The outermost layer: WSGI in front of Django, which answers what was asked before from memory.

Promises: a reply that comes from here has the bytes and the headers of the one that Django gave to the same request in the same
state of the catalogue, with `ETag`, `Cache-Control` and a coding added, and where it is wished the keys of what it is made of.
It is not given to who asks more than `revision.EVERY` seconds after a commit, nor past the moment until which it holds. Requests
with a key, methods other than GET and HEAD, addresses other than the API's, and replies that are no complete 200 or vary by what
the key does not hold pass untouched.

Hosts are checked by Django: a reply is kept under the host that it was asked for, so a host that is refused never has one.
Throttling: a call is counted before any work is done for it. One that must wait goes on to Django, which says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, nullcontext
from time import time
from typing import Any, NamedTuple, Protocol, cast

from django.db import Error

from launchledger.catalogue.queries.limits import was_stopped
from launchledger.conf.ages import MaxAges
from launchledger.documents.dependencies import tracking
from launchledger.documents.freshness import recording
from launchledger.formats.texts import shorten
from launchledger.http_cache.compression import choose
from launchledger.http_cache.max_age import lifetime
from launchledger.http_cache.reply import Header, Made, Reply, is_known
from launchledger.http_cache.responses import Asked, Responses
from launchledger.http_cache.revision import Revision
from launchledger.http_cache.surrogate_keys import headers_for
from launchledger.wire.served import WIRES

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LONGEST = 4096  # characters of a key, all its parts together; the longest that a real client was seen to send has some 300

# A reply that says one of these knows better than we how it may be kept, or is for one client.
_ITS_OWN = {"cache-control", "content-encoding", "etag", "set-cookie"}
_KEY_HOLDS = {"accept", "accept-encoding"}

_logger = logging.getLogger("launchledger.edge")


class FastPath(Protocol):
    """A way to a reply that is shorter than Django's: a 200, or None for what it leaves to Django.

    It is asked for what is not kept, and must refuse the hosts that Django would refuse.
    """

    def __call__(self, asked: Asked, /) -> Made | None: ...


class _Told(NamedTuple):
    """What Django told `start_response`."""

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
        see_the_client: Callable[[Environ], None] | None = None,
        may_call: Callable[[Environ], bool] | None = None,
        fast_path: FastPath | None = None,
        alike: Mapping[str, Callable[[str], str]] | None = None,
        surrogate_keys: tuple[str, ...] = (),
    ) -> None:
        """`application` is Django's: it has called `start_response` when it returns.

        `see_the_client` changes the environment of every request to what it would be without proxies, with the prefix of its path
        in SCRIPT_NAME. `may_call` counts a call, notes in the environment that it did, and gives whether it may go through. Both
        are None where there is nothing to do. `alike` gives, by path, what makes one reply differ from another in a query of
        which the rest changes nothing. `surrogate_keys` are the headers that name what a reply is made of.
        """
        self._application = application
        self._responses = responses
        self._revision = revision
        self._max_ages = max_ages
        self._see_the_client = see_the_client
        self._may_call = may_call
        self._fast_path = fast_path
        self._alike = alike or {}
        self._surrogate_keys = surrogate_keys
        self._roots = tuple(wire.root for wire in WIRES.values())

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # What is kept costs as little as what stands in this function: keep it short, and measure before and after a change.
        if self._see_the_client is not None:
            self._see_the_client(environ)
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"]
        if not path.startswith(self._roots) or (method != "GET" and method != "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return self._application(environ, start_response)
        revision = self._revision.now()
        if not revision:
            return self._application(environ, start_response)
        query = environ["QUERY_STRING"]
        if path in self._alike:
            query = self._alike[path](query)
        host, prefix = environ.get("HTTP_HOST"), environ["SCRIPT_NAME"]
        key = (environ["wsgi.url_scheme"], host, path, query, environ.get("HTTP_ACCEPT"), prefix)
        if self._may_call is not None and not self._may_call(environ):
            return self._application(environ, start_response)
        reply = self._responses.get(key, revision)
        if reply is None or (reply.until is not None and not reply.since <= time() < reply.until):
            return self._make(environ, start_response, key, revision)
        return self._send(environ, start_response, key, reply)

    def _send(self, environ: Environ, start_response: StartResponse, key: Any, reply: Reply) -> Iterable[bytes]:
        choice = choose(environ.get("HTTP_ACCEPT_ENCODING", ""))
        form = reply.forms.get(choice)
        if form is None:
            form = reply.in_coding(choice)
            self._responses.add_form(key, reply, choice, form)
        cache_control = reply.cache_control if reply.until is None else reply.cache_control_at(time())
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and is_known(form.etag, known):
            start_response("304 Not Modified", [*form.unchanged, cache_control])
            return []
        start_response("200 OK", [*form.headers, cache_control])
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _make(self, environ: Environ, start_response: StartResponse, key: Any, revision: int) -> Iterable[bytes]:
        """Make a reply anew, and keep it under the revision that was there before."""
        asked = Asked(*key)
        if asked.host is None or sum(map(len, filter(None, asked))) > LONGEST:
            return self._application(environ, start_response)
        since = time()
        with recording() as hold, tracking() if self._surrogate_keys else nullcontext() as dependencies:
            made, failed = self._ask_fast_path(asked)
            if made is None:
                told, content = self._ask(environ)
                if failed is not None and not told.status.startswith("5"):  # else Django has logged it
                    _logger.error("The fast path failed, and Django answered: %s", shorten(asked.path), exc_info=failed)
                if not _is_to_keep(told):
                    return _pass_on(told, content, environ, start_response)
                with closing(content):
                    made = Made(told.headers, b"".join(content))
        surrogates = headers_for(self._surrogate_keys, dependencies) if dependencies else ()
        reply = Reply(made, lifetime(asked.path, self._max_ages), since, hold.until, surrogates)
        self._responses.put(key, reply, revision)
        return self._send(environ, start_response, key, reply)

    def _ask_fast_path(self, asked: Asked) -> tuple[Made | None, Exception | None]:
        """The fast path's reply, or what it failed with. Django is then asked, and answers or says what is wrong.

        Where the database went away, Django connects anew. What was stopped for its cost is not begun once more.
        """
        try:
            return (self._fast_path(asked) if self._fast_path is not None else None), None
        except Error as error:
            if was_stopped(error):
                raise
            return None, None
        except Exception as error:
            return None, error

    def _ask(self, environ: Environ) -> tuple[_Told, Any]:
        """Django's reply. To HEAD it is that to GET, because it may be kept for both."""
        told: list[_Told] = []

        def start_response(status: str, headers: list[Header], _exc_info: Any = None) -> None:
            told[:] = [_Told(status, headers)]

        content = self._application({**environ, "REQUEST_METHOD": "GET"}, start_response)
        return told[0], content


def _pass_on(told: _Told, content: Any, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response(told.status, told.headers)
    if environ["REQUEST_METHOD"] == "GET":
        return cast(Iterable[bytes], content)
    content.close()
    return []


def _is_to_keep(told: _Told) -> bool:
    """Whether it is a 200 that is complete (a stream tells no length), for everyone, and depends on nothing but its key."""
    headers = {name.lower(): value for name, value in told.headers}
    varies_by = {name.strip().lower() for name in headers.get("vary", "accept").split(",")}
    is_complete = told.status.startswith("200 ") and "content-length" in headers
    return is_complete and varies_by <= _KEY_HOLDS and not _ITS_OWN & headers.keys()
