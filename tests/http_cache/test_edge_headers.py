"""What the outermost layer adds to a reply: tags and 304, for how long others may keep it, a coding; and to which replies."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest

from launchledger.conf.ages import MaxAges
from launchledger.http_cache.edge import Edge
from launchledger.http_cache.reply import Made
from launchledger.http_cache.responses import Asked, Responses
from launchledger.http_cache.revision import Revision
from tests.support.observed import NOW, record, tell
from tests.support.wsgi import Served, ask

PAD = "/2.2.0/pad/1/"
JSON = "application/json"


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_who_has_the_reply_is_told_so(served: Served, coding: str) -> None:
    """304 with the headers that a cache brings up to date, in each coding, from what is kept and anew after a change."""
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
    """A change elsewhere drops the reply and leaves its tag, so who has it is still told so; each coding has a tag of its own."""
    tell(*(record("Pad", number, name=f"Site {number}") for number in range(10)))
    plain = served.ask("/2.2.0/pad/")
    tags = {served.ask("/2.2.0/pad/", headers={"accept-encoding": coding}).headers["etag"] for coding in ("gzip", "br", "zstd")}
    assert len({plain.headers["etag"], *tags}) == 4
    tell(record("Agency", 1, name="Unrelated"))
    served.clock.go_on()
    with served.django.asked(times=1):
        assert served.ask("/2.2.0/pad/", headers={"if-none-match": plain.headers["etag"]}).status == 304


def test_compressed_forms_are_of_one_reply(served: Served) -> None:
    """Django makes the reply once for all codings, and what comes out of them is the same; a short one travels as it is."""
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


KEPT = [("Content-Type", "text/plain"), ("Content-Length", "4"), ("X-Other", "1")]


@pytest.mark.parametrize(
    ("headers", "status", "is_kept"),
    [
        (KEPT, "200 OK", True),
        ([*KEPT, ("Vary", "Accept")], "200 OK", True),
        ([*KEPT, ("Vary", "accept , Accept-Encoding")], "200 OK", True),
        ([*KEPT, ("Vary", "Accept, Cookie")], "200 OK", False),
        ([*KEPT, ("Vary", "*")], "200 OK", False),
        ([*KEPT, ("Set-Cookie", "a=b")], "200 OK", False),
        ([*KEPT, ("cache-control", "private")], "200 OK", False),
        ([*KEPT, ("ETag", '"1"')], "200 OK", False),
        ([*KEPT, ("Content-Encoding", "gzip")], "200 OK", False),
        (KEPT[:1], "200 OK", False),  # a stream
        (KEPT, "500 Internal Server Error", False),
        (KEPT, "203 Non-Authoritative Information", False),
    ],
)
def test_only_what_is_complete_and_for_everyone_is_kept(headers: list[tuple[str, str]], status: str, is_kept: bool) -> None:
    """Whatever Django may come to answer one day: what depends on more than the key, or is for one client, passes untouched."""
    django = _application(headers, status)
    edge = Edge(django, Responses(1 << 20), Revision(lambda: 1), MaxAges(1, 2, 3))
    answers = [ask(edge, "/2.2.0/pad/") for _ in range(2)]
    assert django.calls == (1 if is_kept else 2)
    assert [answer.body for answer in answers] == [b"body", b"body"]
    if not is_kept:
        assert answers[0] == (int(status[:3]), {name.lower(): value for name, value in headers}, b"body")


def test_a_direct_way_is_tried_first() -> None:
    """What it answers is kept as Django's replies are, and what it leaves goes to Django."""
    asked: list[Asked] = []

    def fast_path(request: Asked) -> Any:
        asked.append(request)
        return Made(KEPT, b"direct") if request.path == PAD else None

    django = _application(KEPT)
    edge = Edge(django, Responses(1 << 20), Revision(lambda: 1), MaxAges(1, 2, 3), fast_path=fast_path)
    assert [ask(edge, PAD).body for _ in range(2)] == [b"direct"] * 2
    assert ask(edge, "/2.2.0/pad/?limit=1", headers={"accept": JSON}).body == b"body"
    ask(edge, PAD, headers={"authorization": "Token x"})
    assert asked == [
        Asked("http", "ledger.example", PAD, "", None),
        Asked("http", "ledger.example", "/2.2.0/pad/", "limit=1", JSON),
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
def test_others_may_keep_a_reply_as_long_as_its_kind(path: str, seconds: int) -> None:
    """What is about now for the shortest, lists of choices for the longest; configurations have counts and are no choices."""
    edge = Edge(_application(KEPT), Responses(0), Revision(lambda: 1), MaxAges(upcoming=1, choices=2, others=3))
    assert ask(edge, path).headers["cache-control"] == f"public, max-age={seconds}"


def test_with_no_age_others_must_ask() -> None:
    """0 seconds: they may keep it, and ask each time whether it is still the same."""
    edge = Edge(_application(KEPT), Responses(0), Revision(lambda: 1), MaxAges(0, 0, 0))
    assert ask(edge, PAD).headers["cache-control"] == "no-cache"


def test_a_tag_is_made_of_digests_where_there_are_some() -> None:
    """A reply that was put together from parts whose digests are known is not read once more for its tag."""
    edge = Edge(
        _application(KEPT),
        Responses(1 << 20),
        Revision(lambda: 1),
        MaxAges(1, 2, 3),
        fast_path=lambda _: Made(KEPT, b"", "ab" * 32),
    )
    assert ask(edge, PAD).headers["etag"] == f'"{"ab" * 16}"'
