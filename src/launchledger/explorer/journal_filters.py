"""The parameters of the page of changes: the same names and meanings as those of `/ledger/changes/`, and `before`.

Promises: each value has a bound before it reaches a query, and one that cannot be read is refused by the parameter's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from launchledger.api.answers import parse_key
from launchledger.explorer.changes import VERBS
from launchledger.explorer.lists import Option, Options, Refused
from launchledger.formats.texts import shorten
from launchledger.history.changes import Filters
from launchledger.history.names import columns_named
from launchledger.journal.models import Entry
from launchledger.wire.resources import Resource
from launchledger.wire.served import DEFAULT
from launchledger.wire.values import LARGEST_INTEGER

NAMES = ("resource", "id", "action", "column", "source")
LONGEST_SOURCE = 500  # characters


@cache
def resources() -> dict[str, Resource]:
    """The resources whose objects have a history, by path."""
    return {path: resource for path, resource in DEFAULT.resources.items() if not resource.when}


@cache
def resource_options() -> Options:
    """Those that are served in lists; choice lists last."""
    ordered = sorted(resources().values(), key=lambda resource: (resource.is_choice_list, resource.summary))
    return Options([Option(resource.path, resource.summary) for resource in ordered])


@cache
def action_options() -> Options:
    return Options([Option(action, VERBS[action]) for action in Entry.Action.values])


def filters_in(query: Mapping[str, str]) -> Filters:
    """The filters of a query. Raises Refused with a reason for each value that cannot be read."""
    given = {name: query.get(name, "") for name in NAMES}
    reasons: dict[str, list[str]] = {}

    def refuse(name: str, reason: str) -> None:
        reasons[name] = [reason]

    resource = resources().get(given["resource"])
    if given["resource"] and resource is None:
        refuse("resource", f"{shorten(given['resource'])} is not a resource of this server.")
    key: Any = None
    if given["id"]:
        key = parse_key(resource, given["id"]) if resource else None
        if resource is None and "resource" not in reasons:
            refuse("id", "An id needs the resource that it belongs to.")
        elif key is None:
            refuse("id", f"{shorten(given['id'])} is not an id of this resource.")
    if given["action"] and given["action"] not in Entry.Action.values:
        refuse("action", f"{shorten(given['action'])} is not one of {', '.join(Entry.Action.values)}.")
    if given["column"] and not columns_named(given["column"]):
        refuse("column", f"No object has a column {shorten(given['column'])}.")
    if len(given["source"]) > LONGEST_SOURCE or "\0" in given["source"]:
        refuse("source", f"A source has at most {LONGEST_SOURCE} characters, and no NUL.")
    if reasons:
        raise Refused(reasons)
    return Filters(
        resource=given["resource"],
        id="" if key is None else str(key),
        column=given["column"],
        source=given["source"],
        action=given["action"],
    )


def before_in(query: Mapping[str, str]) -> int:
    """The serial before which the page ends; the largest there can be where the query has none."""
    text = query.get("before", "")
    if not text:
        return LARGEST_INTEGER
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST_INTEGER)) or int(text) > LARGEST_INTEGER:
        raise Refused({"before": [f"{shorten(text)} is not the serial of an entry: enter a whole number."]})
    return int(text)
