"""Odd and hostile objects of every kind, as a broken or malicious upstream would send them.

Each variant is a catalogue of its own: an object of it and all that is nested in it have the variant's number for an id, so that
all variants are in one catalogue together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from launchledger.catalogue.actions import Observation, observe
from launchledger.documents.listed import needed_relations
from launchledger.wire.fields import Field, Kind, Shape
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import flight, launch
from tests.support.whole import least, uuid, whole

FIRST, LATER = (datetime(year, 1, 1, tzinfo=UTC) for year in (2025, 2026))
CROWD, MANY = 200, 30

# Breaks out of a text, of an attribute in either quotes, and of a comment, if anything lets it.
MARKUP = "--></title></textarea></script>\"' owned=\"1\" owned='1'><owned-tag>&lt;{{ owned }}{% owned %}<script>owned()</script>"
SCRIPT = "javascript:owned()//https://example.org/"
LONG = "Wolf" * 100  # 400 characters without a place to break
RIGHT_TO_LEFT = "\u202e\u05de\u05e2\u05d1\u05d5\u05e8\u05ea \u2066\u0645\u0643\u0648\u0643\u2069 \u200f\u05e9\u05d1\u05d9\u05d8"
CONTROLS = "\x01\x1b[31m\u0085\u2028\ud7ff\ufffd\ufffe😀e\u0301"

Value = Callable[[Field, Any], Any]


def _texts(text: str) -> Value:
    return lambda field, value: text if field.kind in (Kind.TEXT, Kind.NAME_OF) and field.column != "id" else value


def _times(day: str, moment: str) -> Value:
    return lambda field, value: {Kind.DATE: day, Kind.DATE_TIME: moment}.get(field.kind, value)


def _numbers(number: int) -> Value:
    def value_of(field: Field, value: Any) -> Any:
        if field.kind is Kind.NUMBER:
            return float(number)
        return number if field.kind is Kind.INTEGER and field.column != "id" else value

    return value_of


def _false(field: Field, value: Any) -> Any:
    return False if field.kind is Kind.BOOLEAN else value


VARIANTS: dict[str, Value] = {
    "ordinary": lambda field, value: value,
    "markup": _texts(MARKUP),
    "scripts": _texts(SCRIPT),
    "long": _texts(LONG),
    "right to left": _texts(RIGHT_TO_LEFT),
    "controls": _texts(CONTROLS),
    "empty texts": _texts(""),
    "year 1": _times("0001-01-01", "0001-01-01T00:00:00Z"),
    "year 9999": _times("9999-12-31", "9999-12-31T23:59:59Z"),
    "nought": _numbers(0),
    "negative": _numbers(-1),
    "huge": _numbers(2**31 - 1),
    "false": _false,
}
NUMBERS = {name: number for number, name in enumerate((*VARIANTS, "least", "nulls", "crowd"), start=1)}


ODDITIES = {"Launch": (801, 802, 803, 806), "SpacecraftFlight": (804, 805)}


def shapes() -> list[Shape]:
    """The shape of the detail of each resource."""
    return [resource.detail for resource in WIRE.resources.values() if not resource.when]


def objects(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """An object of each kind in a variant, with the name of its model."""
    number = NUMBERS[name]
    for shape in shapes():
        if name == "least":
            yield shape.model, least(shape, number)
        elif name == "nulls":
            yield shape.model, _nulls(shape, number)
        elif name == "crowd":
            yield shape.model, _crowd(shape, whole(shape, number))
        else:
            yield shape.model, _changed(shape, whole(shape, number), VARIANTS[name])


def _changed(shape: Shape, body: dict[str, Any], value_of: Value) -> dict[str, Any]:
    changed = dict(body)
    for field in shape.fields:
        if field.key not in body:
            continue
        if field.kind in (Kind.ONE, Kind.PART):
            changed[field.key] = _changed(shape.nested(field), body[field.key], value_of)
        elif field.kind is Kind.MANY:
            changed[field.key] = [_changed(shape.nested(field), each, value_of) for each in body[field.key]]
        else:
            changed[field.key] = value_of(field, body[field.key])
    return changed


def _nulls(shape: Shape, number: int) -> dict[str, Any]:
    """An object whose every value is null or an empty list, but its id and the relations without which no list shows it."""
    body = least(shape, number)
    needed = needed_relations(shape)
    for field in shape.fields:
        if field.kind is Kind.PART:
            part = _nulls(shape.nested(field), number)
            body[field.key] = {key: value for key, value in part.items() if key != "id"}
        elif field.kind is Kind.MANY:
            body[field.key] = []
        elif field.kind is Kind.ONE and field.column in needed:
            body[field.key] = _nulls(shape.nested(field), number)
        elif field.kind not in (Kind.URL, Kind.COMPUTED) and field.sent and field.column != "id":
            body[field.key] = None
    return body


def _crowd(shape: Shape, body: dict[str, Any]) -> dict[str, Any]:
    """The object with CROWD members in each crew, and MANY in its other lists."""
    for field in shape.fields:
        if field.kind is Kind.MANY and body.get(field.key):
            count = CROWD if "crew" in field.key else MANY
            body[field.key] = [whole(shape.nested(field), 1_000 + number) for number in range(count)]
    return body


def _observe(model: str, body: dict[str, Any], at: datetime, source: str) -> None:
    observe([Observation(WIRE.reader.read(model, body), source, at)])


def take_in_all(*names: str) -> None:
    """Observe these variants, all by default."""
    for name in names or NUMBERS:
        source = f"file:{MARKUP}.json" if name == "markup" else "file:a.json"
        observe([Observation(WIRE.reader.read(model, body), source, FIRST) for model, body in objects(name)])


def take_in_oddities() -> None:
    """Observe launches with few fields, flights without a launch, and values that changed from bad to worse."""
    for number in (801, 802):
        _observe("Launch", {"id": uuid(number), "name": "Three fields", "net": "2026-03-01T00:00:00Z"}, FIRST, "file:a.json")
    _observe("Launch", {"id": uuid(803)}, FIRST, "file:a.json")
    _observe("SpacecraftFlight", {**flight(804), "launch": None, "spacecraft": None}, FIRST, "file:a.json")
    _observe("SpacecraftFlight", {"id": 805}, FIRST, "file:a.json")
    moves = (("0001-01-01T00:00:00Z", "SEC"), ("9999-12-31T23:59:59Z", "M"), ("2026-05-01T00:00:00Z", MARKUP), (None, "Y"))
    for day, (net, abbrev) in enumerate(moves, start=1):
        precision = {"id": day, "name": MARKUP, "abbrev": abbrev, "description": None}
        body = launch(uuid(806), slug=MARKUP, name=f"{MARKUP} {day}", net=net, net_precision=precision, hashtag=SCRIPT)
        _observe("Launch", body, datetime(2025, 2, day, tzinfo=UTC), f"file:{MARKUP}{day}.json")
    renamed = [(model, {**body, "name": f"{MARKUP} again"}) for model, body in objects("markup") if "name" in body]
    observe([Observation(WIRE.reader.read(model, body), f"file:{MARKUP}.json", LATER) for model, body in renamed])


def addresses(page_of: Callable[[str, Any], str]) -> list[str]:
    """The pages of all these objects, by `page_of`: the address of an object's page by the path of its resource and its id."""
    found = []
    for resource in WIRE.resources.values():
        numbers = [*NUMBERS.values(), *ODDITIES.get(resource.model, ())]
        if not resource.when:
            found += [page_of(resource.path, uuid(number) if resource.has_text_id else number) for number in numbers]
    return sorted({address for address in found if address})
