"""The parameters of the ledger's paths: each is declared once, with how it is read and what the OpenAPI document says of it.

Promises: as on the wire, unknown and empty parameters are ignored, of a repeated one the last counts, and a value that cannot be
read is refused with the framework's ValidationError by the parameter's name. Each value has a bound before it reaches a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.core.validators import ProhibitNullCharactersValidator
from rest_framework.exceptions import ValidationError

from launchledger.api.answers import parse_key
from launchledger.api.filters import DateTimeField
from launchledger.formats.texts import shorten
from launchledger.history.changes import Filters
from launchledger.history.names import columns_named
from launchledger.journal.models import Entry
from launchledger.wire.resources import DEFAULT_LIMIT, LARGEST_LIMIT, Resource
from launchledger.wire.served import DEFAULT
from launchledger.wire.values import LARGEST_INTEGER

LONGEST_WAIT = 30  # seconds

Json = dict[str, Any]

RESOURCES: Mapping[str, Resource] = {path: resource for path, resource in DEFAULT.resources.items() if not resource.when}
"""The resources whose objects have a history, by path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a query. `read` turns its text into a value, or raises ValueError with a text for the client."""

    name: str
    schema: Json
    description: str
    read: Callable[[str], Any]

    def as_openapi(self) -> Json:
        return {"name": self.name, "in": "query", "description": self.description, "schema": self.schema}


def read_parameters(declared: Iterable[Parameter], query: Mapping[str, str]) -> dict[str, Any]:
    """The values of those that the query has, by name. Raises ValidationError with all that cannot be read."""
    values, errors = {}, {}
    for parameter in declared:
        text = query.get(parameter.name, "")
        if text:
            try:
                values[parameter.name] = parameter.read(text)
            except ValueError as error:
                errors[parameter.name] = [str(error)]
            except Refused as refused:
                errors[parameter.name] = refused.messages
    if errors:
        raise ValidationError(errors)
    return values


def filters_of(values: Mapping[str, Any]) -> Filters:
    """The filters among these values. Raises ValidationError for an id without a resource, and one that nothing can have."""
    resource, id = values.get("resource", ""), values.get("id", "")
    if id:
        if not resource:
            raise ValidationError({"id": ["An id needs the resource that it belongs to."]})
        key = parse_key(RESOURCES[resource], id)
        if key is None:
            raise ValidationError({"id": [f"{shorten(id)} is not an id of {resource}."]})
        id = str(key)
    return Filters(
        resource=resource,
        id=id,
        column=values.get("column", ""),
        source=values.get("source", ""),
        action=values.get("action", ""),
        at_from=values.get("at__gte"),
        at_before=values.get("at__lt"),
    )


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST_INTEGER)) or int(text) > LARGEST_INTEGER:
        raise ValueError("Enter a whole number.")
    return int(text)


def _seconds(text: str) -> int:
    return min(_whole_number(text), LONGEST_WAIT)


def _one_of(choices: Iterable[str]) -> Callable[[str], str]:
    known = frozenset(choices)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"Select a valid choice. {shorten(text)} is not one of the available choices.")
        return text

    return read


def _text(text: str) -> str:
    ProhibitNullCharactersValidator()(text)
    return text


def _column(text: str) -> str:
    if not columns_named(text):
        raise ValueError(f"Select a valid choice. {shorten(text)} is not a column of any object.")
    return text


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("Must be true or false.")
    return text.lower() == "true"


def read_time(text: str) -> datetime:
    """A time of the client, in UTC. Raises the forms' ValidationError."""
    time: datetime = DateTimeField().clean(_text(text))
    return time


def _declare(name: str, schema: Json, description: str, read: Callable[[str], Any]) -> Parameter:
    return Parameter(name=name, schema=schema, description=description, read=read)


_INTEGER: Json = {"type": "integer", "minimum": 0, "maximum": LARGEST_INTEGER}
_TEXT: Json = {"type": "string"}
_TIME: Json = {"type": "string", "format": "date-time"}
_BOOLEAN: Json = {"type": "boolean"}

SINCE = _declare("since", _INTEGER, "Only entries after this serial.", _whole_number)
COLUMN = _declare("column", _TEXT, "Only entries that change this column, by its name on the wire, such as `net`.", _column)
SOURCE = _declare("source", _TEXT, "Only changes that this source said.", _text)
ACTION = _declare(
    "action", {"type": "string", "enum": list(Entry.Action.values)}, "Only entries of this action.", _one_of(Entry.Action.values)
)
FROM = _declare("at__gte", _TIME, "Only entries written at this time or later.", read_time)
BEFORE = _declare("at__lt", _TIME, "Only entries written before this time.", read_time)
RESOURCE = _declare(
    "resource", {"type": "string", "enum": sorted(RESOURCES)}, "Only objects of this resource.", _one_of(RESOURCES)
)
ID = _declare("id", _TEXT, "Only the object with this id; needs `resource`.", _text)
OF_ENTRIES = (COLUMN, SOURCE, ACTION, FROM, BEFORE)
"""What filters the entries of one object."""
FILTERS = (RESOURCE, ID, *OF_ENTRIES)
"""What filters the entries of all objects."""
NESTED = _declare("nested", _BOOLEAN, "Also what changed in its parts: crew, dockings, landings, stages.", _boolean)
WAIT = _declare(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
    f"Where nothing is there yet, wait so many seconds for it, at most {LONGEST_WAIT}.",
    _seconds,
)
LIMIT = Parameter(
    name="limit",
    schema={"type": "integer", "default": DEFAULT_LIMIT, "maximum": LARGEST_LIMIT},
    description="How many results a page has.",
    read=str,  # read as on the wire, where a value that is no number counts as missing
)
