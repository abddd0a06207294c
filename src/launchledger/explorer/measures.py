"""How facts about vehicles are written: measures with their units, whether they are used, how they landed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from launchledger.explorer.sources import Sources


def in_unit(unit: str) -> Callable[[Any], str]:
    """How a number of this unit is written, such as `7,607 kN`."""
    return lambda value: f"{value:,} {unit}"


def dollars(text: str) -> str:
    """A cost of the wire, which is a text: figures are US dollars, anything else is left as it is."""
    return f"${int(text):,}" if text.isdecimal() and len(text) < 20 else text


def use_of(shown: Mapping[str, Any], sources: Sources, column: str) -> str:
    """Whether a configuration is in use, by this column; "" if no reply told."""
    if sources.of(column) is None:
        return ""
    return "In use" if shown[column] else "Not in use"


def landing_of(landing: Mapping[str, Any] | None) -> str:
    """How a landing went; "" if none is known."""
    if not landing:
        return ""
    if not landing["attempt"]:
        return "none tried"
    return {None: "planned", True: "landed", False: "failed"}[landing["success"]]


def landing_with_place(landing: Mapping[str, Any] | None) -> str:
    """How a landing went, and where."""
    place = ((landing or {}).get("location") or {}).get("name") or ((landing or {}).get("type") or {}).get("name") or ""
    return f"{landing_of(landing)}: {place}" if place else landing_of(landing)
