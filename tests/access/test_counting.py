"""Counting calls, in a file and in a real Redis or Valkey."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache.backends.locmem import LocMemCache
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from launchledger.access import counting
from launchledger.access.counters_in_file import SWEEP_EVERY
from launchledger.access.counting import Use, take, use
from launchledger.access.places import counters_at
from launchledger.conf.logging import OneAMinute
from launchledger.conf.rates import Rate

NOW = 1_800_000_000.0
THREE = Rate(3, 60)


class _TheFrameworks(SimpleRateThrottle):
    """What the framework itself would do, with its list in memory and our clock."""

    rate = "3/min"

    def __init__(self) -> None:
        super().__init__()
        self.cache = LocMemCache(uuid4().hex, {})
        self.moment = NOW
        self.timer = lambda: self.moment

    def get_cache_key(self, request: Any, view: Any) -> str:
        return "one"

    def ask(self, moment: float) -> float:
        """0 for yes, else the seconds to wait."""
        self.moment = moment
        request: Any = SimpleNamespace()
        return 0 if self.allow_request(request, APIView()) else self.wait() or -1


@given(st.lists(st.integers(0, 70), max_size=30))
@example([0, 0, 0, 0, 59, 1, 0, 0, 60])
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_lets_through_what_the_framework_would(counters_url: str, pauses: list[int]) -> None:
    """With any pauses between calls: the same calls go through as with the framework's list, and the others wait as long."""
    ident, theirs, now = uuid4().hex, _TheFrameworks(), NOW
    for pause in pauses:
        now += pause
        expected = theirs.ask(now)
        assert take(ident, THREE, now) == expected
        history = theirs.cache.get("one")
        next_wait = history[-1] + 60 - now if len(history) == 3 else 0
        assert use(ident, THREE, now) == Use(len(history), next_wait)


def test_each_identity_has_its_own_window(counters_url: str) -> None:
    """Calls of one identity leave the allowance of another."""
    assert [take("a", THREE, NOW) for _ in range(4)] == [0, 0, 0, 60]
    assert take("b", THREE, NOW) == 0
    assert (use("a", THREE, NOW), use("b", THREE, NOW), use("c", THREE, NOW)) == (Use(3, 60), Use(1, 0), Use(0, 0))


def test_a_call_that_must_wait_does_not_count(counters_url: str) -> None:
    """A client that calls all the time gets through as soon as one that waits."""
    assert [take("a", THREE, NOW) for _ in range(50)][3:] == [60] * 47
    assert (take("a", THREE, NOW + 59.5), take("a", THREE, NOW + 60)) == (0.5, 0)


def test_a_rate_may_change(counters_url: str) -> None:
    """A smaller rate holds at once for calls that were made already; a larger one gives more at once."""
    for second in range(3):
        assert take("a", THREE, NOW + second) == 0
    assert take("a", Rate(2, 60), NOW + 3) == 58  # until the second last is past
    assert take("a", Rate(5, 60), NOW + 3) == 0
    assert use("a", Rate(5, 60), NOW + 3) == Use(4, 0)


def test_a_clock_that_goes_back_stands_still(counters_url: str) -> None:
    """The clock of another machine, behind by seconds, neither lets more calls through nor makes any wait longer."""
    assert [take("a", THREE, NOW), take("a", THREE, NOW - 5), take("a", THREE, NOW - 5)] == [0, 0, 0]
    assert take("a", THREE, NOW - 5) == 65
    assert use("a", THREE, NOW + 57) == Use(3, 3)
    assert [take("a", THREE, NOW + 60) for _ in range(4)] == [0, 0, 0, 60]


def test_a_large_rate_is_counted_exactly(counters_url: str) -> None:
    """The number of calls in the window is right while the window moves through many of them."""
    rate = Rate(1000, 100)
    for number in range(1500):
        assert take("a", rate, NOW + number / 5) == 0
    assert use("a", rate, NOW + 1499 / 5) == Use(500, 0)
    assert use("a", rate, NOW + 1499 / 5 + 99.9) == Use(1, 0)
    assert use("a", rate, NOW + 1499 / 5 + 100) == Use(0, 0)


def test_calls_outside_the_window_are_deleted(counters_file: str) -> None:
    """The file holds the calls of one window and a sweep's worth more, however long it is used."""
    for number in range(3000):
        take(f"from {number}", Rate(5, 10), NOW + number)
    with closing(sqlite3.connect(counters_file.removeprefix("sqlite:///"))) as file:
        assert file.execute("SELECT count(*) FROM call").fetchone()[0] <= 10 + SWEEP_EVERY


@pytest.mark.parametrize("url", ["redis://:geheim@127.0.0.1:1/0", "unix:///nowhere/socket", "sqlite:////nowhere/counters"])
def test_without_counters_every_call_goes_through(
    url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Every call goes through, and a hundred leave one warning in the log, without the password."""
    settings.COUNTERS_URL = url
    monkeypatch.setattr(counting, "_guard", counting.Guard())
    monkeypatch.setattr(counting, "PAUSE", 0.0)  # so that each call fails on its own
    monkeypatch.setattr(logging.getLogger("launchledger.access"), "filters", [OneAMinute()])
    assert [take("a", THREE, NOW) for _ in range(100)] == [0] * 100
    assert use("a", THREE, NOW) == Use(0, 0)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "so none is throttled" in caplog.text
    assert "geheim" not in caplog.text


def test_counters_that_fail_are_not_used_for_a_while(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Callers do not wait one by one for counters that do not answer: after a failure the next calls do not use them."""
    settings.COUNTERS_URL = f"sqlite:///{tmp_path}/missing/counters.sqlite3"
    monkeypatch.setattr(counting, "_guard", counting.Guard())
    assert take("a", THREE, NOW) == 0
    (tmp_path / "missing").mkdir()
    assert take("a", THREE, NOW) == 0
    assert not list((tmp_path / "missing").iterdir())
    with monkeypatch.context() as later:
        later.setattr(time, "monotonic", lambda: 2.0**40)
        assert [take("a", THREE, NOW) for _ in range(4)] == [0, 0, 0, 60]
    counters_at(settings.COUNTERS_URL).close()
