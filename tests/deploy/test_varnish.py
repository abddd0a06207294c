"""deploy/varnish.vcl in a real Varnish before a real server, with `launchledger purge` beside it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.conftest import AGENCY, LAUNCH, Behind
from tests.deploy.programs import PATIENCE, Answer, ask, varnish
from tests.deploy.shared import CHROME, SAME, assert_kept_apart, assert_never_kept, assert_no_address_of_a_client_is_kept
from tests.support.processes import run, start

pytestmark = pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py")

PURGED = "        set req.http.purged = xkey.purge(req.http.Surrogate-Key);\n"
BAN = '        # ban("obj.http.Surrogate-Key ~'
# What the sample says to change for a Varnish without xkey.
WITHOUT_XKEY = (
    ("import xkey;\n", ""),
    (PURGED, ""),
    (BAN, BAN.replace("# ", "")),
    ("    set beresp.http.xkey = beresp.http.Surrogate-Key;  # xkey: the header that it reads\n", ""),
    ("    unset beresp.http.Surrogate-Key;  # xkey: no longer needed\n", ""),
    (" + req.http.purged", ""),
)
WITHIN = 1.0  # seconds after a commit until the cache is purged


@pytest.fixture
def front(tmp_path: Path, behind: Behind) -> Iterator[str]:
    folder = tmp_path / "front"
    folder.mkdir()
    with varnish(folder, behind.server) as address:
        yield address


@contextmanager
def _purging(url: str, front: str) -> Iterator[None]:
    """`launchledger purge`, from when it has had everything forgotten the first time."""
    with start(url, "purge", "--for", "varnish", f"{front}/") as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if b"purged everything" in line:
                    break
            yield
        finally:
            process.terminate()
            rest = process.communicate(timeout=PATIENCE)[0].decode()
            assert process.returncode == 0, rest
            assert rest.endswith("Stopped.\n")


def _keep(front: str, *paths: str) -> None:
    """Ask until what is kept is given."""
    for path in paths:
        ask(front, path)
        assert ask(front, path).is_hit


def _await(front: str, path: str, text: str, seconds: float = PATIENCE) -> Answer:
    deadline = time.monotonic() + seconds
    while text not in (answer := ask(front, path)).body.decode() and time.monotonic() < deadline:
        assert answer.status == 200
    assert text in answer.body.decode(), f"not within {seconds} s"
    return answer


def _assert_a_change_is_seen(front: str, behind: Behind) -> None:
    pages = ("/2.2.0/launch/?limit=1", "/2.2.0/launch/?search=vostok", "/2.2.0/agencies/?limit=1&offset=0", AGENCY)
    with _purging(behind.url, front):
        _keep(front, LAUNCH, *pages)
        for number in range(3):
            behind.rename(f"Vostok 1.{number}")
            committed = time.monotonic()
            _await(front, LAUNCH, f"Vostok 1.{number}", WITHIN)
            for page in pages[:2]:
                _await(front, page, f"Vostok 1.{number}", WITHIN)
            assert time.monotonic() - committed < 2 * WITHIN
            for page in pages[2:]:
                assert ask(front, page).is_hit, "it has nothing to do with the launch"
            _keep(front, LAUNCH, *pages)


def test_a_change_is_seen_within_a_second_and_the_rest_stays(front: str, behind: Behind) -> None:
    """The launch, a page that lists it and a search that finds it are new at once; agencies were kept all the time."""
    _assert_a_change_is_seen(front, behind)


def test_without_xkey_it_is_the_same(tmp_path: Path, behind: Behind) -> None:
    """Changed as the sample says, Varnish bans what has the keys in its header."""
    folder = tmp_path / "front"
    folder.mkdir()
    with varnish(folder, behind.server, *WITHOUT_XKEY) as front:
        _assert_a_change_is_seen(front, behind)


def test_everything_is_forgotten_at_once(front: str, behind: Behind) -> None:
    """`--once`, as after an upgrade; and a second time there is nothing left to forget, which is no error."""
    _keep(front, LAUNCH, AGENCY, "/2.2.0/launch/?search=vostok", "/2.2.0/")
    for _ in range(2):
        assert run(behind.url, "purge", "--once", "--for", "varnish", f"{front}/") == "Purged everything.\n"
    for path in (LAUNCH, AGENCY, "/2.2.0/launch/?search=vostok", "/2.2.0/"):
        assert not ask(front, path).is_hit


def test_not_everybody_may_have_replies_forgotten(front: str) -> None:
    """Only from the addresses in `purgers`, and only by keys."""
    _keep(front, LAUNCH)
    assert ask(front, "/", "PURGE", source="127.0.0.2", surrogate_key="launchledger").status == 403
    assert ask(front, "/", "PURGE").status == 400
    assert ask(front, LAUNCH, "PURGE", surrogate_key="nothing").status == 200
    assert ask(front, LAUNCH).is_hit
    assert ask(front, "/", "PURGE", surrogate_key="other launchledger").status == 200
    assert not ask(front, LAUNCH).is_hit


def test_who_may_not_is_told_again_and_again(behind: Behind, tmp_path: Path) -> None:
    """A Varnish that refuses is named in the log with its reason, and the command goes on trying."""
    with (
        varnish(tmp_path, behind.server, ('acl purgers {\n    "127.0.0.1";', "acl purgers {")) as front,
        start(behind.url, "purge", "--for", "varnish", f"{front}/") as process,
    ):
        assert process.stdout is not None
        lines = [process.stdout.readline().decode() for _ in range(3)]
        assert process.poll() is None
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert lines[0] == f"Purging varnish at {front}/ (Ctrl-C stops)\n"
    assert all("127.0.0.1 answered 403 Forbidden" in line for line in lines[1:])
    assert process.returncode == 0


def test_who_asks_what_another_asked_gets_what_is_kept(front: str, behind: Behind) -> None:
    """The second answer is the first, from Varnish, by HEAD and by 304 as well, without the keys, which are nobody's business."""
    first, second = ask(front, LAUNCH), ask(front, LAUNCH)
    assert (first.is_hit, second.is_hit) == (False, True)
    assert first.body == second.body == ask(behind.server, LAUNCH, host=front.removeprefix("http://")).body
    assert second.headers["cache-control"] == "public, max-age=600"
    assert not {"surrogate-key", "xkey"} & second.headers.keys()
    assert ask(front, LAUNCH, "HEAD").is_hit
    assert ask(front, LAUNCH, if_none_match=second.headers["etag"]).status == 304


def test_what_is_meant_alike_is_kept_once(front: str) -> None:
    """Clients that write the same wish in other words share a reply."""
    assert not ask(front, LAUNCH).is_hit
    for accept in SAME:
        assert ask(front, LAUNCH, accept=accept, cookie="of=another").is_hit
    assert not ask(front, LAUNCH, accept=CHROME).is_hit
    assert ask(front, LAUNCH, accept=CHROME.replace("avif", "webp")).is_hit


def test_what_is_not_alike_is_kept_apart(front: str, behind: Behind) -> None:
    """Accept, coding, host and query; and the scheme, where one that ends TLS tells it."""
    assert_kept_apart(front, behind.server)
    secure = json.loads(ask(front, AGENCY, x_forwarded_proto="https").body)
    assert secure["url"] == f"{front.replace('http', 'https', 1)}{AGENCY}"
    assert json.loads(ask(front, AGENCY).body)["url"] == f"{front}{AGENCY}"


def test_nobody_has_addresses_of_their_own_kept_for_others(front: str) -> None:
    """What a client says of scheme, host, port or prefix does not get through, by whatever spelling of the headers."""
    assert_no_address_of_a_client_is_kept(front)


def test_some_is_never_kept(front: str, behind: Behind) -> None:
    """Errors, what is asked for with a key, and what the server says no time for."""
    assert_never_kept(front, run(behind.url, "key", "create", "board").splitlines()[-1])


def test_what_has_run_out_is_given_only_while_the_server_does_not_answer(front: str, behind: Behind) -> None:
    """As long as it answers, what is older than max-age (a second, for choices here) is asked for again; when it is gone, the
    last reply stands in for a minute."""
    path = "/2.2.0/config/launchstatus/"
    first = ask(front, path)
    deadline = time.monotonic() + PATIENCE
    while (answer := ask(front, path)).is_hit and time.monotonic() < deadline:
        assert int(answer.headers["age"]) <= 1
    assert not answer.is_hit
    behind.stop()
    while (int((answer := ask(front, path)).headers.get("age", 0)) < 2 or answer.status != 200) and time.monotonic() < deadline:
        assert answer.status in (200, 503)
    assert (answer.status, answer.is_hit, answer.body) == (200, True, first.body)


def test_browsers_may_be_told_less_than_varnish(behind: Behind, tmp_path: Path) -> None:
    """With the line that the sample has for it, Varnish keeps a reply for long and browsers ask each time."""
    with varnish(tmp_path, behind.server, ("    # set resp.http.Cache-Control", "    set resp.http.Cache-Control")) as front:
        _keep(front, LAUNCH)
        answer = ask(front, LAUNCH)
        assert (answer.is_hit, answer.headers["cache-control"]) == (True, "no-cache")


def test_the_rest_passes(front: str) -> None:
    """Pages, their files and health are there, and not kept by Varnish."""
    for path in ("/", "/docs/", "/healthz", "/static/launchledger/icon.svg"):
        for _ in range(2):
            answer = ask(front, path)
            assert (answer.status, answer.is_hit) == (200, False)
