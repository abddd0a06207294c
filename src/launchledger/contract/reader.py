"""The shapes read backwards: a reply becomes records of what it says about each object in it.

Promises: an object is read whole or refused whole, with the JSON path and the reason; a key that no shape knows is kept;
a key that is absent says nothing, a null says null. Shapes of one model agree on what a key means (checked at import), so an
object is read by its model and no guess about its mode is needed.
Refuses: wrong types, impossible dates, text that no database can hold, ids that contradict the object's own address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field as default
from typing import Any

from launchledger.contract.addresses import READABLE_VERSIONS, parse_address
from launchledger.contract.fields import Field, Kind
from launchledger.contract.formats import parse_date, parse_date_time, parse_duration
from launchledger.contract.shapes import SHAPES

Key = int | str
LARGEST_INTEGER = 2**63 - 1
LONGEST_TEXT = 100_000  # characters; the longest that upstream was seen to send has 1,564
MOST_RECORDS = 50_000  # in one object; the largest that upstream was seen to send makes some 2,000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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


def _vocabularies() -> dict[str, dict[str, Field]]:
    """What each key means, for each model and each part of a model, from every shape that shows it."""
    vocabularies: dict[str, dict[str, Field]] = {}
    for shape in SHAPES.values():
        vocabulary = vocabularies.setdefault(f"{shape.model}.{shape.part}" if shape.part else shape.model, {})
        for field in shape.fields:
            known = vocabulary.get(field.key)
            if known is None or (known.kind is Kind.COMPUTED and field.kind is not Kind.COMPUTED):
                vocabulary[field.key] = field
            elif field.kind is not Kind.COMPUTED and not _agree(known, field):
                raise ValueError(f"{shape.name}.{field.key} means something else than in another shape of {shape.model}")
    return vocabularies


def _agree(known: Field, other: Field) -> bool:
    return (known.kind, known.column, _target(known)) == (other.kind, other.column, _target(other))


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
        raise Refusal(path, f"is {_json_type(body)}, expected an object")
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
            record.not_understood[key] = value
            continue
        if field.loads:
            along.append((field, value))  # it speaks of a row that may stand behind it
            continue
        read_scalar = _SCALAR_READERS.get(field.kind)
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


def _read_url(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    """Hold the address against the object: it must name this resource and this id, or one of the two is wrong."""
    if value is None:
        return
    address = parse_address(value) if isinstance(value, str) else None
    if address is None:
        raise Refusal(path, f"{_shorten(value)} is not the address of an object")
    version, resource, key = address
    if version not in READABLE_VERSIONS:
        raise Refusal(path, f"speaks version {version}; readable are {', '.join(READABLE_VERSIONS)}")
    if resource != field.resource:
        raise Refusal(path, f"names {resource}, expected {field.resource}")
    if key != str(record.key):
        raise Refusal(path, f"names the id {_shorten(key)}, but the object's id is {record.key}")


def _read_one(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    if value is None:
        record.columns[field.column] = None
    else:
        record.columns[field.column] = _read_object(_target(field), value, path, records).key


def _read_part(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        raise Refusal(path, f"is {_json_type(value)}, expected an object")
    shape = SHAPES[field.shape]
    _read_fields(VOCABULARIES[f"{shape.model}.{shape.part}"], value, path, record, records)


def _read_many(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    if not isinstance(value, list):
        raise Refusal(path, f"is {_json_type(value)}, expected an array")
    target = _target(field)
    if target in KEYED_MODELS:
        keys = [_read_object(target, member, f"{path}[{place}]", records).key for place, member in enumerate(value)]
        if field.kept:
            record.lists[field.column] = keys
    else:
        record.owned[field.column] = [
            _read_owned(target, member, f"{path}[{place}]", records) for place, member in enumerate(value)
        ]


def _read_owned(model: str, body: Any, path: str, records: list[Record]) -> dict[str, Any]:
    """Read a list member that has no id: its columns belong to the row that lists it."""
    if isinstance(body, str):  # version 2.0.0 listed links as bare addresses
        return {"url": _read_text(body)}
    if not isinstance(body, dict):
        raise Refusal(path, f"is {_json_type(body)}, expected an object")
    member = Record(model, 0)
    _read_fields(VOCABULARIES[model], body, path, member, records)
    if member.not_understood:
        member.columns["not_understood"] = member.not_understood
    return member.columns


def _read_computed(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    """Constants say nothing. A name that stands for a relation is kept as it came: the relation itself was not shown."""
    if not field.value and value is not None:
        record.not_understood[field.key] = value


def _read_along(field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
    """Give the relation at the end of the path to the nested record it belongs to: `launch_id` is its flight's launch."""
    *steps, relation, _ = field.path
    model = record.model
    owner = record
    for step in steps:
        next_field = next(f for f in VOCABULARIES[model].values() if f.column == step)
        key = owner.columns.get(step)
        if key is None:
            record.not_understood[field.key] = value
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
                raise ValueError(f"is {_shorten(value)}, expected a UUID in lower case")
            return value
        return _read_integer(value)
    except ValueError as error:
        raise Refusal(path, str(error)) from None


def _read_integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"is {_json_type(value)} ({_shorten(value)}), expected an integer")
    if abs(value) > LARGEST_INTEGER:
        raise ValueError("is an integer of more than 63 bits")
    return value


def _read_number(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        raise ValueError(f"is {_json_type(value)} ({_shorten(value)}), expected a number")
    try:
        written = float(value)
    except OverflowError:
        written = math.inf
    if not math.isfinite(written):
        raise ValueError("is a number too large to keep")
    return written


def _read_text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError(f"is {_json_type(value)} ({_shorten(value)}), expected text")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"is a text of {len(value):,} characters, more than {LONGEST_TEXT:,}")
    if _UNSTORABLE.search(value):
        raise ValueError("holds a NUL or half a surrogate pair, which no database keeps")
    return value


def _read_boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"is {_json_type(value)} ({_shorten(value)}), expected true or false")
    return value


def _parsed(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: parse(_read_text(value))


_SCALAR_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: _read_integer,
    Kind.NUMBER: _read_number,
    Kind.TEXT: _read_text,
    Kind.NAME_OF: _read_text,
    Kind.BOOLEAN: _read_boolean,
    Kind.DATE: _parsed(parse_date),
    Kind.DATE_TIME: _parsed(parse_date_time),
    Kind.DURATION: _parsed(parse_duration),
}

_STRUCTURE_READERS: dict[Kind, Callable[[Field, Any, str, Record, list[Record]], None]] = {
    Kind.URL: _read_url,
    Kind.ONE: _read_one,
    Kind.PART: _read_part,
    Kind.MANY: _read_many,
    Kind.COMPUTED: _read_computed,
}


def _json_type(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "text", bool: "a boolean", int: "an integer", float: "a number"}
    return "null" if value is None else names.get(type(value), "not JSON")


def _shorten(value: Any) -> str:
    written = repr(value)
    return written if len(written) <= 60 else written[:57] + "..."
