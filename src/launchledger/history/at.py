"""A detail of the wire as this catalogue knew it at a time.

Promises: what the server of that time answered, as far as the journal goes back: relations, lists, derived numbers, running
durations and deletions as they stood, in the shape of the wire. A time that is still to come counts as now. Refuses (TooMuch)
objects and times whose reply would need more than a bounded number of rows and entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from launchledger import clock
from launchledger.catalogue.actions.columns import ModelList, OwnedList, ReverseList, table
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import NAMED_BY
from launchledger.catalogue.pictures import COLUMNS as PICTURES
from launchledger.catalogue.pictures import address_of
from launchledger.catalogue.queries.snapshots import snapshot
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.documents.freshness import expires_at
from launchledger.documents.listed import needed_relations
from launchledger.documents.renderer import Address, Json, Key
from launchledger.formats.times import MINUTE, SECOND, format_duration, parse_date_time, parse_duration
from launchledger.history.past import Past, PastRow, State
from launchledger.wire.fields import TEXT_OF, Field, Kind, Shape
from launchledger.wire.resources import LIST, Resource

_RECENT = timedelta(hours=24)  # after which a launch or an event is no longer upcoming


def detail_at(at: datetime, resource: Resource, key: Key, shape: Shape, address: Address, pictures: str) -> Json | None:
    """The detail of one object in this shape; None where there was no such object.

    `address` is how the reply writes the addresses of objects, and `pictures` the base of the neutral picture. Raises TooMuch.
    """
    now = clock.now()
    if at > now:
        expires_at((int(now.timestamp()) // 60 + 1) * 60)  # durations run on, and the times of launches pass
        at = now
    with snapshot():
        past = Past(at)
        writer = _Writer(past, at, address, pictures)
        while True:
            value = writer.detail(resource, key, shape)
            if not past.read():
                return value


class _Writer:
    """Objects as of a time. What is not read yet is wanted of `past`, and None meanwhile."""

    def __init__(self, past: Past, at: datetime, address: Address, pictures: str) -> None:
        self._past = past
        self._at = at
        self._address = address
        self._pictures = pictures
        self._complete: dict[tuple[Shape, Key], Json] = {}

    def detail(self, resource: Resource, key: Key, shape: Shape) -> Json | None:
        model = model_of(shape.model)
        row = self._past.row(model, key)
        if row is None or not row.is_shown or not self._is_in_part(resource, row):
            return None
        return self._object(shape, model, key)

    def _is_in_part(self, resource: Resource, row: PastRow) -> bool:
        """Whether an upcoming or previous resource had this row (`api.time_windows`)."""
        if not resource.when:
            return True
        shape = resource.shape_in(LIST)
        moment = row.value(resource.time_column)
        if moment is None or not self._is_listed(shape, row):
            return False
        time = parse_date_time(moment)
        return time >= self._at - _RECENT if resource.when == "upcoming" else time <= self._at

    def _is_listed(self, shape: Shape, row: PastRow) -> bool:
        """Whether a list in this shape showed a row that was not deleted (`documents.listed`)."""
        if row.model is Launch and row.value(NAMED_BY) is None:
            return False
        for column, nested in needed_relations(shape).items():
            key = row.value(column)
            if key is None:
                return False
            related = self._past.row(_target(row.model, column), key)
            if related is not None and not self._is_listed(nested, related):
                return False
        return True

    def _object(self, shape: Shape, model: type[Observed], key: Key) -> Json | None:
        """An object with an id. Once all of it is read it is written no more."""
        known = self._complete.get((shape, key))
        if known is not None:
            return known
        wanted = self._past.wanted
        row = self._past.row(model, key)
        if row is None or not row.existed:
            return None
        written = self._fields(shape, row)
        if self._past.wanted == wanted:
            self._complete[shape, key] = written
        return written

    def _fields(self, shape: Shape, row: State) -> Json:
        return {field.key: self._value(shape, field, row) for field in shape.fields if field.sent}

    def _value(self, shape: Shape, field: Field, row: State) -> Any:
        """The value of a field, by the rules of `documents.plan` and `documents.renderer`."""
        match field.kind:
            case Kind.URL:
                return f"{self._address.base}{field.resource}/{row.key}{self._address.end}"
            case Kind.DURATION if field.column in running_columns(row.model):
                return self._running(row.value(field.column), row.value(field.column + SINCE))
            case Kind.TEXT if field.column in PICTURES:
                return address_of(row.value(field.column), self._pictures)
            case Kind.NUMBER:
                number = row.value(field.column)
                return None if number is None else float(number)
            case Kind.PART:
                return self._part(shape.nested(field), row)
            case Kind.COMPUTED:
                return self._computed(field, row)
            case Kind.ONE | Kind.MANY:
                return self._related(shape.nested(field), field, row)
        return row.value(field.column)

    def _running(self, stored: str | None, since: str | None) -> str | None:
        if since is None:
            return stored
        before = parse_duration(stored) // timedelta(microseconds=1) if stored else 0
        began = int(parse_date_time(since).timestamp()) * SECOND
        return format_duration(before + max(0, int(self._at.timestamp()) // 60 * MINUTE - began))

    def _part(self, shape: Shape, row: State) -> Json | None:
        own = next((field.column for field in shape.fields if field.key == "id"), "")
        return None if own and row.value(own) is None else self._fields(shape, row)

    def _computed(self, field: Field, row: State) -> Any:
        if not field.path:
            return field.value or None
        own = row.value(field.column) if field.column else None
        return self._along(row, field.path) if own is None else own

    def _along(self, row: State, path: Sequence[str]) -> Any:
        """The column at the end of a path of relations."""
        *steps, last = path
        for step in steps:
            key = row.value(step)
            if key is None or (last == "id" and step == steps[-1]):
                return key
            related = self._past.row(_target(row.model, step), key)
            if related is None:
                return None
            row = related
        return row.value(last)

    def _related(self, shape: Shape, field: Field, row: State) -> Any:
        """The object or the objects that a relation or a list leads to."""
        if field.queried:
            return []
        agrees = True
        if field.coarse:
            text = row.value(field.column + TEXT_OF)
            agrees = text is not None and text == row.value(field.coarse[0][0])
        relation = row.model._meta.get_field(field.column)
        if field.kind is Kind.ONE and relation.concrete:
            key = row.value(field.column) if agrees else None
            return None if key is None else self._object(shape, relation.related_model, key)
        members = self._members(shape, table(row.model).lists[field.column], row) if agrees and isinstance(row, PastRow) else []
        if field.kind is Kind.ONE:
            return members[0] if members else None
        return members

    def _members(self, shape: Shape, model_list: ModelList, row: PastRow) -> list[Json | None]:
        """The members of a list, without those that were deleted."""
        members = self._past.list_of(model_list, row) or ()
        if isinstance(model_list, OwnedList):
            return [self._fields(shape, member) for member in members]
        model = model_list.member if isinstance(model_list, ReverseList) else _target(model_list.link, "member")
        rows = [self._past.row(model, key) for key in members]
        return [self._object(shape, model, each.key) for each in rows if each is not None and each.is_shown]


def _target(model: Any, relation: str) -> type[Observed]:
    """The model of the rows that a relation leads to."""
    target: type[Observed] = model._meta.get_field(relation).related_model
    return target
