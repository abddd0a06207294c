"""The system check of the counters."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

from launchledger.conf.rates import Rate

pytestmark = pytest.mark.django_db  # all checks run, and some look at the database


def test_counters_that_cannot_be_used_are_reported(settings: Settings) -> None:
    """Where throttling is on and counting fails, the check reports it, with the place and without the password."""
    settings.COUNTERS_URL = "redis://:geheim@127.0.0.1:1/0"
    settings.THROTTLE_ANONYMOUS = Rate(15, 3600)
    (problem,) = (each for each in run_checks() if each.id == "launchledger.W001")
    assert "127.0.0.1:1" in problem.msg
    assert "geheim" not in f"{problem.msg} {problem.hint}"


def test_counters_that_are_there_are_in_order(settings: Settings, counters_url: str) -> None:
    """Counters that answer are not reported."""
    settings.THROTTLE_ANONYMOUS = Rate(15, 3600)
    assert not [each for each in run_checks() if each.id == "launchledger.W001"]


def test_without_throttling_no_counters_are_needed(settings: Settings) -> None:
    """Without a rate the check opens nothing."""
    assert not settings.THROTTLE_ANONYMOUS
    assert not [each for each in run_checks() if each.id == "launchledger.W001"]
