"""Objects, columns and values as people write them, and as the catalogue stores them.

Promises: a value is read by the shapes of the wire, as a reply would be, so it has the declared type. A Refused says in one line
what is wrong and what is possible. Refuses columns that follow from others, null where the wire has none, and objects in place of
ids: an override changes one row.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from launchledger.catalogue.actions import Wanted
from launchledger.catalogue.actions.overriding import is_overridable
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.records import Key
from launchledger.curation.finding import called, with_name_like
from launchledger.formats.texts import shorten
from launchledger.history import wording
from launchledger.ingest.objects import resource_named
from launchledger.wire.fields import SCALARS, Field, Kind
from launchledger.wire.reader import Refusal, Vocabulary
from launchledger.wire.served import DEFAULT

LONGEST_VALUE = 200_000  # characters of a value as it is written
LONGEST_ID = 36  # characters
MOST_NAMES = 100  # in a list; there may be more ids
_CANDIDATES = 3  # objects that a refusal suggests
_WRITTEN_PLAIN = frozenset({Kind.TEXT, Kind.NAME_OF, Kind.DATE, Kind.DATE_TIME, Kind.DURATION})


class Refused(ValueError):
    """Why something is not understood, in one line."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of objects, by the name that people give it: the path of its resource, or else the kind in lower case."""

    kind: str
    name: str

    @property
    def vocabulary(self) -> Vocabulary:
        return DEFAULT.reader.vocabularies[self.kind]

    def part(self, field: Field) -> Vocabulary:
        """The keys of a part of the object, such as the rocket of a launch."""
        return DEFAULT.reader.vocabularies[f"{self.kind}.{DEFAULT.shapes[field.shape].part}"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name on the wire, such as `net` or `rocket.configuration`; `path` are the keys that lead to it."""

    subject: Subject
    path: tuple[str, ...]
    field: Field

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def member(self) -> str:
        """The model of the objects that a relation or list leads to."""
        return DEFAULT.shapes[self.field.shape].model

    @property
    def has_ids(self) -> bool:
        """Whether it is a relation, or a list of objects with ids."""
        return self.field.kind in (Kind.ONE, Kind.MANY) and self.member in DEFAULT.reader.keyed_models


def subject_named(name: str) -> Subject:
    """The objects with this name: a resource, such as `launch`, or a kind that only others show, such as `landing`."""
    path = resource_named(name[:100])
    kind = DEFAULT.model_of_path[path] if path else _kinds().get(name.lower().replace("_", "").replace("-", ""), "")
    if kind not in DEFAULT.reader.keyed_models:
        raise Refused(f"{shorten(name)} is not a resource of version {DEFAULT.version}, such as launch or config/launcher")
    return subject_of(kind)


def subject_of(kind: str) -> Subject:
    """The objects of this kind."""
    return Subject(kind, DEFAULT.path_of_model.get(kind) or kind.lower())


def key_of(subject: Subject, text: str) -> Key:
    """The key of the object with this id."""
    is_text = subject.vocabulary["id"].kind is Kind.TEXT
    try:
        return str(UUID(text)) if is_text else _number(text)
    except ValueError:
        kind = "a UUID" if is_text else "a number"
        raise Refused(f"{shorten(text)} is not an id of {subject.name}, which is {kind}") from None


def column_named(subject: Subject, name: str) -> Column:
    """The column with this name, if it can be overridden."""
    path = tuple(name.split(".")) if name.count(".") < 2 else (name,)
    field = subject.vocabulary.get(path[0])
    if field is not None and field.kind is Kind.PART:
        part = subject.part(field)
        if len(path) == 1:
            raise Refused(f"{name} has parts: name one, such as {name}.{next(key for key in part if key != 'id')}")
        field = part.get(path[1])
    elif len(path) > 1:
        field = None
    if field is None:
        close = get_close_matches(name[:100], _names(subject), 3)
        raise Refused(f"{shorten(name)} is not a column of {subject.name}" + (f"; is it {' or '.join(close)}?" if close else ""))
    if field.kind is Kind.COMPUTED and field.path:
        raise Refused(f"{name} follows from {'.'.join(field.path)}; override that")
    if name == "id" or field.kind in (Kind.URL, Kind.COMPUTED):
        raise Refused(f"{name} cannot be overridden")
    if not is_overridable(model_of(subject.kind), field.column):
        raise Refused(f"{name} shows objects that name this one; override that column of theirs")
    return Column(subject, path, field)


def column_of(kind: str, column: str) -> Column:
    """The column that the catalogue stores under this name."""
    subject = subject_of(kind)
    for key, field in subject.vocabulary.items():
        if field.kind is Kind.PART:
            for nested_key, nested in subject.part(field).items():
                if nested.column == column and nested.kind is not Kind.COMPUTED:
                    return Column(subject, (key, nested_key), nested)
        elif field.column == column and field.kind not in (Kind.URL, Kind.COMPUTED):
            return Column(subject, (key,), field)
    raise LookupError(f"{kind} has no column {column}")


def value_in(column: Column, text: str) -> Any:
    """The value that a text on the command line stands for, as a file has it.

    Texts, times and durations are written as they are, or as JSON in quotes; `null` is no value. Another object is written by its
    id or its name, several with commas between them. Everything else is JSON.
    """
    if len(text) > LONGEST_VALUE:
        raise Refused(f"{column.name} has {len(text):,} characters, more than {LONGEST_VALUE:,}")
    kind = column.field.kind
    if text == "null":
        return None
    if kind in _WRITTEN_PLAIN and not text.startswith('"'):
        return text
    if kind is Kind.MANY and column.has_ids and not text.startswith("["):
        return _meant(column, [each.strip() for each in text.split(",") if each.strip()])
    if column.has_ids:
        return _meant(column, [text.strip()])[0] if kind is Kind.ONE else _json(column, text)
    return _json(column, text) if kind is not Kind.MANY or text else []


def wanted(column: Column, key: Key, value: Any, reason: str, until: datetime | None = None) -> Wanted:
    """The override that gives a column this value, which is as a file has it."""
    body = _body(column, value)
    try:
        first, *nested = DEFAULT.reader.read(column.subject.kind, {"id": key, **body})
    except Refusal as refusal:
        raise Refused(f"{refusal.path.removeprefix('$.')} {refusal.reason}") from None
    stored = column.field.column
    if value is None and not column.field.null:
        raise Refused(f"{column.name} is never null on the wire")
    if stored in first.owned:
        if any("not_understood" in member for member in first.owned[stored]):
            raise Refused(f"{column.name} has keys that it has not on the wire")
        if any(each.columns or each.lists or each.owned or each.not_understood for each in nested):
            raise Refused(f'{column.name} has an object with more than its id; write {{"id": 1}}')
        return Wanted(first.model, key, stored, {stored: first.owned[stored]}, reason, until)
    values = {stored: first.lists[stored]} if stored in first.lists else {stored: first.columns[stored], **first.columns}
    return Wanted(first.model, key, stored, values, reason, until)


def written(column: Column, stored: Any) -> Any:
    """A stored value as a file has it: the members of a list without ids as on the wire, with relations as their ids."""
    if column.field.kind is not Kind.MANY or column.has_ids:
        return stored
    fields = DEFAULT.reader.vocabularies[column.member]
    return [{key: _of_member(field, member) for key, field in fields.items()} for member in stored]


def _of_member(field: Field, member: dict[str, Any]) -> Any:
    if field.kind is not Kind.ONE:
        return member[field.column]
    key = member[f"{field.column}_id"]
    return None if key is None else {"id": key}


def _body(column: Column, value: Any) -> dict[str, Any]:
    if column.has_ids and value is not None:
        if column.field.kind is Kind.ONE:
            value = _reference(column, value)
        elif isinstance(value, list):
            value = [_reference(column, each) for each in value]
            if len({str(each) for each in value}) < len(value):
                raise Refused(f"{column.name} has an id twice")
    body = {column.path[-1]: value}
    return {column.path[0]: body} if len(column.path) > 1 else body


def _reference(column: Column, key: Any) -> dict[str, Any]:
    if isinstance(key, dict | list):
        raise Refused(f"{column.name} is made of ids, not of objects")
    return {"id": key}


def _names(subject: Subject) -> list[str]:
    return [key for key, field in subject.vocabulary.items() if field.kind in {*SCALARS, Kind.ONE, Kind.MANY} and key != "id"]


def _kinds() -> dict[str, str]:
    return {kind.lower(): kind for kind in DEFAULT.reader.keyed_models}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        raise ValueError
    return int(text)


def _meant(column: Column, texts: list[str]) -> list[Key]:
    """The ids of the objects that these texts mean: a text that is an id itself, or the id of the only object with this name.

    A name costs a query, so there are at most MOST_NAMES.
    """
    other, found, names = subject_of(column.member), list[Key](), 0
    for text in texts:
        try:
            found.append(key_of(other, text))
        except Refused:
            names += 1
            if names > MOST_NAMES:
                raise Refused(f"{column.name} has more than {MOST_NAMES} names; write ids") from None
            found.append(_called(column, text))
    return found


def _called(column: Column, name: str) -> Key:
    kind = column.member
    found = called(kind, name, _CANDIDATES + 1)
    if len(found) == 1:
        return found[0][0]
    if found:
        ids = ", ".join(str(key) for key, _ in found[:_CANDIDATES]) + (" or another one" if found[_CANDIDATES:] else "")
        raise Refused(f"{column.name}: several have the name {shorten(name)}; write the id of one, such as {ids}")
    close = [f"{shorten(other)} ({key})" for key, other in with_name_like(kind, name, _CANDIDATES)]
    raise Refused(
        f"{column.name}: no {wording.kind(kind)} has the id or the name {shorten(name)}"
        + (f"; is it {' or '.join(close)}?" if close else "")
    )


def _json(column: Column, text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        if column.field.kind is Kind.MANY or text.startswith('"'):
            raise Refused(f"{column.name} is not JSON: {shorten(text)}") from None
        return text  # the reader says what it expects instead


def read_json(text: str | bytes, decode: Callable[..., Any] = json.loads) -> Any:
    """JSON from outside. ValueError where it is not JSON, or nested too deeply to be read."""
    try:
        return decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
