"""Overrides as a text file that can live in git.

Promises: the same overrides are the same text, one line for each fact, in the order of resource, id and column; importing an
export changes nothing. A file is imported whole or not at all; a Refused names the place. Refuses files larger than LARGEST_FILE.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from launchledger.catalogue.actions import MOST_OVERRIDES, OverrideRefused, Wanted, override
from launchledger.curation.columns import Refused, column_named, key_of, read_json, subject_named, wanted
from launchledger.curation.listing import Listed
from launchledger.formats.texts import shorten
from launchledger.formats.times import format_date_time, parse_date_time

LARGEST_FILE = 16 * 1024 * 1024  # bytes
_TEXTS = ("resource", "column", "reason")
_KEYS = frozenset({"resource", "id", "name", "column", "value", "reason", "until"})


def export(overrides: Iterable[Listed]) -> str:
    """The text of a file with these overrides. `name` is for people, and is not read."""
    return json.dumps({"overrides": [_written(each) for each in overrides]}, ensure_ascii=False, indent=1) + "\n"


def _written(each: Listed) -> dict[str, Any]:
    found = {"resource": each.column.subject.name, "id": each.key, "name": each.name, "column": each.column.name}
    found |= {"value": each.value, "reason": each.reason}
    return found | ({"until": format_date_time(each.until)} if each.until else {})


def import_file(content: bytes, now: datetime) -> tuple[int, int, int]:
    """Make the overrides of a file; returns how many it has, how many of them are new or changed, and how many are over.

    Those that are over by now are left out, and overrides that the file does not have stay.
    """
    items = _items(content)
    read: dict[int, Wanted] = {}
    places: dict[tuple[str, str, str], int] = {}
    over = 0
    for place, item in enumerate(items):
        try:
            each = _read(item)
            if places.setdefault(each.address, place) != place:
                raise Refused(f"it is the same column as $.overrides[{places[each.address]}]")
        except Refused as refused:
            raise Refused(f"$.overrides[{place}]: {refused}") from None
        if each.until is not None and each.until <= now:
            over += 1
        else:
            read[place] = each
    try:
        changed = override(list(read.values()))
    except OverrideRefused as refused:
        raise Refused(f"$.overrides[{list(read)[refused.place]}]: {refused}") from None
    return len(items), changed, over


def _items(content: bytes) -> Sequence[Any]:
    if len(content) > LARGEST_FILE:
        raise Refused(f"it is larger than {LARGEST_FILE // 1024 // 1024} MB")
    try:
        body = read_json(content)
    except ValueError as error:
        raise Refused(f"it is not JSON: {error}") from None
    items = body.get("overrides") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise Refused("it has no list of overrides")
    if len(items) > MOST_OVERRIDES:
        raise Refused(f"it has {len(items):,} overrides, more than {MOST_OVERRIDES:,}")
    return items


def _read(item: Any) -> Wanted:
    if not isinstance(item, dict):
        raise Refused("it is not an object")
    if unknown := sorted(item.keys() - _KEYS):
        raise Refused(f"{shorten(unknown[0])} is not a key of an override")
    for key in ("id", "value", *_TEXTS):
        if key not in item:
            raise Refused(f"it has no {key}")
        if key in _TEXTS and not isinstance(item[key], str):
            raise Refused(f"its {key} is not text")
    subject = subject_named(item["resource"])
    column = column_named(subject, item["column"])
    until = item.get("until")
    try:
        at = None if until is None else parse_date_time(until) if isinstance(until, str) else None
        if until is not None and at is None:
            raise ValueError("until is not text")
    except ValueError as error:
        raise Refused(f"its until: {error}") from None
    return wanted(column, key_of(subject, str(item["id"])), item["value"], item["reason"], at)
