"""The shapes read backwards: a reply becomes records of what it says about each object in it.

Promises: an object is read whole or refused whole, with the JSON path and the reason; a key that no shape knows is kept;
a key that is absent says nothing, a null says null. Shapes of one model agree on what a key means (checked at import), but that a
list may show a relation by its name only; so an object is read by its model and no guess about its mode is needed.
Refuses: values of a wrong type or that no database can hold, and ids that contradict the object's own address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any

from launchledger.contract.addresses import READABLE_VERSIONS, parse_address
from launchledger.contract.fields import Field, Kind
from launchledger.contract.formats import shorten
from launchledger.contract.shapes import SHAPES
from launchledger.contract.values import SCALAR_READERS, describe, read_integer, read_unknown

Key = int | str
MOST_RECORDS = 50_000  # in one object; the largest that upstream was seen to send makes some 2,000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LONGEST_KEY = 60  # characters of a key in a path


class Refusal(ValueError):
    """Why an object is not taken: `path` is the JSON path from its root (`$`), `reason` says what is wrong there."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(slots=True)
class Record:
    """What one object of a reply says about one row.

    `columns` holds plain values and the keys of `one` relations; `lists` the keys of members in the order given; `owned` the rows
    of lists whose members have no id, each as columns; `not_understood` the keys that no shape knows, as they came.
    """

    model: str
    key: Key
    columns: dict[str, Any] = default(default_factory=dict)
    lists: dict[str, list[Key]] = default(default_factory=dict)
    owned: dict[str, list[dict[str, Any]]] = default(default_factory=dict)
    not_understood: dict[str, Any] = default(default_factory=dict)


Vocabulary = Mapping[str, Field]


def within(path: str, key: str) -> str:
    """The JSON path of a key of the object at `path`, of bounded length: keys come from outside."""
    return f"{path}.{key}" if len(key) <= _LONGEST_KEY else f"{path}.{key[: _LONGEST_KEY - 3]}..."


def _vocabularies() -> dict[str, dict[str, Field]]:
    """What each key means, for each model and each part of a model, from every shape that shows it."""
    vocabularies: dict[str, dict[str, Field]] = {}
    for shape in SHAPES.values():
        vocabulary = vocabularies.setdefault(f"{shape.model}.{shape.part}" if shape.part else shape.model, {})
        for field in shape.fields:
            known = vocabulary.get(field.key, field)
            stored, shown = (field, known) if known.kind is Kind.COMPUTED else (known, field)
            if shown.kind is Kind.COMPUTED and stored.kind is not Kind.COMPUTED:
                stored = replace(stored, named_in=shown.column)
            elif not _agree(stored, shown):
                raise ValueError(f"{shape.name}.{field.key} means something else than in another shape of {shape.model}")
            vocabulary[field.key] = stored
    for shape in SHAPES.values():
        for name in (field for field in shape.fields if field.kind is Kind.COMPUTED and field.column):
            _supersede(vocabularies[shape.model], name)
    return vocabularies


def _supersede(vocabulary: dict[str, Field], name: Field) -> None:
    """Have the relation that a name belongs to clear it: seen itself, it says more, and its name may be another."""
    for key, field in vocabulary.items():
        if field.kind is Kind.ONE and field.column == name.path[0]:
            vocabulary[key] = replace(field, names_below=(*field.names_below, name.column))


def _agree(known: Field, other: Field) -> bool:
    return (known.kind, known.column, _target(known), known.tells) == (other.kind, other.column, _target(other), other.tells)


def _target(field: Field) -> str:
    return SHAPES[field.shape].model if field.shape else ""


VOCABULARIES = _vocabularies()
KEYED_MODELS = frozenset(shape.model for shape in SHAPES.values() if shape.has_key and not shape.part)


def read(model: str, body: Any) -> list[Record]:
    """Read one object and all that is nested in it; the first record is the object's own.

    Raises Refusal if any part of it cannot be taken.
    """
    records: list[Record] = []
    try:
        _read_object(model, body, "$", records)
    except RecursionError:
        raise Refusal("$", "is nested too deeply") from None
    return records


def _read_object(model: str, body: Any, path: str, records: list[Record]) -> Record:
    if not isinstance(body, dict):
        raise Refusal(path, f"is {describe(body)}, expected an object")
    vocabulary = VOCABULARIES[model]
    if model in KEYED_MODELS:
        if "id" not in body:
            raise Refusal(path, "has no id")
        record = Record(model, _read_key(vocabulary["id"], body["id"], f"{path}.id"))
    else:
        record = Record(model, 1)  # the dashboard: there is one
    if len(records) >= MOST_RECORDS:
        raise Refusal(path, f"more than {MOST_RECORDS:,} objects in one")
    records.append(record)
    _read_fields(vocabulary, body, path, record, records)
    return record


def _read_fields(vocabulary: Vocabulary, body: dict[str, Any], path: str, record: Record, records: list[Record]) -> None:
    along: list[tuple[Field, Any]] = []
    for key, value in body.items():
        field = vocabulary.get(key)
        if field is None:
            _keep(key, value, path, record)
            continue
        if field.loads:
            along.append((field, value))  # it speaks of a row that may stand behind it
            continue
        read_scalar = SCALAR_READERS.get(field.kind)
        if read_scalar is not None:
            if value is None:
                record.columns[field.column] = None
            else:
                try:
                    record.columns[field.column] = read_scalar(value)
                except ValueError as error:
                    raise Refusal(f"{path}.{key}", str(error)) from None
        else:
            _STRUCTURE_READERS[field.kind](field, value, f"{path}.{key}", record, records)
    record.columns.pop("id", None)
    for field, value in along:
        if value is not None:
            _read_along(field, value, f"{path}.{field.key}", record, records)


def _keep(key: str, value: Any, path: str, record: Record) -> None:
    """Keep what is not understood as it came; `path` is that of the object that holds the key."""
    try:
        read_unknown({key: value})
    except ValueError as error:
        raise Refusal(within(path, key), str(error)) from None
    record.not_understood[key] = value


def _read_url(field: Field, value: Any, path: str, record: Record, _records: list[Record]) -> None:
    """Hold the address against the object: it must name this resource and this id, or one of the two is wrong."""
    if value is None:
        return
    address = parse_address(value) if isinstance(value, str) else None
    if address is None:
        raise Refusal(path, f"{shorten(value)} is not the address of an object")
    version, resource, key = address
    if version not in READABLE_VERSIONS:
        raise Refusal(path, f"speaks version {version}; readable are {', '.join(READABLE_VERSIONS)}")
    if resource != field.resource:
        raise Refusal(path, f"names {resource}, expected {field.resource}")
    if key != str(record.key):
        raise Refusal(path, f"names the id {shorten(key)}, but the object's id is {record.key}")


def _read_one(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    if field.named_in and isinstance(value, str):
        record.columns[field.named_in] = _read_name(value, path)
        return
    for column in field.names_below:  # the relation itself is seen: what was known by its name alone is superseded
        record.columns.setdefault(column, None)
    if value is None:
        record.columns[field.column] = None
    else:
        nested = _read_object(_target(field), value, path, records)
        record.columns[field.column] = nested.key
        _tell(field, nested, record, records)


def _read_part(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        raise Refusal(path, f"is {describe(value)}, expected an object")
    shape = SHAPES[field.shape]
    _read_fields(VOCABULARIES[f"{shape.model}.{shape.part}"], value, path, record, records)


def _read_many(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    if not isinstance(value, list):
        raise Refusal(path, f"is {describe(value)}, expected an array")
    target = _target(field)
    if target in KEYED_MODELS:
        members = [_read_object(target, member, f"{path}[{place}]", records) for place, member in enumerate(value)]
        if field.kept:
            record.lists[field.column] = [member.key for member in members]
        for member in members:
            _tell(field, member, record, records)
    else:
        record.owned[field.column] = [
            _read_owned(target, member, f"{path}[{place}]", records) for place, member in enumerate(value)
        ]


def _tell(field: Field, nested: Record, owner: Record, records: list[Record]) -> None:
    """Give what is nested its relation to the owner, which it does not show because one stands inside the other."""
    if not field.tells:
        return
    *steps, relation = field.tells.split(".")
    model = nested.model
    for step in steps:
        key = nested.columns.get(step)
        if key is None:
            return
        model = _target(VOCABULARIES[model][step])
        nested = Record(model, key)
        records.append(nested)
    nested.columns.setdefault(relation, owner.key)


def _read_owned(model: str, body: Any, path: str, records: list[Record]) -> dict[str, Any]:
    """Read a list member that has no id: its columns belong to the row that lists it."""
    vocabulary = VOCABULARIES[model]
    if isinstance(body, str) and "url" in vocabulary:  # version 2.0.0 listed links as bare addresses
        body = {"url": body}
    if not isinstance(body, dict):
        raise Refusal(path, f"is {describe(body)}, expected an object")
    member = Record(model, 0)
    _read_fields(vocabulary, body, path, member, records)
    if member.not_understood:
        member.columns["not_understood"] = member.not_understood
    return member.columns


def _read_computed(field: Field, value: Any, path: str, record: Record, _records: list[Record]) -> None:
    """Constants say nothing. The name of a relation that is not shown itself has a column, or is kept as it came."""
    if field.column:
        record.columns[field.column] = None if value is None else _read_name(value, path)
    elif not field.value and value is not None:
        _keep(field.key, value, path.removesuffix(f".{field.key}"), record)


def _read_name(value: Any, path: str) -> Any:
    try:
        return SCALAR_READERS[Kind.TEXT](value)
    except ValueError as error:
        raise Refusal(path, str(error)) from None


def _read_along(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    """Give the relation at the end of the path to the nested record it belongs to: `launch_id` is its flight's launch."""
    *steps, relation, _ = field.path
    model = record.model
    owner = record
    for step in steps:
        next_field = next(f for f in VOCABULARIES[model].values() if f.column == step)
        key = owner.columns.get(step)
        if key is None:
            _read_computed(field, value, path, record, records)
            return
        model = _target(next_field)
        owner = Record(model, key)
    target = _target(next(f for f in VOCABULARIES[model].values() if f.column == relation))
    owner.columns[relation] = _read_key(VOCABULARIES[target]["id"], value, path)
    records.append(Record(target, owner.columns[relation]))
    records.append(owner)


def _read_key(field: Field, value: Any, path: str) -> Key:
    try:
        if field.kind is Kind.TEXT:
            if not isinstance(value, str) or not _UUID.fullmatch(value):
                raise ValueError(f"is {describe(value)}, expected a UUID in lower case")
            return value
        number = read_integer(value)
        if number < 0:
            raise ValueError(f"is {number}; an id below 0 has no address")
        return number
    except ValueError as error:
        raise Refusal(path, str(error)) from None


_STRUCTURE_READERS: dict[Kind, Callable[[Field, Any, str, Record, list[Record]], None]] = {
    Kind.URL: _read_url,
    Kind.ONE: _read_one,
    Kind.PART: _read_part,
    Kind.MANY: _read_many,
    Kind.COMPUTED: _read_computed,
}
