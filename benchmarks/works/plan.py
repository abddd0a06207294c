"""A mirror of an upstream in memory for thirty virtual days, at 15 calls an hour: how soon it notices what changes.

This measures the plan of calls alone: no network, no database.
"""

from __future__ import annotations

from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from tests.support.virtual_mirror import Measured
from tests.support.virtual_mirror import measure as follow
from tests.support.virtual_upstream import HOUR, MINUTE

DAYS, QUICK_DAYS = 30, 5
FAULTS = 0.05
LIMIT = 15
# The kind of change, how its age is summed up, and the bar in seconds.
BARS = (
    ("within 1 h", "median", 5 * MINUTE),
    ("within 24 h", "median", 30 * MINUTE),
    ("other launches and events", "median", 2 * HOUR),
    ("anything else", "oldest", 48 * HOUR),
    ("deleted", "oldest", 72 * HOUR),
    ("details", "oldest", 48 * HOUR),
)


def measure(effort: Effort) -> Findings:
    found = Findings()
    days = QUICK_DAYS if effort.quick else DAYS
    for name, faults in (("", 0.0), (", faults at 5 %", FAULTS)):
        _record(found, name, follow(days, faults=faults))
    return found


def _record(found: Findings, name: str, measured: Measured) -> None:
    found.within(f"in memory: calls in any hour{name}", measured.most_in_an_hour, "calls", LIMIT)
    found.within(
        f"in memory: first walks, calls / least possible{name}", measured.bootstrap_calls / measured.least_calls, "x", 1.10
    )
    for urgency, kind, bar in BARS:
        _, middle, oldest = measured.ages.get(urgency, (0, 0.0, 0.0))
        age = max(oldest, measured.waiting.get(urgency, 0.0)) if kind == "oldest" else middle
        if not age:
            found.miss(f"{urgency}{name}: nothing changed")
            continue
        found.within(f"in memory: age of a change, {urgency}, {kind}{name}", age / MINUTE, "min", bar / MINUTE)
    found.within(f"in memory: rows that differ after a quiet sweep{name}", measured.differences, "rows", 0)
    found.record(
        Figure(f"in memory: planning a call{name}", 1_000 * measured.planning / sum(measured.by_what.values()), "ms CPU")
    )
