"""The parts of an object that are edited with it: crews, dockings, landings, stages, updates, the mission.

Promises: which parts there are follows from the models; at most MOST of each list. A new part is attached to its owner by the
same relation or list that shows it on the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from launchledger.catalogue.actions import Wanted
from launchledger.catalogue.actions.columns import LinkedList, ReverseList, table
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.listed import is_not_deleted
from launchledger.catalogue.records import Key
from launchledger.curation.columns import Subject, subject_of
from launchledger.history.objects import PARTS
from launchledger.wire.served import DEFAULT

MOST = 30  # of each list: Django takes forms of at most 1,000 fields

_KINDS = PARTS | {"Update"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object has parts: a relation of its own, a list of members, or the rows that lead to it by `relation`."""

    name: str
    member: Subject
    kind: str  # "relation", "list" or "reverse"
    relation: str = ""


def places_of(subject: Subject) -> Sequence[Place]:
    """Where objects of this kind have parts."""
    return _places(subject.kind)


@cache
def _places(kind: str) -> tuple[Place, ...]:
    model = model_of(kind)
    known = table(model)
    found = []
    for name in known.attributes:
        field: Any = model._meta.get_field(name)
        if field.is_relation and _is_part(field.related_model.kind) and name not in known.listed_in:
            found.append(Place(name, subject_of(field.related_model.kind), "relation"))
    for name, model_list in known.lists.items():
        if isinstance(model_list, ReverseList) and _is_part(model_list.member.kind):
            found.append(Place(name, subject_of(model_list.member.kind), "reverse", model_list.relation))
        elif isinstance(model_list, LinkedList):
            link: Any = model_list.link
            member = link._meta.get_field("member").related_model.kind
            if _is_part(member) and member != "SpacecraftFlight":  # the landings of an astronaut follow from the crews
                found.append(Place(name, subject_of(member), "list"))
    return tuple(found)


def _is_part(kind: str) -> bool:
    return kind in _KINDS and kind in DEFAULT.reader.keyed_models


def parts_at(place: Place, row: Observed) -> list[Observed]:
    """The parts that an object has there, deleted ones aside; at most MOST."""
    model = model_of(place.member.kind)
    rows = model._default_manager.filter(is_not_deleted(model))
    if place.kind == "relation":
        key = getattr(row, f"{place.name}_id")
        return list(rows.filter(pk=key)) if key is not None else []
    if place.kind == "reverse":
        return list(rows.filter(**{place.relation: row.pk}).order_by(f"{place.relation}_position", "pk")[:MOST])
    keys = members_at(place, row)[:MOST]
    found = {each.pk: each for each in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def members_at(place: Place, row: Observed) -> list[Key]:
    """The ids of the members of a list."""
    link: Any = table(type(row)).lists[place.name]
    return list(link.link._default_manager.filter(owner=row.pk).order_by("position").values_list("member", flat=True))


def attached(place: Place, row: Observed, key: Key, reason: str) -> tuple[list[Wanted], list[Wanted]]:
    """What makes a new part with this key one of the object: columns of the part, and overrides of the object."""
    if place.kind == "reverse":
        return [Wanted(place.member.kind, key, place.relation, {place.relation: row.pk}, reason)], []
    value = key if place.kind == "relation" else [*members_at(place, row), key]
    return [], [Wanted(row.kind, row.pk, place.name, {place.name: value}, reason)]
