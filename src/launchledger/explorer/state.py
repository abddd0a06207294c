"""Results that are kept while the catalogue stays as it is.

Promises: a result is never older than the journal's newest entry. At most `_LARGEST` results of one function are kept; arguments
that a stranger chooses must be few by then.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.urls import get_script_prefix

from launchledger.database.files import another_file
from launchledger.journal.reading import NOTHING, newest

_LARGEST = 64

Given = ParamSpec("Given")
Found = TypeVar("Found")


def per_state(compute: Callable[Given, Found]) -> Callable[Given, Found]:
    """Keep what a function returns, by its arguments and the prefix of addresses, until something is written.

    Costs one query each time.
    """
    kept: dict[Any, Any] = {}
    state: list[Any] = [NOTHING]

    @wraps(compute)
    def computed_once(*given: Given.args, **named: Given.kwargs) -> Found:
        now = newest()
        if now != state[0] or len(kept) >= _LARGEST:
            kept.clear()
            state[0] = now
        key = (get_script_prefix(), given, tuple(sorted(named.items())))
        if key not in kept:
            kept[key] = compute(*given, **named)
        found: Found = kept[key]
        return found

    def forget(**_: Any) -> None:
        kept.clear()
        state[0] = NOTHING

    another_file.connect(forget, weak=False)
    computed_once.forget = forget  # type: ignore[attr-defined]
    return computed_once
