"""A system check of the counters: W001, calls are to be throttled and cannot be counted.

A warning and no error: the server answers without them. `launchledger check` tells it, `launchledger serve` starts nevertheless.
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
    """Ask the counters something, where they are needed."""
    if not (settings.THROTTLE_ANONYMOUS or settings.THROTTLE_KEYS or settings.COUNTERS_URL):
        return []
    try:
        counters().use("check", Rate(1, 1), 1)
    except CountersFail as error:
        hint = "Until they can be, nobody is throttled. LAUNCHLEDGER_CACHE_URL says where they are counted."
        return [Warning(f"Calls cannot be counted: {error}.", hint, id="launchledger.W001")]
    return []
