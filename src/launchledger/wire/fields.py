"""The few kinds of field that a wire shape is made of.

A shape is data: a name (the schema name of the contract), the model it shows, and its fields in wire order.
Nothing here renders, loads or queries; other modules derive that from shapes, so that a field is declared once.
Refuses to import Django: models and columns are names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """The type of a field on the wire."""

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
TEXT_OF = "_text"  # suffix of a relation's name: the column of the text that was observed with it

SCALARS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.DATE_TIME, Kind.DURATION, Kind.NAME_OF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of a shape.

    `column` is the attribute of the model that holds the value; `shape` names the nested shape of `one`, `many` and `part`;
    `null` is whether the contract allows null there (a null that upstream sends is stored in any case).
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
    value: str = ""  # computed: a constant text
    path: tuple[str, ...] = ()  # computed: the relations and the column that lead to the value
    loads: bool = False  # computed by a path, but loaded too: it may be the only key that shows the relation
    sent: bool = True  # declared by the contract, but not on the wire
    name_column: str = ""  # one: the column for the name, where some shape shows only that (set by the reader)
    superseded: tuple[str, ...] = ()  # one: columns of names that an observed relation clears (set by the reader)
    coarse: tuple[tuple[str, str], ...] = ()  # one, many: columns that hold the same fact in less detail, each with its source
    separator: str = ""  # many: the text between the members in a coarse column
    owner_path: str = ""  # from the nested object to its foreign key to this one, which the wire omits
    loads_membership: bool = True  # many: whether loading stores which rows are members, or only the rows
    queried: bool = False  # many: the members are queried when the list is shown; no renderer reads it


_NONE: Mapping[str, Shape] = MappingProxyType({})


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Shape:
    """The wire form of one model in one size. `part` names the part of a row that this shape shows, "" for the whole row.

    A shape belongs to one version of the wire; `shapes_of_version` sets it and the siblings. Shapes are compared by identity, and
    may be keys of a cache.
    """

    name: str
    model: str
    fields: tuple[Field, ...]
    part: str
    version: str
    siblings: Mapping[str, Shape]
    label: str  # the name of the shape in stored documents; unique across versions

    def __init__(
        self, name: str, model: str, *fields: Field, part: str = "", version: str = "", siblings: Mapping[str, Shape] = _NONE
    ) -> None:
        values = (name, model, fields, part, version, siblings, f"{version}/{name}")
        for attribute, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, attribute, value)

    @property
    def has_key(self) -> bool:
        """Whether objects of this shape have an id; those without one belong to the row that lists them."""
        return any(field.column == "id" for field in self.fields)

    def nested(self, field: Field) -> Shape:
        """The shape of the objects in this field of `one`, `many` or `part`."""
        return self.siblings[field.shape]


def shapes_of_version(version: str, declared: Iterable[Shape]) -> Mapping[str, Shape]:
    """The shapes of one version by name. Raises LookupError if a field names a shape that is not declared."""
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

    `coarse` maps columns that hold the same fact in less detail to the columns of the object that they equal (docs/adr/0039).
    The text of the first is also stored with the relation, in the column of its name and `_text`.
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
    separator: str = "",
) -> Field:
    """A list, in the order of the reply. Members without an id belong to the row that lists them. `coarse` as in `one`."""
    coarse_columns = tuple(coarse.items())
    return Field(
        key=key,
        kind=Kind.MANY,
        column=column or key,
        shape=shape,
        sent=sent,
        owner_path=owner_path,
        coarse=coarse_columns,
        separator=separator,
    )


def queried(key: str, shape: str, *, loads_membership: bool = False) -> Field:
    """A list whose members are queried when it is shown. With `loads_membership`, members that a reply listed are included."""
    return Field(key=key, kind=Kind.MANY, column=key, shape=shape, loads_membership=loads_membership, queried=True)


def part(key: str, shape: str) -> Field:
    """An object with its own id that is stored in its owner's row, such as the rocket of a launch (docs/adr/0004)."""
    return Field(key=key, kind=Kind.PART, column="", shape=shape)


def name_of(key: str, model: str, *, null: bool = False) -> Field:
    """A relation of which the wire shows only the name, such as `mission.type` (docs/adr/0005)."""
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
    """A value that follows from others: a constant, null, or the column at the end of a path of relations.

    It is not loaded, unless it has a column: then the text is stored there, and shown until the relation itself is observed.
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
