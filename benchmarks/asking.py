"""Sends a server one request at a time, and compares the replies of two servers."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

HOST = "launchledger.example"  # one name for every server, so that URLs in replies are the same


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def plain(self) -> bytes:
        """The body without its compression."""
        match self.headers.get("content-encoding", ""):
            case "gzip":
                return gzip.decompress(self.body)
            case "br":
                import brotli

                plain: bytes = brotli.decompress(self.body)
                return plain
            case "zstd":
                from backports import zstd

                return zstd.decompress(self.body)
        return self.body


@dataclass(frozen=True, slots=True)
class Question:
    """One request of a comparison: a path, and headers in addition to Host."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """Two sides do different work, or one of them failed: there is no comparison. The text says where."""


def ask(port: int, question: Question) -> Reply:
    return ask_all(port, [question])[0]


def ask_all(port: int, questions: Iterable[Question]) -> list[Reply]:
    """The replies over one connection, which is reopened if the server closes it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return [_ask(connection, question) for question in questions]
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, question: Question) -> Reply:
    connection.request("GET", question.path, headers={"Host": HOST, **question.headers})
    response = connection.getresponse()
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def check_same(
    a: Sequence[Reply], b: Sequence[Reply], questions: Sequence[Question], *, bytewise: bool, status: int = 200
) -> None:
    """Raise Refused unless every pair has the status and equal bodies: the same bytes, or JSON with the same keys in order."""
    for question, one, other in zip(questions, a, b, strict=True):
        if (one.status, other.status) != (status, status):
            raise Refused(f"{question.path}: status {one.status} and {other.status}, not {status}")
        if one.plain != other.plain and (bytewise or _in_order(question, one) != _in_order(question, other)):
            raise Refused(f"{question.path}: the replies differ ({_first_difference(one.plain, other.plain)})")


def _in_order(question: Question, reply: Reply) -> Any:
    """The JSON of a reply as pairs, so that the order of keys counts."""
    try:
        return json.loads(reply.plain, object_pairs_hook=list)
    except ValueError as error:
        raise Refused(f"{question.path}: a reply is not JSON: {reply.plain[:60]!r}") from error


def _first_difference(one: bytes, other: bytes) -> str:
    place = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
    begin = max(0, place - 20)
    return f"{len(one):,} and {len(other):,} bytes; at {place:,}: {one[begin : place + 20]!r} and {other[begin : place + 20]!r}"
