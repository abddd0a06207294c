"""What the wire said after each change is what `history.at` says of that time, whatever changed later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger import clock
from launchledger.api.answers import object_detail, parse_key
from launchledger.catalogue.actions import Observation, refresh
from launchledger.documents.renderer import Address
from launchledger.formats.encoding import encode
from launchledger.history.at import detail_at
from launchledger.wire.v2_2_0 import WIRE
from tests.properties.test_observing import Deleting, deletions, observations, of_each_family, sightings
from tests.properties.test_overrides import Step, do, steps_among
from tests.support.asking import emptied_afterwards
from tests.support.generating import IDS
from tests.support.observed import NOW, tell, uuid
from tests.support.records import EVERY_ROW, RECORDS, everything
from tests.support.second_database import examples

pytestmark = pytest.mark.django_db
SOME = settings(
    max_examples=examples(5),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ADDRESS = Address("http://testserver/2.2.0/", "/?format=json")
Happening = Step | Deleting | timedelta


@dataclass(frozen=True)
class Detail:
    """One detail, as it is asked for by path, mode and id."""

    path: str
    mode: str
    id: str

    def now(self) -> bytes | None:
        found = object_detail(WIRE.resources[self.path], self.id, self.mode, ADDRESS)
        return None if found is None else found.body

    def at(self, at: datetime) -> bytes | None:
        resource = WIRE.resources[self.path]
        key = parse_key(resource, self.id)
        assert key is not None
        shape = resource.detail_modes.get(self.mode, resource.detail)
        found = detail_at(at, resource, key, shape, ADDRESS, ADDRESS.base)
        return None if found is None else encode(found)


def _details(names: Collection[str] = ()) -> st.SearchStrategy[list[Detail]]:
    """Some details, more often those of the kinds of these shapes."""
    kinds = {WIRE.shapes[name].model for name in names}
    paths = [
        path
        for path, resource in WIRE.resources.items()
        for _ in range(20 if resource.model in kinds else 1 if resource.is_choice_list else 3)
    ]
    one = st.builds(_detail, st.sampled_from(paths), IDS, st.booleans())
    return st.lists(one, min_size=12, max_size=12, unique=True)


def _detail(path: str, number: int, is_small: bool) -> Detail:
    resource = WIRE.resources[path]
    mode = next(iter(resource.detail_modes), "") if is_small else ""
    return Detail(path, mode, uuid(number) if resource.has_text_id else str(number))


def _happen(event: Happening, travelling: time_machine.Traveller) -> None:
    if isinstance(event, timedelta):
        travelling.shift(event)
        refresh()
    elif isinstance(event, Deleting):
        event.happen()
    else:
        do(event)


def _check(details: Sequence[Detail], events: Iterable[Happening]) -> None:
    """Let these happen a minute after each other, and ask afterwards for the times between them."""
    with emptied_afterwards(), time_machine.travel(NOW, tick=False) as travelling:
        said = {clock.now(): [detail.now() for detail in details]}
        for event in events:
            travelling.shift(timedelta(minutes=1))
            _happen(event, travelling)
            said[clock.now() + timedelta(seconds=20)] = [detail.now() for detail in details]
        travelling.shift(timedelta(days=1))
        for at, bodies in said.items():
            for detail, body in zip(details, bodies, strict=True):
                assert detail.at(at) == body, (detail, at)


@of_each_family
def test_a_time_has_what_the_wire_then_said(names: list[str]) -> None:
    """Objects of these shapes come, change, are overridden, deleted and seen again."""

    @SOME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        seen = observations(data.draw(sightings(names)))
        gone = data.draw(deletions(names, len(seen)))
        _check(data.draw(_details(names)), data.draw(st.permutations([*data.draw(steps_among(seen)), *gone])))

    check()


def test_numbers_and_lists_stand_as_they_stood() -> None:
    """Derived numbers, running durations, crews and places in lists, also as time passes."""

    @SOME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        few = data.draw(st.lists(st.lists(RECORDS, min_size=1, max_size=4), min_size=2, max_size=4))
        seen = [Observation(records, f"reply {place}", NOW + timedelta(minutes=place)) for place, records in enumerate(few)]
        passing = [timedelta(days=days) for days in data.draw(st.lists(st.integers(1, 500), max_size=2))]
        with emptied_afterwards():
            with time_machine.travel(NOW - timedelta(minutes=1), tick=False):
                # Also the choices that the records name: no reader leaves a relation to a row that is not there.
                tell(*EVERY_ROW, *everything(), at=NOW - timedelta(days=1))
            _check(data.draw(_details()), data.draw(st.permutations([*data.draw(steps_among(seen)), *passing])))

    check()
