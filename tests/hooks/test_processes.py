"""Deliverers as real processes: several share the work, and none that is killed with -9 loses a delivery."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from tests.support.processes import database_of_its_own, run, run_code, serving, start
from tests.support.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES = 200  # more than six deliverers send before they are killed

# A lease that was not given back ends by itself, half a minute later; another test shows that.
_AFTER_THE_LEASE = """
import django
django.setup()
from launchledger.hooks.models import Hook
Hook.objects.update(leased_until=None)
"""
_WRITE = """
import django, sys
django.setup()
from tests.support.receiver import write_entries
print(*write_entries(*([{}] * (1 + number % 3) for number in range(int(sys.argv[1])))))
"""
_CLEAN = """
import django
django.setup()
from launchledger.hooks.models import Hook
print(*Hook.objects.values_list("lease", "failures", "leased_until").distinct())
"""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of its own, whose processes have a key and may reach this machine."""
    monkeypatch.setenv("LAUNCHLEDGER_SECRET_KEY", "a key of forty characters or more, which no one knows")
    monkeypatch.setenv("LAUNCHLEDGER_HOOKS_PRIVATE", "true")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=":")
    with database_of_its_own(tmp_path) as url:
        yield url


def _add(url: str, receiver: Receiver) -> None:
    receiver.secret = run(url, "hook", "add", receiver.url).splitlines()[-1]


def _write(url: str, transactions: int) -> list[int]:
    return [int(serial) for serial in run_code(url, _WRITE, str(transactions)).split()]


def _first_times(receiver: Receiver) -> list[int]:
    """The serials that came, without messages that came again."""
    seen, serials = set(), []
    for body in receiver.accepted:
        if body["data"]["serial"] not in seen:
            seen.add(body["data"]["serial"])
            serials += [entry["serial"] for entry in body["data"]["entries"]]
    return serials


@contextmanager
def _delivering(url: str, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    with output.open("wb") as file, start(url, "deliver", "--forever", output=file) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def test_no_kill_loses_a_delivery(url: str, tmp_path: Path) -> None:
    """Each deliverer is killed when a receiver has got a message and before it answers, or at a random moment after that."""
    chance = Random()
    killed: list[bool] = []
    now = SimpleNamespace(kill=lambda: None, after=0)

    def answer(number: int) -> int:
        if number == now.after:
            now.kill()
        return 204

    with receiving(answer) as receiver:
        _add(url, receiver)
        serials = _write(url, MESSAGES)
        for round in range(6):
            with _delivering(url, tmp_path / f"output {round}") as process:
                at_once = round % 2 == 0
                now.after = len(receiver.ids) + chance.randint(0, 4)
                now.kill = process.kill if at_once else lambda: None
                assert receiver.wait_for(lambda: len(receiver.ids) > now.after)
                with receiver.got:
                    receiver.got.wait(chance.uniform(0, 0.05))
                process.kill()
                killed.append(process.wait() == -9)
            run_code(url, _AFTER_THE_LEASE)
        assert all(killed)
        assert len(receiver.serials) < len(serials)
        run(url, "deliver")
        assert _first_times(receiver) == serials
        assert MESSAGES + 3 <= len(receiver.ids) <= MESSAGES + 6
        assert len({*receiver.ids}) == MESSAGES


def test_several_share_the_work(url: str, tmp_path: Path) -> None:
    """Three processes and three hooks: each hook gets every entry once and in order, also what is written meanwhile."""
    with ExitStack() as opened:
        receivers = [opened.enter_context(receiving()) for _ in range(3)]
        for receiver in receivers:
            _add(url, receiver)
        serials = _write(url, 20)
        for number in range(3):
            opened.enter_context(_delivering(url, tmp_path / f"output {number}"))
        serials += _write(url, 20)
        for receiver in receivers:
            assert receiver.wait_for(_has_all(receiver, serials)), receiver.serials
            assert receiver.serials == serials
            assert len({*receiver.ids}) == len(receiver.ids) == 40


def _has_all(receiver: Receiver, serials: list[int]) -> Callable[[], bool]:
    return lambda: len(receiver.serials) >= len(serials)


def test_a_deliverer_that_is_stopped_finishes(url: str, tmp_path: Path) -> None:
    """After SIGTERM nothing is held by anyone: the next one goes on at once."""
    with receiving() as receiver:
        _add(url, receiver)
        _write(url, 3)
        with _delivering(url, tmp_path / "output"):
            assert receiver.wait_for(lambda: len(receiver.ids) == 3)
        assert run_code(url, _CLEAN) == "('', 0, None)"
        assert (tmp_path / "output").read_text().splitlines()[-1] == "Stopped."


def test_a_server_delivers_on_its_own(url: str) -> None:
    """Unless it is told not to: then another process finds everything still to be delivered."""
    with receiving() as receiver:
        _add(url, receiver)
        with serving(url, "--empty", "--workers", "1", "--no-deliver"):
            _write(url, 2)
        assert receiver.ids == []
        assert run(url, "deliver").splitlines()[-1] == "2 messages were accepted."
        with serving(url, "--empty", "--workers", "1") as server:
            serials = _write(url, 2)
            assert receiver.wait_for(_has_all(receiver, [0, 0, 0, *serials]))
            assert receiver.serials[3:] == serials
        assert len(receiver.ids) == 4
    assert "Traceback" not in server.said
