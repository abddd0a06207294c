"""The interval of a rate of successes, against published values."""

from __future__ import annotations

from typing import Any

import pytest

from launchledger.explorer.intervals import percent, rate_of, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_that_newcombe_published(successes: int, trials: int, low: float, high: float) -> None:
    """Statistics in Medicine 17 (1998), the score method without correction for continuity, at 95 %."""
    found = wilson(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize("trials", [1, 7, 10**9])
def test_intervals_end_where_rates_end(trials: int) -> None:
    """Where all or none succeeded, the interval ends at that rate exactly, and never beyond."""
    none, all_ = wilson(0, trials), wilson(trials, trials)
    assert none.low == 0 < none.high < 1
    assert 0 < all_.low < all_.high == 1
    assert all_.low == pytest.approx(1 - none.high)


def test_more_launches_give_a_narrower_interval() -> None:
    """Nine of ten tell less than 900 of 1000."""
    few, many = wilson(9, 10), wilson(900, 1000)
    assert few.low < many.low < 0.9 < many.high < few.high


@pytest.mark.parametrize(("successes", "failures"), [(None, 1), (1, None), (0, 0), (-1, 2), (3, -3), (True, "1")])
def test_no_rate_without_counts(successes: Any, failures: Any) -> None:
    """Where a count is not known, or nothing was tried, nothing is claimed."""
    assert rate_of(successes, failures) is None


def test_a_rate_in_words() -> None:
    """The rate and both ends, as pages write them: Falcon 9 Block 5 in August 2026."""
    rate = rate_of(624, 1)
    assert rate is not None
    assert (rate.trials, rate.percent, rate.low, rate.high) == (625, "99.8", "99.1", "99.97")


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0"),
        (1, "100"),
        (0.5, "50.0"),
        (2 / 3, "66.7"),
        (0.9996, "99.96"),
        (0.99996, "99.996"),
        (1 - 1e-9, "more than 99.999"),
        (0.0001, "0.01"),
        (1e-9, "less than 0.001"),
    ],
)
def test_only_all_and_nothing_are_written_as_such(share: float, written: str) -> None:
    """One failure among ten thousand is not 100 %."""
    assert percent(share) == written
