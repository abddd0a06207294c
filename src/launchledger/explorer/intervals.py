"""How sure a rate of successes is: the Wilson score interval.

Promises: the interval lies between 0 and 1 and holds the rate, also for one launch and for none that failed. It has no correction
for continuity. Source of the formula: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
Journal of the American Statistical Association 22 (1927), 209-212; method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998),
857-872.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Interval(NamedTuple):
    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval:
    """The interval of the rate of successes, at CONFIDENCE; at least one trial."""
    centre = successes + _Z * _Z / 2
    half = _Z * sqrt(successes * (trials - successes) / trials + _Z * _Z / 4)
    below, above = (centre - half) / (trials + _Z * _Z), (centre + half) / (trials + _Z * _Z)
    return Interval(max(below, 0) if successes else 0.0, min(above, 1) if successes < trials else 1.0)


class Rate(NamedTuple):
    """So many successes of so many trials, with the interval of their rate."""

    successes: int
    trials: int
    interval: Interval

    @property
    def percent(self) -> str:
        return percent(self.successes / self.trials)

    @property
    def low(self) -> str:
        return percent(self.interval.low)

    @property
    def high(self) -> str:
        return percent(self.interval.high)


def rate_of(successes: Any, failures: Any) -> Rate | None:
    """The rate of these counts; None where one is not known, or nothing was tried."""
    if not isinstance(successes, int) or not isinstance(failures, int) or successes < 0 or failures < 0:
        return None
    trials = successes + failures
    return Rate(successes, trials, wilson(successes, trials)) if trials else None


def percent(share: float) -> str:
    """A share in percent, without the sign: 0 and 100 are exact, and nothing else is rounded to them."""
    if share in (0, 1):
        return f"{share * 100:.0f}"
    for decimals in (1, 2, 3):
        written = f"{share * 100:.{decimals}f}"
        if 0 < float(written) < 100:
            return written
    return "more than 99.999" if share > 0.5 else "less than 0.001"
