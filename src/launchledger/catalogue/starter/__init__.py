"""The starter catalogue: a small true catalogue of our own, facts only, for first use, tests and docs.

The data files beside this module are TOML: one `[[Model]]` table a row, with the columns of the model, relations as the id of the
other row, lists as ids in order, and lists without ids as arrays of tables. Durations are ISO 8601 text. Ids are upstream's where
they are known; the rest begin at FIRST_OWN_ID, which upstream is far from.

What a row leaves out is not known, or follows from other rows (docs/numbers.md). Only where every real reply has a value, so that
clients rely on one, a missing column is filled as upstream fills it (FILLED and the window of a launch; docs/adr/0030).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

from launchledger.contract.fields import Field, Kind
from launchledger.contract.formats import parse_duration
from launchledger.contract.pictures import PICTURE
from launchledger.contract.reader import KEYED_MODELS, VOCABULARIES, Record
from launchledger.contract.shapes import SHAPES

FIRST_OWN_ID = 1_000_000_001
SOURCE = "starter"
OBSERVED_AT = datetime(1957, 10, 4, 19, 28, 34, tzinfo=UTC)  # so early that whatever a user loads is newer

FILLED: dict[str, dict[str, str]] = {
    "Event": {"feature_image": PICTURE},
    "Launch": {"image": PICTURE, "holdreason": "", "failreason": ""},
    "Location": {"map_image": PICTURE, "description": ""},
    "MissionPatch": {"image_url": PICTURE},
    "Pad": {"map_image": PICTURE},
    "Program": {"image_url": PICTURE},
    "SpaceStation": {"image_url": PICTURE},
    "SpacecraftConfiguration": {"image_url": PICTURE},
    "Update": {"profile_image": PICTURE},
}


def read_starter() -> Iterator[Record]:
    """Give every row of the data files; ValueError names the file, row and column that does not fit the models."""
    for file in sorted(resources.files(__name__).iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        for model, rows in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if model not in KEYED_MODELS:
                raise ValueError(f"{file.name}: there is no model {model}")
            fields = _fields_by_column(model)
            for row in rows:
                yield _record(model, row, fields, f"{file.name}: {model} {row.get('id')}")


def _fields_by_column(model: str) -> dict[str, Field]:
    vocabularies = [vocabulary for name, vocabulary in VOCABULARIES.items() if name.split(".")[0] == model]
    return {
        field.column: field
        for vocabulary in vocabularies
        for field in vocabulary.values()
        if field.column and field.column != "id"
    }


def _record(model: str, row: dict[str, Any], fields: dict[str, Field], place: str) -> Record:
    record = Record(model, row.pop("id"))
    for column, value in row.items():
        field = fields.get(column)
        if field is None:
            raise ValueError(f"{place}: there is no column {column}")
        if field.kind is not Kind.MANY:
            record.columns[column] = _value(field, value, place)
        elif all(isinstance(member, dict) for member in value) and value:
            target = _fields_by_column(SHAPES[field.shape].model)
            record.owned[column] = [
                {name: _value(target[name], text, place) for name, text in member.items()} for member in value
            ]
        else:
            record.lists[column] = list(value)
    record.columns = FILLED.get(model, {}) | record.columns
    if model == "Launch":
        net = record.columns["net"]
        record.columns = {"window_start": net, "window_end": net} | record.columns
    return record


_TYPES: dict[Kind, type | tuple[type, ...]] = {
    Kind.INTEGER: int,
    Kind.NUMBER: (int, float),
    Kind.TEXT: str,
    Kind.NAME_OF: str,
    Kind.BOOLEAN: bool,
    Kind.DATE: date,
    Kind.DATE_TIME: datetime,
    Kind.DURATION: str,
    Kind.ONE: (int, str),
}


def _value(field: Field, value: Any, place: str) -> Any:
    is_right: bool = isinstance(value, _TYPES[field.kind])
    if not is_right:
        raise ValueError(f"{place}: {field.column} is {value!r}, expected {field.kind}")
    if field.kind is Kind.DURATION:
        return parse_duration(value)
    return float(value) if field.kind is Kind.NUMBER else value
