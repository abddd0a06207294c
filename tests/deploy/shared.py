"""What holds for every cache in front."""

from __future__ import annotations

import json

from tests.deploy.conftest import AGENCY, LAUNCH
from tests.deploy.programs import Answer, ask

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
SAME = ("*/*", "application/json", "application/json, text/plain, */*")
# Questions of which no two have the same answer. Weights tell that the coding is not wanted.
APART: tuple[tuple[str, dict[str, str]], ...] = (
    (LAUNCH, {}),
    (LAUNCH, {"accept": CHROME}),
    (LAUNCH, {"accept": "text/html"}),
    (LAUNCH, {"accept": "application/json; indent=4"}),
    (LAUNCH, {"accept_encoding": "gzip, deflate, br, zstd"}),
    (LAUNCH, {"accept_encoding": "gzip, deflate, br"}),
    (LAUNCH, {"accept_encoding": "gzip"}),
    (LAUNCH, {"accept_encoding": "zstd;q=0, br;q=0.1, gzip;q=0.2"}),
    (LAUNCH, {"host": "ledger.example"}),
    (LAUNCH, {"host": "ledger.example:8080"}),
    (f"{LAUNCH}?format=json", {}),
    (f"{LAUNCH}?mode=list", {}),
    (AGENCY, {}),
)


def assert_kept_apart(front: str, server: str) -> None:
    """Twice, so that each is asked for while all others are kept: every answer is the server's own to the same question."""
    host = front.removeprefix("http://")
    for _ in range(2):
        for path, headers in APART:
            own, kept = ask(server, path, **{"host": host, **headers}), ask(front, path, **headers)
            assert (own.status, own.body) == (kept.status, kept.body), (path, headers)
            for name in ("content-type", "content-encoding", "etag"):
                assert own.headers.get(name) == kept.headers.get(name), (path, headers)
    assert kept.is_hit


def assert_no_address_of_a_client_is_kept(front: str) -> None:
    """None of the headers by which proxies name scheme, host, port and prefix gets through from a client, however it is spelt."""
    evil = {"Host": "evil.example", "Proto": "https", "Port": "6666", "Prefix": "/evil", "For": "203.0.113.9"}
    lines = [
        f"{begin}{name}: {value}" for begin in ("X-Forwarded-", "X_Forwarded_", "X-Forwarded_") for name, value in evil.items()
    ]
    lines.append("Forwarded: for=203.0.113.9;host=evil.example;proto=https")
    for line in lines:
        path = f"{AGENCY}?mode=detailed&asked={line.partition(':')[0]}"
        for _ in range(2):
            answer = ask(front, path, source="127.0.0.2", line=line)
            assert json.loads(answer.body)["url"] == f"{front}{AGENCY}", line
        assert json.loads(ask(front, path).body)["url"] == f"{front}{AGENCY}"


def assert_never_kept(front: str, key: str) -> None:
    for path, status in (("/2.2.0/launch/nothing/", 404), ("/2.2.0/launch/?net__gte=x", 400), ("/2.2.0/api-throttle/", 200)):
        for _ in range(2):
            answer = ask(front, path)
            assert (answer.status, answer.is_hit) == (status, False)
    assert ask(front, "/2.2.0/", "POST").status == 405
    _assert_passes(front, key)


def _assert_passes(front: str, key: str) -> None:
    """What is asked for with a key is neither kept nor taken from what is."""
    with_key = [_asked_with(front, AGENCY, key) for _ in range(2)]
    assert not ask(front, AGENCY).is_hit
    assert ask(front, AGENCY).is_hit
    with_key.append(_asked_with(front, AGENCY, key))
    assert [(answer.status, answer.is_hit) for answer in with_key] == [(200, False)] * 3
    refused = _asked_with(front, AGENCY, "none")
    assert (refused.status, refused.is_hit) == (401, False)
    assert json.loads(ask(front, AGENCY).body)["id"] == 7


def _asked_with(front: str, path: str, key: str) -> Answer:
    return ask(front, path, authorization=f"Token {key}")
