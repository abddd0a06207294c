"""Changes to the sandbox's catalogue: as upstream's editors make them, through the same door as every other source.

A change names a resource and an id with `set` or `delete`, or a resource with `create`; `set` and `create` hold keys of the wire.
Where the wire shows an object, its id is enough: `"status": 3` is `"status": {"id": 3}`.

Promises: a change is made whole or not at all, and the reason says where it is wrong. It always wins over what was observed
before, wherever the clock stands. `last_updated` becomes the time of the change unless the change sets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from launchledger.catalogue.actions import Deletion, delete
from launchledger.catalogue.actions.seen import NOT_SAVED
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.queries.overview import sources
from launchledger.catalogue.starter import FIRST_OWN_ID
from launchledger.formats.texts import shorten
from launchledger.formats.times import UNKNOWN, format_date_time
from launchledger.ingest.objects import resource_named
from launchledger.ingest.receiving import Received, receive
from launchledger.ingest.reports import Complaint
from launchledger.wire.fields import Kind
from launchledger.wire.resources import Resource
from launchledger.wire.served import DEFAULT

SOURCE = "sandbox"
_ACTIONS = ("set", "create", "delete")


class Wrong(ValueError):
    """A change, a fault or a time that the sandbox refuses; the text says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `key` is None for `create` without an id, `body` holds the keys of the wire, None for a deletion."""

    resource: Resource
    key: int | str | None
    body: Mapping[str, Any] | None
    is_new: bool = field(default=False)


def parse_change(given: Any) -> Change:
    """Read a change; raises Wrong."""
    if not isinstance(given, dict):
        raise Wrong('A change is an object, such as {"resource": "launch", "id": "…", "set": {"status": 2}}.')
    actions = [action for action in _ACTIONS if action in given]
    if len(actions) != 1:
        raise Wrong("A change has one of set, create and delete.")
    if unknown := given.keys() - {"resource", "id", *_ACTIONS}:
        raise Wrong(f"A change has no key {shorten(min(unknown))}.")
    resource = DEFAULT.resources.get(resource_named(str(given.get("resource", ""))))
    if resource is None:
        raise Wrong(f"resource is {shorten(given.get('resource'))}, expected one of version {DEFAULT.version}, such as launch.")
    action = actions[0]
    if action == "delete":
        if given["delete"] is not True:
            raise Wrong("delete is true, or not there.")
        return Change(resource, _key(resource, given.get("id")), None)
    body = given[action]
    if not isinstance(body, dict):
        raise Wrong(f'{action} is an object with keys of the wire, such as {{"name": "…"}}.')
    if action == "create":
        return Change(resource, _key(resource, body["id"]) if "id" in body else None, body, is_new=True)
    return Change(resource, _key(resource, given.get("id")), body)


def _key(resource: Resource, value: Any) -> int | str:
    try:
        if resource.has_text_id:
            return str(UUID(value))
        if isinstance(value, bool) or int(value) < 0:
            raise ValueError
        return int(value)
    except (ValueError, TypeError, AttributeError):
        kind = "a UUID" if resource.has_text_id else "a number"
        raise Wrong(f"id is {shorten(value)}; an id of {resource.path} is {kind}.") from None


class Changer:
    """Makes changes, each as newer than all that is in the catalogue."""

    def __init__(self) -> None:
        self._count = 0

    @cached_property
    def _newest(self) -> datetime:
        """When the newest row was seen."""
        found = sources({resource.model for resource in DEFAULT.resources.values()})
        return max((source.newest or UNKNOWN for source in found), default=UNKNOWN)

    def make(self, change: Change, now: datetime) -> int | str:
        """Make a change as of `now`; returns the id of its object. Raises Wrong, and then nothing has changed."""
        self._newest = max(now, self._newest)
        self._count += 1
        model = model_of(change.resource.model)
        exists = change.key is not None and model._default_manager.filter(pk=change.key, deleted_at__isnull=True).exists()
        if exists == change.is_new and change.key is not None:
            raise Wrong(f"{change.resource.path}/{change.key}/ {'exists already' if exists else 'does not exist'}.")
        key = self._new_key(change.resource) if change.key is None else change.key
        if change.body is None:
            if delete(change.resource.model, key, self._newest, SOURCE) is Deletion.OUTDATED:
                raise Wrong(f"{change.resource.path}/{key}/ was observed after {format_date_time(self._newest)}.")
            return key
        self._receive(change.resource, {**change.body, "id": key}, now)
        return key

    def _new_key(self, resource: Resource) -> int | str:
        if resource.has_text_id:
            return str(uuid4())
        newest = model_of(resource.model)._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        return max(newest or 0, FIRST_OWN_ID - 1) + 1

    def _receive(self, resource: Resource, body: dict[str, Any], now: datetime) -> None:
        keys = {each.key: each for each in resource.detail.fields}
        if unknown := body.keys() - DEFAULT.reader.vocabularies[resource.model].keys():
            raise Wrong(f"{resource.path} has no key {shorten(min(unknown))}.")
        for key, value in body.items():
            if key in keys and keys[key].kind is Kind.ONE and isinstance(value, int | str):
                body[key] = {"id": value}
        if "last_updated" in keys:
            body.setdefault("last_updated", format_date_time(now.replace(microsecond=0)))
        complaints: list[Complaint] = []
        saved = NOT_SAVED + timedelta(microseconds=self._count)  # of two changes at the same time the later one wins
        received = Received(body, self._newest, SOURCE, "change", resource=resource.whole, saved=saved)
        receive([received], complaints.append)
        if complaints:
            raise Wrong(f"{complaints[0].path}: {complaints[0].reason}")
