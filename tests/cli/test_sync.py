"""`launchledger sync`, as a real process beside a real server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from launchledger.cli import launchledger
from launchledger.pytest_plugin import LL2
from tests.support.processes import database_of_its_own, environment, start

pytestmark = pytest.mark.django_db(transaction=True)


def _run(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "launchledger", "sync", *words]
    return subprocess.run(command, env=environment(url), capture_output=True, text=True, check=False, timeout=120)


def _asked(ll2: LL2) -> list[str]:
    """The paths of the calls that the server got, but for those about the allowance."""
    return [request.path for request in ll2.requests if "api-throttle" not in request.path]


def test_a_list_is_synced(ll2: LL2, tmp_path: Path) -> None:
    """Each call is a line with its reason and what it brought; the next sync finds nothing new."""
    with database_of_its_own(tmp_path) as url:
        done = _run(url, "--upstream", ll2.url, "--only", "agencies", "--only", "config/orbit")
        assert done.returncode == 0, done.stderr
        assert "agencies: page 1, for the first time: 36 objects (36 new)" in done.stdout
        assert set(_asked(ll2)) == {"/2.2.0/agencies/", "/2.2.0/config/orbit/"}
        ll2.change("agencies", 44, set={"abbrev": "N.A.S.A."})
        again = _run(url, "--upstream", ll2.url, "--only", "agencies")
    assert "36 objects (1 changed)" in again.stdout


def test_a_dry_run_asks_nothing(ll2: LL2, tmp_path: Path) -> None:
    """It prints the calls of the next hours with their reasons."""
    with database_of_its_own(tmp_path) as url:
        done = _run(url, "--upstream", ll2.url, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert (
        "/2.2.0/launch/upcoming/?mode=detailed&ordering=id&limit=100  launch/upcoming: page 1, for the first time" in done.stdout
    )
    assert ll2.requests == []


def test_one_process_syncs_at_a_time_and_ends_at_a_signal(ll2: LL2, tmp_path: Path) -> None:
    """A second one says who does; the first ends with status 0, and then the next one may begin at once."""
    words = ("--upstream", ll2.url, "--only", "config/orbit")
    with database_of_its_own(tmp_path) as url, start(url, "sync", *words, "--forever") as process:
        assert process.stdout
        try:
            while "config/orbit: page 1" not in process.stdout.readline().decode():
                assert process.poll() is None
            second = _run(url, *words)
            assert (second.returncode, f"process {process.pid} on " in second.stderr) == (1, True), second.stderr
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        assert process.returncode == 0
        assert _run(url, *words).returncode == 0


def test_an_upstream_that_is_down_is_waited_for(tmp_path: Path) -> None:
    """With --for it tries again until its time is over, and ends with status 0: the next sync goes on."""
    with database_of_its_own(tmp_path) as url:
        done = _run(url, "--upstream", "http://127.0.0.1:9/2.2.0/", "--for", "2s")
    assert (done.returncode, "failed: 127.0.0.1: Connection refused" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--upstream", "https://lldev.thespacedevs.com/2.2.0/"), "Is a development host"),
        (("--upstream", "https://ll.thespacedevs.com/"), "Is not the root of a version"),
        (("--upstream", "https://me:secret@example.org/2.2.0/"), "Contains a user or a password"),
        (("--only", "rockets"), "rockets is not a resource"),
        (("--for", "soon"), "Is not a span of time such as 90m"),
    ],
)
def test_wrong_use_is_refused(words: tuple[str, ...], reason: str) -> None:
    """With status 2, before anything is asked."""
    done = CliRunner().invoke(launchledger, ["sync", *words])
    assert (done.exit_code, reason in done.output) == (2, True), done.output


def test_a_key_is_never_sent_unencrypted(tmp_path: Path) -> None:
    """To another machine; the error does not show it."""
    command = [sys.executable, "-m", "launchledger", "sync", "--upstream", "http://ledger.example/2.2.0/"]
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/own.sqlite3", "LAUNCHLEDGER_UPSTREAM_KEY": "very-secret"}
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
    assert (done.returncode, "use https://" in done.stderr, "very-secret" in done.stderr) == (2, True, False), done.stderr
