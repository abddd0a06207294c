"""A system check of the counters. W001: throttling is on, but calls cannot be counted.

A warning, not an error: the server answers without them. `launchledger check` reports it, `launchledger serve` starts anyway.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from launchledger.access.counters import CountersFail
from launchledger.access.places import counters
from launchledger.conf.rates import Rate


@register
def check_counters(**_: Any) -> list[CheckMessage]:
    """Use the counters once, where they are needed."""
    if not (settings.THROTTLE_ANONYMOUS or settings.THROTTLE_KEYS or settings.COUNTERS_URL):
        return []
    try:
        counters().use("check", Rate(1, 1), 1)
    except CountersFail as error:
        hint = "Meanwhile no call is throttled. Set LAUNCHLEDGER_CACHE_URL to where calls can be counted."
        return [Warning(f"Calls cannot be counted: {error}.", hint, id="launchledger.W001")]
    return []
