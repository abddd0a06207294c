"""The meaning of those ids of upstream's choices that decide something (docs/numbers.md: the evidence).

By id: names were changed over the years ("Sub-Orbital" in replies of version 2.0.0), ids never.
"""

from __future__ import annotations

FAILED = 4
LEFT = (3, FAILED, 6, 7, 9)  # statuses of launches: success, failure, in flight, partial failure, payload deployed
WAITING = (2, 5)  # to be determined, on hold
UNCONFIRMED = 8
SUBORBITAL = 15  # an orbit
NOT_HUMAN = 6  # a type of astronauts
EXACT = (0, 1, 2)  # precisions: second, minute, hour; anything coarser is a placeholder such as the end of a month
