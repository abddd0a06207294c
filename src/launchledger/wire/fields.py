"""The few kinds of field that a wire shape is made of.

A shape is data: a name (the schema name of the contract), the model it shows, and its fields in wire order.
Nothing here renders, loads or queries; those are derived from shapes elsewhere, so that a field stands in one place only.
This module refuses to know Django: models and columns are names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a field holds on the wire."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DATE_TIME = "date_time"
    DURATION = "duration"
    URL = "url"
    ONE = "one"
    MANY = "many"
    PART = "part"
    NAME_OF = "name_of"
    COMPUTED = "computed"


_NOTHING: Mapping[str, str] = MappingProxyType({})
TEXT_OF = "_text"  # behind the name of a relation: the column with the text that was seen together with it

SCALARS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.DATE_TIME, Kind.DURATION, Kind.NAME_OF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of a shape.

    `column` is the attribute of the model that holds the value; `shape` names the nested shape of `one`, `many` and `part`;
    `null` tells whether the contract allows null there (a null that upstream sends is kept either way).
    """

    key: str
    kind: Kind
    column: str
    null: bool = False
    shape: str = ""
    format: str = ""
    enum: tuple[object, ...] = ()
    json_type: str = ""
    names: str = ""  # name_of: the model whose `name` this is
    resource: str = ""  # url: the path of the resource below the version
    value: str = ""  # computed: always this text
    path: tuple[str, ...] = ()  # computed: read along these columns
    loads: bool = False  # computed along a path, and yet the only place where the relation may be seen
    sent: bool = True  # declared by the contract, but not on the wire
    named_in: str = ""  # one: the column for the name that some shape shows alone under this key (set by the reader)
    names_below: tuple[str, ...] = ()  # one: the columns of names that hold until the relation itself is seen (set by the reader)
    coarse: tuple[tuple[str, str], ...] = ()  # one, many: columns that hold the same fact in less detail, each with its source
    joined: str = ""  # many: what stands between the members in a coarse column
    owner_path: str = ""  # from the nested object to its foreign key to this one, which the wire omits
    kept: bool = True  # whether the membership of a list is loaded, or its members alone
    chosen: bool = False  # a list whose members the catalogue chooses when it is shown; no renderer reads it


_NONE: Mapping[str, Shape] = MappingProxyType({})


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Shape:
    """The wire form of one model in one size. `part` names the piece of a row that this shape shows, "" for all of it.

    A shape belongs to one version of the wire, which `of_version` gives it with its siblings. It is compared by identity, and may
    be the key of a cache.
    """

    name: str
    model: str
    fields: tuple[Field, ...]
    part: str
    version: str
    siblings: Mapping[str, Shape]
    label: str  # the name under which documents are stored; no two versions have one in common

    def __init__(
        self, name: str, model: str, *fields: Field, part: str = "", version: str = "", siblings: Mapping[str, Shape] = _NONE
    ) -> None:
        values = (name, model, fields, part, version, siblings, f"{version}/{name}")
        for attribute, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, attribute, value)

    @property
    def has_key(self) -> bool:
        """Whether objects of this shape have an id; those without one belong wholly to the row that lists them."""
        return any(field.column == "id" for field in self.fields)

    def nested(self, field: Field) -> Shape:
        """The shape of what stands in this field of `one`, `many` or `part`."""
        return self.siblings[field.shape]


def of_version(version: str, declared: Iterable[Shape]) -> Mapping[str, Shape]:
    """The shapes of one version by their names. Raises LookupError where a field names a shape that is not among them."""
    shapes: dict[str, Shape] = {}
    for shape in declared:
        shapes[shape.name] = Shape(
            shape.name, shape.model, *shape.fields, part=shape.part, version=version, siblings=MappingProxyType(shapes)
        )
    for shape in shapes.values():
        for field in shape.fields:
            if field.shape and field.shape not in shapes:
                raise LookupError(f"{shape.name}.{field.key} names the shape {field.shape}, which does not exist")
    return MappingProxyType(shapes)


def integer(key: str, *, column: str = "", null: bool = False) -> Field:
    return Field(key=key, kind=Kind.INTEGER, column=column or key, null=null)


def number(key: str, *, null: bool = False, format: str = "") -> Field:
    """A float; 29.0 keeps its `.0` on the wire (seed 671)."""
    return Field(key=key, kind=Kind.NUMBER, column=key, null=null, format=format)


def text(key: str, *, null: bool = False, format: str = "") -> Field:
    return Field(key=key, kind=Kind.TEXT, column=key, null=null, format=format)


def boolean(key: str, *, null: bool = False) -> Field:
    return Field(key=key, kind=Kind.BOOLEAN, column=key, null=null)


def date(key: str, *, null: bool = False) -> Field:
    return Field(key=key, kind=Kind.DATE, column=key, null=null)


def date_time(key: str, *, null: bool = False) -> Field:
    return Field(key=key, kind=Kind.DATE_TIME, column=key, null=null)


def duration(key: str, *, null: bool = False) -> Field:
    return Field(key=key, kind=Kind.DURATION, column=key, null=null)


def url(resource: str) -> Field:
    """The object's own address: the second key of every object that has one (contract, "Rules of the wire")."""
    return Field(key="url", kind=Kind.URL, column="id", resource=resource)


def one(
    key: str, shape: str, *, column: str = "", null: bool = False, owner_path: str = "", coarse: Mapping[str, str] = _NOTHING
) -> Field:
    """An object.

    `coarse` gives the columns that hold the same fact in less detail, each with the column of the object that it equals
    (docs/adr/0039). The text of the first of them is also stored beside the relation, in the column of its name and `_text`.
    """
    return Field(
        key=key, kind=Kind.ONE, column=column or key, shape=shape, null=null, owner_path=owner_path, coarse=tuple(coarse.items())
    )


def many(
    key: str,
    shape: str,
    *,
    column: str = "",
    sent: bool = True,
    owner_path: str = "",
    coarse: Mapping[str, str] = _NOTHING,
    joined: str = "",
) -> Field:
    """A list, in the order it was given. Members without an id belong to the row that lists them. `coarse` as in `one`."""
    coarse_columns = tuple(coarse.items())
    return Field(
        key=key,
        kind=Kind.MANY,
        column=column or key,
        shape=shape,
        sent=sent,
        owner_path=owner_path,
        coarse=coarse_columns,
        joined=joined,
    )


def chosen(key: str, shape: str, *, kept: bool = False) -> Field:
    """A list whose members the catalogue chooses when it is shown. With `kept`, what a reply listed counts among them."""
    return Field(key=key, kind=Kind.MANY, column=key, shape=shape, kept=kept, chosen=True)


def part(key: str, shape: str) -> Field:
    """An object with an id of its own that lives in its owner's row, as a launch's rocket does (docs/adr/0004)."""
    return Field(key=key, kind=Kind.PART, column="", shape=shape)


def name_of(key: str, model: str, *, null: bool = False) -> Field:
    """A relation that the wire shows by its name only, such as `mission.type` (docs/adr/0005)."""
    return Field(key=key, kind=Kind.NAME_OF, column=key, names=model, null=null)


def computed(
    key: str,
    *,
    value: str = "",
    path: str = "",
    column: str = "",
    null: bool = False,
    loads: bool = False,
    format: str = "",
    json_type: str = "string",
    enum: tuple[object, ...] = (),
) -> Field:
    """A value that follows from others: a constant, null where there is none, or what is at the end of a path of relations.

    It is not loaded, unless it has a column: then the text is stored there, and shown until the relation itself is seen.
    """
    return Field(
        key=key,
        kind=Kind.COMPUTED,
        column=column,
        value=value,
        path=tuple(path.split(".")) if path else (),
        null=null,
        loads=loads,
        format=format,
        json_type=json_type,
        enum=enum or ((value,) if value else ()),
    )
