"""Reads replies by their shapes: each object in a reply becomes a record of its columns.

Promises: an object is read whole or refused whole, with the JSON path and the reason; an unknown key is stored; an absent key
changes nothing, a null is stored as null. Shapes of one model and version agree on what a key means (checked at import), except
that a list may show only the name of a relation; so an object is read by its model, without guessing its mode.
Refuses: values of a wrong type or that no database can store, and ids that contradict the object's own address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from launchledger.catalogue.pictures import COLUMNS as PICTURES
from launchledger.catalogue.pictures import picture_in
from launchledger.catalogue.records import Key, Record
from launchledger.formats.texts import shorten
from launchledger.wire.addresses import parse_address
from launchledger.wire.fields import TEXT_OF, Field, Kind, Shape
from launchledger.wire.values import SCALAR_READERS, describe, read_integer, read_unknown

MOST_RECORDS = 50_000  # in one object; the largest that upstream was seen to send has some 2,000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LONGEST_KEY = 60  # characters of a key in a path


class Refusal(ValueError):
    """Why an object is refused: `path` is the JSON path from its root (`$`), `reason` is the error there."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


Vocabulary = Mapping[str, Field]


def key_path(path: str, key: str) -> str:
    """The JSON path of a key of the object at `path`, of bounded length: keys come from outside."""
    return f"{path}.{key}" if len(key) <= _LONGEST_KEY else f"{path}.{key[: _LONGEST_KEY - 3]}..."


class Reader:
    """Reads the replies of one version of the wire, and of all `versions` that its shapes can read.

    `vocabularies` map keys to fields, by model or by `model.part`. `keyed_models` are the models whose objects have an id;
    `keyless` are the keys of the other models, parts excepted. `model_of_resource` is the model that a `url` names.
    """

    def __init__(self, version: str, shapes: Mapping[str, Shape], versions: tuple[str, ...]) -> None:
        self.version = version
        self.versions = versions
        self.vocabularies = _vocabularies(shapes)
        self.keyed_models = frozenset(shape.model for shape in shapes.values() if shape.has_key and not shape.part)
        self.keyless = tuple(
            vocabulary.keys()
            for model, vocabulary in self.vocabularies.items()
            if "." not in model and model not in self.keyed_models
        )
        self.model_of_resource = {
            field.resource: shape.model for shape in shapes.values() for field in shape.fields if field.kind is Kind.URL
        }
        self._shapes = shapes
        self._structure_readers: dict[Kind, Callable[[Field, Any, str, Record, list[Record]], None]] = {
            Kind.URL: self._read_url,
            Kind.ONE: self._read_one,
            Kind.PART: self._read_part,
            Kind.MANY: self._read_many,
            Kind.COMPUTED: _read_computed,
        }

    def read(self, model: str, body: Any) -> list[Record]:
        """Read one object and all that is nested in it; the first record is the object's own.

        Raises Refusal if any part of it cannot be read.
        """
        records: list[Record] = []
        try:
            self._read_object(model, body, "$", records)
        except RecursionError:
            raise Refusal("$", "is nested too deeply") from None
        return records

    def address_in(self, url: Any) -> tuple[str, str, str] | None:
        """Return `(version, resource, id)` of an object's `url`, or None if it is not an address.

        A reference without a version has this version, if it names a resource of it.
        """
        address = parse_address(url) if isinstance(url, str) else None
        if address is None or address[0]:
            return address
        return (self.version, *address[1:]) if address[1] in self.model_of_resource else None

    def _read_object(self, model: str, body: Any, path: str, records: list[Record]) -> Record:
        if not isinstance(body, dict):
            raise Refusal(path, f"is {describe(body)}, expected an object")
        vocabulary = self.vocabularies[model]
        if model in self.keyed_models:
            if "id" not in body:
                raise Refusal(path, "has no id")
            record = Record(model, read_key(vocabulary["id"], body["id"], f"{path}.id"))
        else:
            record = Record(model, 1)  # the dashboard: there is only one
        if len(records) >= MOST_RECORDS:
            raise Refusal(path, f"holds more than {MOST_RECORDS:,} objects")
        records.append(record)
        self._read_fields(vocabulary, body, path, record, records)
        return record

    def _read_fields(
        self, vocabulary: Vocabulary, body: dict[str, Any], path: str, record: Record, records: list[Record]
    ) -> None:
        loaded_by_path: list[tuple[Field, Any]] = []
        columns = record.columns
        for key, value in body.items():
            field = vocabulary.get(key)
            if field is None:
                _store_unknown(key, value, path, record)
                continue
            if field.loads:
                loaded_by_path.append((field, value))  # the row that it belongs to may follow it in the object
                continue
            read_scalar = SCALAR_READERS.get(field.kind)
            if read_scalar is not None:
                if value is None:
                    columns[field.column] = None
                else:
                    try:
                        columns[field.column] = read_scalar(value)
                    except ValueError as error:
                        raise Refusal(f"{path}.{key}", str(error)) from None
            else:
                self._structure_readers[field.kind](field, value, f"{path}.{key}", record, records)
        columns.pop("id", None)
        for column in PICTURES & columns.keys():
            columns[column] = picture_in(columns[column])
        for field, value in loaded_by_path:
            if value is not None:
                self._read_by_path(field, value, f"{path}.{field.key}", record, records)

    def _read_url(self, field: Field, value: Any, path: str, record: Record, _records: list[Record]) -> None:
        """Check that the address names the resource and the id of this object; otherwise one of the two is wrong."""
        if value is None:
            return
        address = self.address_in(value)
        if address is None:
            raise Refusal(path, f"{shorten(value)} is not the address of an object")
        version, resource, key = address
        if version not in self.versions:
            raise Refusal(path, f"names version {version}; this server reads {', '.join(self.versions)}")
        if resource != field.resource:
            raise Refusal(path, f"names {resource}, expected {field.resource}")
        if key != str(record.key):
            raise Refusal(path, f"names the id {shorten(key)}, but the object's id is {record.key}")

    def _read_one(self, field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
        if field.name_column and isinstance(value, str):
            record.columns[field.name_column] = _read_name(value, path)
            return
        for column in field.superseded:  # the relation itself is observed: it is more than its name
            record.columns.setdefault(column, None)
        if value is None:
            record.columns[field.column] = None
        else:
            nested = self._read_object(self._target(field), value, path, records)
            record.columns[field.column] = nested.key
            self._set_owner(field, nested, record, records)
        if field.coarse:
            _set_coarse(field, record, [] if value is None else [nested])

    def _read_part(self, field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
        if value is None:
            return
        if not isinstance(value, dict):
            raise Refusal(path, f"is {describe(value)}, expected an object")
        shape = self._shapes[field.shape]
        self._read_fields(self.vocabularies[f"{shape.model}.{shape.part}"], value, path, record, records)

    def _read_many(self, field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
        if not isinstance(value, list):
            raise Refusal(path, f"is {describe(value)}, expected an array")
        target = self._target(field)
        if target in self.keyed_models:
            members = [self._read_object(target, member, f"{path}[{place}]", records) for place, member in enumerate(value)]
            if field.loads_membership:
                record.lists[field.column] = [member.key for member in members]
            for member in members:
                self._set_owner(field, member, record, records)
            if field.coarse:
                _set_coarse(field, record, members)
        else:
            record.owned[field.column] = [
                self._read_owned(target, member, f"{path}[{place}]", records) for place, member in enumerate(value)
            ]

    def _set_owner(self, field: Field, nested: Record, owner: Record, records: list[Record]) -> None:
        """Set the nested record's foreign key to its owner, which the wire omits."""
        if not field.owner_path:
            return
        *steps, relation = field.owner_path.split(".")
        model = nested.model
        for step in steps:
            key = nested.columns.get(step)
            if key is None:
                return
            model = self._target(self.vocabularies[model][step])
            nested = Record(model, key)
            records.append(nested)
        nested.columns.setdefault(relation, owner.key)

    def _read_owned(self, model: str, body: Any, path: str, records: list[Record]) -> dict[str, Any]:
        """Read a list member that has no id: its columns belong to the row that lists it."""
        vocabulary = self.vocabularies[model]
        if isinstance(body, str) and "url" in vocabulary:  # version 2.0.0 listed links as plain addresses
            body = {"url": body}
        if not isinstance(body, dict):
            raise Refusal(path, f"is {describe(body)}, expected an object")
        member = Record(model, 0)
        self._read_fields(vocabulary, body, path, member, records)
        if member.not_understood:
            member.columns["not_understood"] = member.not_understood
        return member.columns

    def _read_by_path(self, field: Field, value: Any, path: str, record: Record, records: list[Record]) -> None:
        """Set the relation at the end of the path in the nested record that has it: `launch_id` is the launch of the flight."""
        *steps, relation, _ = field.path
        model = record.model
        owner = record
        for step in steps:
            next_field = next(f for f in self.vocabularies[model].values() if f.column == step)
            key = owner.columns.get(step)
            if key is None:
                _read_computed(field, value, path, record, records)
                return
            model = self._target(next_field)
            owner = Record(model, key)
        target = self._target(next(f for f in self.vocabularies[model].values() if f.column == relation))
        owner.columns[relation] = read_key(self.vocabularies[target]["id"], value, path)
        records.append(Record(target, owner.columns[relation]))
        records.append(owner)

    def _target(self, field: Field) -> str:
        return self._shapes[field.shape].model if field.shape else ""


def _vocabularies(shapes: Mapping[str, Shape]) -> dict[str, dict[str, Field]]:
    """The field of each key, for each model and each part of a model, from every shape that shows it."""
    vocabularies: dict[str, dict[str, Field]] = {}
    for shape in shapes.values():
        vocabulary = vocabularies.setdefault(f"{shape.model}.{shape.part}" if shape.part else shape.model, {})
        for field in shape.fields:
            known = vocabulary.get(field.key, field)
            stored, shown = (field, known) if known.kind is Kind.COMPUTED else (known, field)
            if shown.kind is Kind.COMPUTED and stored.kind is not Kind.COMPUTED:
                stored = replace(stored, name_column=shown.column)
            elif not _agree(shapes, stored, shown):
                raise ValueError(f"{shape.name}.{field.key} has another meaning than in another shape of {shape.model}")
            vocabulary[field.key] = stored
    for shape in shapes.values():
        for name in (field for field in shape.fields if field.kind is Kind.COMPUTED and field.column):
            _supersede(vocabularies[shape.model], name)
    return vocabularies


def _supersede(vocabulary: dict[str, Field], name: Field) -> None:
    """Let the relation of a name clear the name when it is observed itself: the name may be outdated."""
    for key, field in vocabulary.items():
        if field.kind is Kind.ONE and field.column == name.path[0]:
            vocabulary[key] = replace(field, superseded=(*field.superseded, name.column))


def _agree(shapes: Mapping[str, Shape], known: Field, other: Field) -> bool:
    def meaning(field: Field) -> tuple[str, ...]:
        return field.kind, field.column, shapes[field.shape].model if field.shape else "", field.owner_path

    return meaning(known) == meaning(other)


def _store_unknown(key: str, value: Any, path: str, record: Record) -> None:
    """Store an unknown key as received; `path` is that of its object."""
    try:
        read_unknown({key: value})
    except ValueError as error:
        raise Refusal(key_path(path, key), str(error)) from None
    record.not_understood[key] = value


def _set_coarse(field: Field, owner: Record, nested: Sequence[Record]) -> None:
    """Set the columns that hold the same fact in less detail (docs/adr/0039), unless a nested object omits it."""
    for place, (column, source) in enumerate(field.coarse):
        values: list[Any] = [record.columns.get(source) for record in nested]
        if field.kind is Kind.MANY:
            text = None if None in values else field.separator.join(values)
        else:
            text = values[0] if values else None
        if text is not None or not nested:
            owner.columns[column] = text
            if not place:
                owner.columns[field.column + TEXT_OF] = text


def _read_computed(field: Field, value: Any, path: str, record: Record, _records: list[Record]) -> None:
    """Ignore constants. The name of a relation that is not shown itself has a column, or is stored as received."""
    if field.column:
        record.columns[field.column] = None if value is None else _read_name(value, path)
    elif not field.value and value is not None:
        _store_unknown(field.key, value, path.removesuffix(f".{field.key}"), record)


def _read_name(value: Any, path: str) -> Any:
    try:
        return SCALAR_READERS[Kind.TEXT](value)
    except ValueError as error:
        raise Refusal(path, str(error)) from None


def read_key(field: Field, value: Any, path: str) -> Key:
    """The id of an object; `field` is that of its `id`. Raises Refusal."""
    try:
        if field.kind is Kind.TEXT:
            if not isinstance(value, str) or not _UUID.fullmatch(value):
                raise ValueError(f"is {describe(value)}, expected a UUID in lower case")
            return value
        number = read_integer(value)
        if number < 0:
            raise ValueError(f"is {number}; an id must not be negative")
        return number
    except ValueError as error:
        raise Refusal(path, str(error)) from None
