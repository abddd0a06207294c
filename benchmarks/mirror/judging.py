"""Judges a mirror: the age of each change when its journal had it, and the objects that differ from upstream's."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from typing import Any

from benchmarks.mirror.control import Control
from benchmarks.mirror.stock import rows


def ages(changes: list[dict[str, Any]], since: float | None, now: float) -> dict[str, dict[str, list[float]]]:
    """By urgency, the ages in seconds of the changes that were noticed, and of those that wait for it.

    A change is noticed when the first entry of the journal after it has its column. A change of an object that was deleted
    meanwhile, or that was made before all lists had been walked through once, does not count.
    """
    from launchledger.catalogue.models.kinds import model_of
    from launchledger.wire.served import DEFAULT

    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"noticed": [], "waiting": []})
    if since is None:
        return found
    entries = _entries()
    deleted = {(each["path"], each["key"]): each["at"] for each in changes if each["action"] == "delete"}
    for change in changes:
        at, path, key = change["at"], change["path"], change["key"]
        if at < since or at > now:
            continue
        kind = model_of(DEFAULT.resources[path].model).kind
        noticed = _first(entries.get((kind, key), []), change)
        if noticed is not None:
            found[change["urgency"]]["noticed"].append(noticed - at)
        elif change["action"] == "delete" and (kind, key) not in entries:
            continue  # it was never seen
        elif change["action"] == "delete" or deleted.get((path, key), now + 1) > now:
            found[change["urgency"]]["waiting"].append(now - at)
    return found


def _entries() -> dict[tuple[str, str], list[tuple[float, str, set[str]]]]:
    """The entries of each object: their times, actions and columns, the oldest first."""
    from launchledger.journal.models import Entry

    found: dict[tuple[str, str], list[tuple[float, str, set[str]]]] = defaultdict(list)
    for kind, key, at, action, columns in Entry.objects.order_by("serial").values_list("kind", "key", "at", "action", "changes"):
        found[kind, key].append((at.timestamp(), action, set(columns)))
    return found


def _first(entries: list[tuple[float, str, set[str]]], change: dict[str, Any]) -> float | None:
    """When an entry had the change for the first time."""
    action = {"delete": "deleted", "create": "created"}.get(change["action"])
    begin = bisect_left(entries, change["at"], key=lambda entry: entry[0])
    for at, of_entry, columns in entries[begin:]:
        if of_entry == action or (action is None and (of_entry == "created" or columns & set(change["columns"]))):
            return at
    return None


def differences(control: Control) -> list[str]:
    """The addresses of objects that differ in a reply, are missing, or should not be there, on all pages of all lists."""
    from launchledger.catalogue.actions import refresh
    from launchledger.wire.served import DEFAULT

    refresh()
    different: dict[str, str] = {}
    for resource in DEFAULT.resources.values():
        for mode in resource.modes:
            parameters = f"&mode={mode}" if mode != "normal" else ""
            theirs, ours = (
                {str(each["id"]): each for each in found}
                for found in (rows(control, resource.path, parameters), _ours(control, resource.path, parameters))
            )
            for key in theirs.keys() | ours.keys():
                if theirs.get(key) != ours.get(key):
                    different.setdefault(f"{resource.path}/{key}/", f"{mode}: {_why(theirs.get(key), ours.get(key))}")
    return sorted(f"{address} ({why})" for address, why in different.items())


def _why(theirs: dict[str, Any] | None, ours: dict[str, Any] | None) -> str:
    """Where two objects differ first."""
    if theirs is None or ours is None:
        return "only upstream has it" if ours is None else "only the mirror has it"
    name = next(name for name in theirs if theirs[name] != ours.get(name))
    return f"{name} is {theirs[name]!r:.60} upstream and {ours.get(name)!r:.60} in the mirror"


def _ours(control: Control, path: str, parameters: str) -> list[dict[str, Any]]:
    """The same rows from the mirror's own server."""
    from urllib.parse import urlsplit

    from django.test import Client

    client = Client()
    found: list[dict[str, Any]] = []
    while True:
        address = f"/2.2.0/{path}/?limit=100&offset={len(found)}{parameters}"
        page = json.loads(client.get(address, HTTP_HOST=urlsplit(control.url).netloc).content)
        found += page["results"]
        if not page["next"] or not page["results"]:
            return found
