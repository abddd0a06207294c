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


def read_templates(control: Control, stock: Stock) -> dict[str, dict[str, Any]]:
    """By list, what a new object of it has: the same as one that is there, without members, and related objects by their ids.

    The sandbox shows an object that lacks what all others have in some modes of its list only; upstream has none.
    """
    found: dict[str, dict[str, Any]] = {}
    for path, objects in stock.items():
        if objects:
            key = min(objects, key=lambda each: each if path == "launch" else int(each))
            found[path] = _template(json.loads(control.ask("GET", f"/2.2.0/{path}/{key}/")))
    return found


def _template(body: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in body.items():
        if isinstance(value, dict):
            value = (
                {"id": value["id"], "configuration": {"id": value["configuration"]["id"]}}
                if name == "rocket"
                else value.get("id")
            )
        if name not in ("id", "url", "slug", "last_updated") and value is not None and not isinstance(value, list):
            found[name] = value
    return found


def rows(control: Control, path: str, parameters: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = json.loads(control.ask("GET", f"/2.2.0/{path}/?limit=100&offset={len(found)}{parameters}"))
        found += page["results"]
        if not page["next"] or not page["results"]:
            return found
