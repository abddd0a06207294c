"""Edits of a catalogue while it is served: whole replies of any kind, and rows that come to a list or leave it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st

from launchledger.catalogue.actions.columns import LinkedList, ReverseList, table
from launchledger.catalogue.records import Record
from launchledger.documents.listed import needed_relations
from launchledger.wire.v2_2_0 import WIRE
from tests.support.generating import Json, objects
from tests.support.observed import LOW, PARTIAL, SUBORBITAL, record, uuid
from tests.support.records import EVERY_ROW, everything

BEGINNING = [*EVERY_ROW, Record("LaunchStatus", PARTIAL), Record("Orbit", LOW), Record("Orbit", SUBORBITAL), *everything()]
"""Every row that others name, and a small whole catalogue in which everything is related, so that each change matters."""

_SHAPES = sorted({resource.detail.name for resource in WIRE.resources.values() if not resource.is_choice_list})
_EACH = 3  # bodies of each shape
BODIES = st.integers(0, len(_SHAPES) * _EACH - 1)
"""Indexes into `bodies`."""

IDS = st.integers(1, 3)


def bodies(how: settings) -> list[tuple[str, Json]]:
    """Objects as servers could send them, with their shapes. Drawn step by step they would use up Hypothesis' choices."""
    return [(name, body) for name in _SHAPES for body in _some(name, how)]


def _some(name: str, how: settings) -> list[Json]:
    found: list[Json] = []

    @settings(how, max_examples=2 * _EACH)
    @given(objects(name))
    def collect(body: Json) -> None:
        found.append(body)

    collect()
    assert len(found) >= _EACH
    return found[-_EACH:]  # the first ones are the simplest


class Move(NamedTuple):
    """A record that changes a list, and an address that shows the list."""

    record: Record
    address: str


def _key(model: str, number: int) -> int | str:
    return uuid(number) if model == "Launch" else number


def _address(model: str, number: int) -> str:
    path = next((path for path, resource in WIRE.resources.items() if resource.model == model), None)
    return f"/2.2.0/{path}/{_key(model, number)}/" if path else "/2.2.0/launch/?mode=detailed"


def _by_members(model: str, column: str, owner: str) -> st.SearchStrategy[Move]:
    """A member with its owner, or without one."""

    def move(number: int, of: int, belongs: bool) -> Move:
        columns: dict[str, Any] = {column: _key(owner, of) if belongs else None}
        return Move(record(model, _key(model, number), **columns), _address(owner, of))

    return st.builds(move, IDS, IDS, st.booleans() | st.just(True))


def _by_owners(model: str, column: str, member: str) -> st.SearchStrategy[Move]:
    """An owner with its members, in an order."""

    def move(number: int, members: list[int]) -> Move:
        columns: dict[str, Any] = {column: [_key(member, each) for each in members]}
        return Move(record(model, _key(model, number), **columns), _address(model, number))

    return st.builds(move, IDS, st.lists(IDS, max_size=3, unique=True))


def _moves() -> list[st.SearchStrategy[Move]]:
    found = []
    for model in (model for model in apps.get_app_config("catalogue").get_models() if model.__name__ in WIRE.reader.keyed_models):
        known: Any = table(model)
        for column, listed in known.listed_in.items():
            found.append(_by_members(model.__name__, column, listed.owner.__name__))
        for column, model_list in known.lists.items():
            match model_list:
                case ReverseList():
                    found.append(_by_owners(model.__name__, column, model_list.member.__name__))
                case LinkedList():
                    link: Any = model_list.link
                    found.append(_by_owners(model.__name__, column, link._meta.get_field("member").related_model.__name__))
    return found


def _new(path: str, number: int) -> Move:
    """A new row, at least mostly, and the address of the list that it joins."""
    resource = WIRE.resources[path]
    columns: dict[str, Any] = {column: _key(shape.model, 1) for column, shape in needed_relations(resource.detail).items()}
    return Move(record(resource.model, _key(resource.model, number), **columns), f"/2.2.0/{path}/?limit=2")


MOVES = st.one_of(_moves())
ADDITIONS = st.builds(
    _new, st.sampled_from(sorted(path for path in WIRE.resources if not WIRE.resources[path].when)), st.integers(7, 20)
)
