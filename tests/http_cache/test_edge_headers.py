"""What the cache adds to a reply: ETag and 304, max-age, a coding; and to which replies."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest

from launchledger.conf.ages import MaxAges
from launchledger.http_cache.edge import Edge
from launchledger.http_cache.reply import RawReply
from launchledger.http_cache.responses import RequestKey, Responses
from launchledger.http_cache.revision import Revision
from tests.support.observed import NOW, record, tell
from tests.support.wsgi import Served, ask

PAD = "/2.2.0/pad/1/"
JSON = "application/json"


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_a_client_that_has_the_reply_gets_a_304(served: Served, coding: str) -> None:
    """304 with the headers that a cache updates, in each coding, from the cache and computed again after a change."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(10)))
    headers = {"accept-encoding": coding}
    there = served.ask("/2.2.0/pad/", headers=headers)
    tag = there.headers["etag"]
    for known in (tag, f"W/{tag}", f'"a", {tag} , W/"b"', "*"):
        answer = served.ask("/2.2.0/pad/", headers={**headers, "if-none-match": known})
        assert (answer.status, answer.body) == (304, b"")
        kept = {name: there.headers[name] for name in ("etag", "vary", "cache-control", "access-control-allow-origin")}
        assert kept.items() <= answer.headers.items()
        assert not {"content-type", "content-length", "content-encoding"} & answer.headers.keys()
    for unknown in ('"a"', tag[:-1], tag.strip('"'), "", f'"{tag.strip(chr(34))}x"'):
        assert served.ask("/2.2.0/pad/", headers={**headers, "if-none-match": unknown}).status == 200
    tell(record("Pad", 1, name="Another"), at=NOW + timedelta(seconds=1))
    served.clock.go_on()
    assert served.ask("/2.2.0/pad/", headers={**headers, "if-none-match": tag}).status == 200
    assert served.ask("/2.2.0/pad/", "HEAD", headers={**headers, "if-none-match": "*"}).status == 304


def test_a_tag_is_that_of_the_bytes(served: Served) -> None:
    """A change elsewhere drops the reply but not its tag, so revalidation still gives a 304; each coding has its own tag."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(10)))
    plain = served.ask("/2.2.0/pad/")
    tags = {served.ask("/2.2.0/pad/", headers={"accept-encoding": coding}).headers["etag"] for coding in ("gzip", "br", "zstd")}
    assert len({plain.headers["etag"], *tags}) == 4
    tell(record("Agency", 1, name="Unrelated"))
    served.clock.go_on()
    with served.django.asked(times=1):
        assert served.ask("/2.2.0/pad/", headers={"if-none-match": plain.headers["etag"]}).status == 304


def test_compressed_forms_are_of_one_reply(served: Served) -> None:
    """Django computes the reply once for all codings, and all decompress to the same; a short one is sent uncompressed."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(10)))
    with served.django.asked(times=1):
        plain = served.ask("/2.2.0/pad/")
        answer = served.ask("/2.2.0/pad/", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(answer.body) == plain.body
    assert (answer.headers["content-encoding"], answer.headers["content-length"]) == ("gzip", str(len(answer.body)))
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept, Accept-Encoding"
    short = served.ask("/2.2.0/config/orbit/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in short.headers
    forced = served.ask("/2.2.0/config/orbit/", headers={"accept-encoding": "gzip, identity;q=0"})
    assert gzip.decompress(forced.body) == short.body


def _application(headers: list[tuple[str, str]], status: str = "200 OK") -> Any:
    """An application that always answers with these headers; it counts how often it does."""

    def application(environ: Any, start_response: Any) -> Any:
        application.calls += 1  # type: ignore[attr-defined]
        start_response(status, headers)
        return _Content([b"body"])

    application.calls = 0  # type: ignore[attr-defined]
    return application


class _Content(list[bytes]):
    def close(self) -> None:
        self.clear()


CACHEABLE = [("Content-Type", "text/plain"), ("Content-Length", "4"), ("X-Other", "1")]


@pytest.mark.parametrize(
    ("headers", "status", "is_cached"),
    [
        (CACHEABLE, "200 OK", True),
        ([*CACHEABLE, ("Vary", "Accept")], "200 OK", True),
        ([*CACHEABLE, ("Vary", "accept , Accept-Encoding")], "200 OK", True),
        ([*CACHEABLE, ("Vary", "Accept, Cookie")], "200 OK", False),
        ([*CACHEABLE, ("Vary", "*")], "200 OK", False),
        ([*CACHEABLE, ("Set-Cookie", "a=b")], "200 OK", False),
        ([*CACHEABLE, ("cache-control", "private")], "200 OK", False),
        ([*CACHEABLE, ("ETag", '"1"')], "200 OK", False),
        ([*CACHEABLE, ("Content-Encoding", "gzip")], "200 OK", False),
        (CACHEABLE[:1], "200 OK", False),  # a stream
        (CACHEABLE, "500 Internal Server Error", False),
        (CACHEABLE, "203 Non-Authoritative Information", False),
    ],
)
def test_only_complete_replies_for_everyone_are_cached(headers: list[tuple[str, str]], status: str, is_cached: bool) -> None:
    """A reply that depends on more than the cache key, or is for one client, passes unchanged."""
    django = _application(headers, status)
    edge = Edge(django, Responses(1 << 20), Revision(lambda: 1), MaxAges(1, 2, 3))
    answers = [ask(edge, "/2.2.0/pad/") for _ in range(2)]
    assert django.calls == (1 if is_cached else 2)
    assert [answer.body for answer in answers] == [b"body", b"body"]
    if not is_cached:
        assert answers[0] == (int(status[:3]), {name.lower(): value for name, value in headers}, b"body")


def test_the_fast_path_is_tried_first() -> None:
    """Its replies are cached as Django's are, and requests that it leaves go to Django."""
    asked: list[RequestKey] = []

    def fast_path(request: RequestKey) -> Any:
        asked.append(request)
        return RawReply(CACHEABLE, b"direct") if request.path == PAD else None

    django = _application(CACHEABLE)
    edge = Edge(django, Responses(1 << 20), Revision(lambda: 1), MaxAges(1, 2, 3), fast_path=fast_path)
    assert [ask(edge, PAD).body for _ in range(2)] == [b"direct"] * 2
    assert ask(edge, "/2.2.0/pad/?limit=1", headers={"accept": JSON}).body == b"body"
    ask(edge, PAD, headers={"authorization": "Token x"})
    assert asked == [
        RequestKey("http", "ledger.example", PAD, "", None),
        RequestKey("http", "ledger.example", "/2.2.0/pad/", "limit=1", JSON),
    ]
    assert django.calls == 2


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("/2.2.0/", 3),
        ("/2.2.0/launch/", 3),
        ("/2.2.0/launch/1/", 3),
        ("/2.2.0/launch/upcoming/", 1),
        ("/2.2.0/launch/upcoming.json", 1),
        ("/2.2.0/event/previous/7/", 1),
        ("/2.2.0/dashboard/starship/", 1),
        ("/2.2.0/config/orbit/", 2),
        ("/2.2.0/config/spacecraftstatus/1.json", 2),
        ("/2.2.0/config/spacecraft/", 3),
        ("/2.2.0/config/launcher/1/", 3),
    ],
)
def test_max_age_depends_on_the_path(path: str, seconds: int) -> None:
    """Shortest for replies about now, longest for choice lists; configurations have counts and are no choices."""
    edge = Edge(_application(CACHEABLE), Responses(0), Revision(lambda: 1), MaxAges(upcoming=1, choices=2, others=3))
    assert ask(edge, path).headers["cache-control"] == f"public, max-age={seconds}"


def test_with_a_max_age_of_0_caches_must_revalidate() -> None:
    """They may store the reply, and revalidate it each time."""
    edge = Edge(_application(CACHEABLE), Responses(0), Revision(lambda: 1), MaxAges(0, 0, 0))
    assert ask(edge, PAD).headers["cache-control"] == "no-cache"


def test_a_tag_is_made_of_digests_where_there_are_some() -> None:
    """A reply that was assembled from parts with digests is not hashed again for its tag."""
    edge = Edge(
        _application(CACHEABLE),
        Responses(1 << 20),
        Revision(lambda: 1),
        MaxAges(1, 2, 3),
        fast_path=lambda _: RawReply(CACHEABLE, b"", "ab" * 32),
    )
    assert ask(edge, PAD).headers["etag"] == f'"{"ab" * 16}"'
