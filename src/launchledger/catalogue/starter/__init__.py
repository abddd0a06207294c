"""The starter: a small true catalogue of our own, facts only, for first use, tests and docs.

The data files in this folder are TOML: one `[[Model]]` table a row, with the columns of the model, relations as the id of the
other row, lists as ids in order, and lists without ids as arrays of tables. Durations are ISO 8601 text. Ids are upstream's where
they are known; the others begin at FIRST_OWN_ID, far above upstream's.

A missing column is not known, or follows from other rows (docs/numbers.md). Only where every real reply has a value, so that
clients rely on it, it is filled as upstream fills it (FILLED and the window of a launch; docs/adr/0030).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

from django.db import models

from launchledger.catalogue.models.base import Observed, Owned
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.pictures import PICTURE
from launchledger.catalogue.records import Record
from launchledger.formats.times import parse_duration

FIRST_OWN_ID = 1_000_000_001
SOURCE = "starter"
OBSERVED_AT = datetime(1957, 10, 4, 19, 28, 34, tzinfo=UTC)  # so early that everything a user loads is newer

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
    """Yield every row of the data files; ValueError names the file, row and column that does not fit the models."""
    for file in sorted(resources.files(__name__).iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        for kind, rows in tomllib.loads(file.read_text(encoding="utf-8")).items():
            try:
                columns = _columns_of(model_of(kind))
            except LookupError:
                raise ValueError(f"{file.name}: there is no model {kind}") from None
            for row in rows:
                yield _record(kind, row, columns, f"{file.name}: {kind} {row.get('id')}")


def _columns_of(model: type[models.Model]) -> dict[str, Any]:
    """The columns that a row may have, by name: the model's own, and its lists."""
    fields = {field.name: field for field in model._meta.get_fields() if not field.name.endswith("+")}
    return {name: field for name, field in fields.items() if name not in _NOT_GIVEN}


def _record(kind: str, row: dict[str, Any], columns: dict[str, Any], place: str) -> Record:
    record = Record(kind, row.pop("id"))
    for column, value in row.items():
        field = columns.get(column)
        if field is None:
            raise ValueError(f"{place}: there is no column {column}")
        if field.concrete:
            record.columns[column] = _value(field, value, place)
        elif issubclass(field.related_model, Owned):
            target = _columns_of(field.related_model)
            record.owned[column] = [
                {name: _value(target[name], text, place) for name, text in member.items()} for member in value
            ]
        else:
            record.lists[column] = list(value)
    record.columns = FILLED.get(kind, {}) | record.columns
    if kind == "Launch":
        net = record.columns["net"]
        record.columns = {"window_start": net, "window_end": net} | record.columns
    return record


_NOT_GIVEN = {field.name for field in Observed._meta.get_fields()} | {"id", "computed", "position"}

_TYPES: dict[str, type | tuple[type, ...]] = {
    "BigIntegerField": int,
    "FloatField": (int, float),
    "TextField": str,
    "BooleanField": bool,
    "DateField": date,
    "DateTimeField": datetime,
    "DurationField": str,
    "ForeignKey": (int, str),
}


def _value(field: Any, value: Any, place: str) -> Any:
    kind = field.get_internal_type()
    is_right: bool = isinstance(value, _TYPES.get(kind, ()))
    if not is_right:
        raise ValueError(f"{place}: {field.name} is {value!r}, which is not valid for a {kind}")
    if kind == "DurationField":
        return parse_duration(value)
    return float(value) if kind == "FloatField" else value
