"""deploy/nginx.conf in a real nginx before a real server: what is kept, for whom, and how it is asked for again."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.deploy.conftest import AGENCY, LAUNCH, Behind
from tests.deploy.programs import PATIENCE, SAMPLES, ask, nginx
from tests.deploy.shared import CHROME, SAME, assert_kept_apart, assert_never_kept, assert_no_address_of_a_client_is_kept
from tests.support.processes import run

pytestmark = pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py")


@pytest.fixture
def front(tmp_path: Path, behind: Behind) -> Iterator[str]:
    folder = tmp_path / "nginx"
    folder.mkdir()
    with nginx(folder, behind.server) as address:
        yield address


def test_who_asks_what_another_asked_gets_what_is_kept(front: str, behind: Behind) -> None:
    """The second answer is the first, from nginx, by HEAD and by 304 as well; for how long is what the server said."""
    first, second = ask(front, LAUNCH), ask(front, LAUNCH)
    assert (first.is_hit, second.is_hit) == (False, True)
    assert first.body == second.body == ask(behind.server, LAUNCH, host=front.removeprefix("http://")).body
    assert second.headers["cache-control"] == "public, max-age=600"
    assert ask(front, LAUNCH, "HEAD").is_hit
    tag = second.headers["etag"]
    assert ask(front, LAUNCH, if_none_match=tag).status == 304


def test_what_is_meant_alike_is_kept_once(front: str) -> None:
    """Clients that write the same wish in other words share a reply, and it is the one that the server gives to each."""
    assert not ask(front, LAUNCH).is_hit
    for accept in SAME:
        assert ask(front, LAUNCH, accept=accept).is_hit
    assert not ask(front, LAUNCH, accept=CHROME).is_hit
    assert ask(front, LAUNCH, accept=CHROME.replace("avif", "webp")).is_hit


def test_what_is_not_alike_is_kept_apart(front: str, behind: Behind) -> None:
    """Accept, coding, host, scheme and query."""
    assert_kept_apart(front, behind.server)


def test_some_is_never_kept(front: str, behind: Behind) -> None:
    """Errors, what is asked for with a key, and what the server says no time for."""
    assert_never_kept(front, run(behind.url, "key", "create", "board").splitlines()[-1])


def test_nobody_has_addresses_of_their_own_kept_for_others(front: str) -> None:
    """What a client says of scheme, host, port or prefix does not get through, by whatever spelling of the headers."""
    assert_no_address_of_a_client_is_kept(front)


def test_what_has_run_out_is_asked_for_by_its_tag(front: str) -> None:
    """After max-age nginx asks whether it is still the same, and the server says yes (304): no body travels."""
    path = "/2.2.0/config/launchstatus/"
    first = ask(front, path)
    deadline = time.monotonic() + PATIENCE
    while (answer := ask(front, path)).is_hit and time.monotonic() < deadline:
        assert answer.headers["cache-control"] == "public, max-age=1"
    assert answer.headers["x-cache"] == "REVALIDATED"
    assert (answer.body, answer.headers["etag"]) == (first.body, first.headers["etag"])


def test_a_change_is_there_when_the_reply_has_run_out(front: str, behind: Behind) -> None:
    """nginx is told of nothing: what was kept is given for as long as was said, and then the new."""
    path = "/2.2.0/config/launchstatus/"
    before = ask(front, path).body
    behind.write("LaunchStatus", {"id": 99, "name": "Other", "abbrev": "Other", "description": ""})
    deadline = time.monotonic() + PATIENCE
    while (answer := ask(front, path)).body == before and time.monotonic() < deadline:
        assert answer.status == 200
    assert b'"Other"' in answer.body


def test_below_a_prefix(tmp_path: Path, behind: Behind) -> None:
    """The locations of docs/proxies.md: with the prefix taken off and named in a header, and with the path handed on as it came.

    Each address in replies and pages leads through nginx again, and a client cannot name a prefix of its own.
    """
    page = (SAMPLES.parent / "docs" / "proxies.md").read_text(encoding="utf-8")
    off = page.partition("```nginx\nlocation /ledger/ {")[2].partition("```")[0].replace("127.0.0.1:8000", behind.server[7:])
    on = off.replace("/;", ";").replace("/ledger", "/kept")
    folder = tmp_path / "prefix"
    folder.mkdir()
    with nginx(folder, behind.server, f"location /ledger/ {{{off}\nlocation /kept/ {{{on}") as front:
        for prefix in ("/ledger", "/kept"):
            assert json.loads(ask(front, f"{prefix}{AGENCY}").body)["url"] == f"{front}{prefix}{AGENCY}"
            evil = ask(
                front, f"{prefix}{AGENCY}", x_forwarded_prefix="/evil", x_forwarded_port="6666", forwarded="host=evil.example"
            )
            assert json.loads(evil.body)["url"] == f"{front}{prefix}{AGENCY}"
            moved = ask(front, f"{prefix}/2.2.0/pad")
            assert (moved.status, urlsplit(moved.headers["location"]).path) == (301, f"{prefix}/2.2.0/pad/")
            links = re.findall(r'(?:href|src)="(/[^"]+)"', ask(front, f"{prefix}/docs/").body.decode())
            assert len(links) > 5
            assert {ask(front, link).status for link in links} == {200}
        assert ask(front, "/2.2.0/").status == 404


def test_the_rest_passes(front: str) -> None:
    """Pages, their files and health are there, and not kept by nginx."""
    for path in ("/", "/docs/", "/healthz", "/static/launchledger/icon.svg"):
        answer = ask(front, path)
        assert (answer.status, "x-cache" in answer.headers) == (200, False)
