"""`launchledger purge`, as a real process with a cache that records its requests."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django.fixtures import Settings

from launchledger.cli import launchledger
from tests.support.front import TOKEN, Front, standing
from tests.support.processes import database_of_its_own, environment, run, start

pytestmark = pytest.mark.django_db(transaction=True)

VARNISH = ("--for", "varnish", "http://127.0.0.1:1/")
FASTLY = ("--for", "fastly", "https://api.fastly.com/service/x/purge")
_WRITE = """
import django
django.setup()
from tests.support.observed import record, tell
tell(record("Pad", 1, name="Site 1"))
"""


@pytest.mark.parametrize(
    ("words", "headers", "reason"),
    [
        ((), ("Surrogate-Key",), "Missing argument 'URL'."),
        (("http://127.0.0.1:1/",), ("Surrogate-Key",), "Missing option '--for'."),
        (VARNISH, (), "Replies have no Surrogate-Key"),
        (VARNISH, ("Cache-Tag",), "Set LAUNCHLEDGER_SURROGATE_KEYS=Surrogate-Key here and for the server."),
        (("--for", "cloudflare", "https://x.example/"), ("Surrogate-Key",), "Replies have no Cache-Tag"),
        (FASTLY, ("Surrogate-Key",), "fastly requires a token: set LAUNCHLEDGER_PURGE_TOKEN_FILE"),
        (("--for", "varnish", "ftp://x.example/"), ("Surrogate-Key",), "Is not a valid address, such as"),
        ((*VARNISH, "--every", "0.01"), ("Surrogate-Key",), "0.01 is not in the range"),
    ],
)
def test_wrong_use_is_reported_at_once(settings: Settings, words: tuple[str, ...], headers: tuple[str, ...], reason: str) -> None:
    """Before anything is asked of the database or the cache, in one line, with status 2."""
    settings.SURROGATE_KEYS = headers
    result = CliRunner().invoke(launchledger, ["purge", *words], prog_name="launchledger")
    assert result.exit_code == 2
    assert reason in result.output
    assert result.output.count("\n") == 1


@contextmanager
def _purging(url: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command while it runs; whatever happens, it is gone afterwards."""
    with start(url, "purge", *words) as process:
        try:
            yield process
        finally:
            process.kill()


def _lines_until(process: subprocess.Popen[bytes], text: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while text not in "".join(lines):
        line = process.stdout.readline().decode()
        assert line, "".join(lines)
        lines.append(line)
    return lines


@pytest.fixture
def token_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("LAUNCHLEDGER_PURGE_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("LAUNCHLEDGER_SURROGATE_KEYS", "Surrogate-Key,Cache-Tag")


@pytest.mark.usefixtures("token_in_a_file")
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_follows_until_it_is_stopped(tmp_path: Path, by: signal.Signals) -> None:
    """Everything first, then what a commit names, until a supervisor or Ctrl-C ends it, with status 0. The token is in a header,
    and in no argument and no line of the log."""
    with database_of_its_own(tmp_path) as url, standing() as front:
        with _purging(url, "--for", "fastly", front.address) as process:
            said = _lines_until(process, "purged everything")
            written = subprocess.run([sys.executable, "-c", _WRITE], env=environment(url), capture_output=True, check=False)
            assert written.returncode == 0, written.stderr
            said += _lines_until(process, "keys, up to entry")
            process.send_signal(by)
            said.append(process.communicate(timeout=20)[0].decode())
        assert process.returncode == 0
        assert said[-1].endswith("Stopped.\n")
        assert "Traceback" not in "".join(said)
        assert TOKEN not in "".join(said)
        assert all(asked.headers["fastly-key"] == TOKEN for asked in front.asked)
        assert front.asked[0].headers["surrogate-key"] == "launchledger"
        assert {"Pad", "catalogue"} < set(_last_keys(front))


def _last_keys(front: Front) -> list[str]:
    return front.asked[-1].headers["surrogate-key"].split()


@pytest.mark.usefixtures("token_in_a_file")
def test_a_purge_that_fails_is_retried(tmp_path: Path) -> None:
    """Until the cache accepts it; killed at any time, the next process begins with everything."""
    with database_of_its_own(tmp_path) as url, standing() as front:
        front.status = 503
        with _purging(url, "--for", "cloudflare", front.address) as process:
            said = _lines_until(process, "retrying in 1.0 s")
            front.status = 200
            said += _lines_until(process, "purging recovered")
            process.kill()
            process.communicate(timeout=20)
        assert "127.0.0.1 answered 503 Service Unavailable" in "".join(said)
        assert TOKEN not in "".join(said)
        with _purging(url, "--for", "cloudflare", front.address) as process:
            _lines_until(process, "purged everything")
            process.terminate()
            process.communicate(timeout=20)
        assert {asked.body for asked in front.asked} == {b'{"tags": ["launchledger"]}'}


@pytest.mark.usefixtures("token_in_a_file")
def test_once_ends(tmp_path: Path) -> None:
    """With --once everything is purged, or one line gives the reason why not, with status 1."""
    with database_of_its_own(tmp_path) as url, standing() as front:
        assert run(url, "purge", "--once", "--for", "varnish", front.address) == "Purged everything.\n"
        assert [(asked.method, asked.headers["surrogate-key"]) for asked in front.asked] == [("PURGE", "launchledger")]
        front.status = 405
        with start(url, "purge", "--once", "--for", "varnish", front.address) as process:
            printed = process.communicate(timeout=60)[0].decode()
        assert (process.returncode, printed) == (1, "launchledger: 127.0.0.1 answered 405 Method Not Allowed.\n")
