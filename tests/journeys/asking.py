"""Sending requests as browsers do: on a connection that stays open, compressed or not, with the ETag of a cached reply."""

from __future__ import annotations

import gzip
from http.client import HTTPConnection
from types import TracebackType

import brotli

from tests.support.beside import HOST, Reply

CODINGS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Asker:
    """One connection to one server. It caches replies, revalidates them with their ETag, and reuses them after a 304."""

    def __init__(self, server: str) -> None:
        self.connection = HTTPConnection(server.removeprefix("http://"), timeout=20)
        self.unchanged = 0  # answers without a body
        self._known: dict[tuple[str, str], tuple[str, bytes]] = {}

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.connection.close()

    def ask(self, address: str, coding: str = "identity") -> Reply:
        """The decompressed reply; for a 304 the cached one, as a 200."""
        headers = {"Host": HOST, "Accept-Encoding": coding}
        known = self._known.get((address, coding))
        if known:
            headers["If-None-Match"] = known[0]
        self.connection.request("GET", address, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        if response.status == 304:
            assert known is not None, "nothing was known"
            assert response.headers["ETag"] == known[0]
            self.unchanged += 1
            return Reply(200, known[1])
        body = CODINGS[response.headers.get("Content-Encoding", "identity")](body)
        if etag := response.headers["ETag"]:
            self._known[address, coding] = etag, body
        return Reply(response.status, body)
