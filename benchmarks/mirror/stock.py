"""What a sandbox has, read from its own lists."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.mirror.control import Control

Stock = dict[str, dict[str, dict[str, Any]]]  # by path and id


def read_stock(control: Control) -> Stock:
    """Every object of every list, in the shortest form that a list has."""
    from launchledger.wire.served import DEFAULT

    found: Stock = {}
    for resource in DEFAULT.resources.values():
        if not resource.when:
            mode = "&mode=list" if "list" in resource.modes and resource.path != "launch" else ""
            found[resource.path] = {str(each["id"]): each for each in rows(control, resource.path, mode)}
    return found


def rows(control: Control, path: str, parameters: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = json.loads(control.ask("GET", f"/2.2.0/{path}/?limit=100&offset={len(found)}{parameters}"))
        found += page["results"]
        if not page["next"] or not page["results"]:
            return found
