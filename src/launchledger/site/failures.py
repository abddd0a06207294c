"""The outermost layer: it catches what any other layer raises.

Promises: no exception reaches the HTTP server. A failure before the first byte of the body gets a reply of `http_cache.failures`,
also where another status had been announced already; a failure in the middle of a body cuts the reply short, which clients see by
its length. Each failure is logged once, with its traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from launchledger.formats.texts import shorten
from launchledger.http_cache.edge import Application, Environ, StartResponse
from launchledger.http_cache.failures import UNEXPECTED, failure_of

_logger = logging.getLogger("launchledger.failures")


class Guarded:
    """A WSGI application that answers even if the one inside it fails."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            content = self._application(environ, start_response)
            # A list is complete, as every cached reply is: reading it cannot fail.
            return content if type(content) is list else _StartedBody(content, environ)
        except Exception as error:
            failure = failure_of(error)
            _log(environ, error)
            start_response(failure.status, list(failure.headers), (type(error), error, error.__traceback__))
            return [failure.body] if environ.get("REQUEST_METHOD") != "HEAD" else []


class _StartedBody:
    """A body whose first part was read: a later failure cannot change the status any more."""

    def __init__(self, content: Iterable[bytes], environ: Environ) -> None:
        self._environ = environ
        self._close = getattr(content, "close", None)
        try:
            self._rest = filter(None, content)
            self._first = next(self._rest, None)
        except Exception:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        if first is not None:
            return first
        try:
            return next(self._rest)
        except StopIteration:
            raise
        except Exception as error:
            _log(self._environ, error)
            self._rest = filter(None, ())
            raise StopIteration from None

    def close(self) -> None:
        try:
            if self._close is not None:
                self._close()
        except Exception as error:
            _log(self._environ, error)


def _log(environ: Environ, error: Exception) -> None:
    """Log the method and the path, and for an unexpected failure its traceback."""
    failure = failure_of(error)
    if failure.is_logged:
        return
    request = f"{environ.get('REQUEST_METHOD', '')} {shorten(environ.get('PATH_INFO', ''))}"
    traceback: Any = error if failure is UNEXPECTED else None
    _logger.error("%s failed: %s", request, type(error).__name__, exc_info=traceback)
