"""The success rate and its interval."""

from __future__ import annotations

import pytest

from launchledger.explorer.statistics.success import rate


@pytest.mark.parametrize(
    ("successes", "launches", "expected"),
    [
        # Wilson, "Probable inference" (1927), as statistics packages compute it for 95 %.
        (0, 10, (0, 0, 27.75)),
        (1, 1, (100, 20.65, 100)),
        (8, 10, (80, 49.02, 94.33)),
        (10, 10, (100, 72.25, 100)),
        (98, 100, (98, 93.00, 99.45)),
    ],
)
def test_the_interval_is_wilsons(successes: int, launches: int, expected: tuple[float, float, float]) -> None:
    """Within 0 and 100 %, and never empty, also where all succeeded or none."""
    assert rate(successes, launches) == pytest.approx(expected, abs=0.01)
