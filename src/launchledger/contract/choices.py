"""What upstream's ids of choices mean, where something is decided by them (docs/numbers.md: the evidence)."""

from __future__ import annotations

FAILED = 4
LEFT = (3, FAILED, 6, 7, 9)  # statuses of launches: success, failure, in flight, partial failure, payload deployed
WAITING = (2, 5)  # to be determined, on hold
UNCONFIRMED = 8
EXACT = (0, 1, 2)  # precisions: second, minute, hour; anything coarser is a placeholder such as the end of a month
