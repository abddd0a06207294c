"""A cache in front forgets enough: whatever a commit changes, every reply that is another afterwards had a key that it names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from launchledger.catalogue.actions import Observation, observe, refresh
from launchledger.catalogue.queries.listing import forget_lists
from launchledger.http_cache.surrogate_keys import EVERYTHING, keys_changed_by
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.site.edge import compose
from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.resources import DASHBOARD
from tests.properties.test_observing import FEW, Deleting, events, let_happen, observations, of_each_family, sightings
from tests.support.asking import emptied_afterwards
from tests.support.calls import within_the_test
from tests.support.observed import NOW, uuid
from tests.support.records import EVERY_ROW, RECORDS
from tests.support.second_database import examples
from tests.support.wsgi import Answer, Clock, Watched, ask

pytestmark = pytest.mark.django_db

FEWER = effort(FEW, max_examples=examples(5))  # each look asks for some 180 replies

ADDRESSES = [
    *(f"/2.2.0/{path}/?mode={mode}" for path, resource in WIRE.resources.items() for mode in resource.modes),
    *(f"/2.2.0/{path}/?limit=1&offset=1" for path in WIRE.resources),
    *(f"/2.2.0/{path}/{uuid(2) if resource.has_text_id else 2}/" for path, resource in WIRE.resources.items()),
    "/2.2.0/launch/?search=1",
    "/2.2.0/launch/?lsp__id=1",
    "/2.2.0/launch/upcoming/?hide_recent_previous=true",
    "/2.2.0/pad/?ordering=-id",
    f"/2.2.0/{DASHBOARD}/",
]


class Seen:
    """What a cache in front has; each look asks for everything anew, and counts what became another."""

    def __init__(self) -> None:
        forget_lists()  # examples are taken back, serials and all
        self.changed = 0
        self._clock = Clock()
        self._edge = compose(Watched(), self._clock)
        self._had: dict[str, Answer] = {}
        self._serial = latest_serial()

    def look(self) -> None:
        named = keys_changed_by(list(Entry.objects.filter(serial__gt=self._serial)))
        self._serial = latest_serial()
        self._clock.go_on()
        for address in ADDRESSES:
            had, now = self._had.pop(address, None), ask(self._edge, address)
            if had is not None and (had.status, had.body) != (now.status, now.body):
                self.changed += 1
                assert _keys(had) & named, (address, had, now)
            if now.status == 200:
                assert EVERYTHING in _keys(now)
                self._had[address] = now


def _keys(answer: Answer) -> set[str]:
    return set(answer.headers["surrogate-key"].split(" "))


@pytest.fixture(autouse=True)
def _keyed(settings: Settings) -> Iterator[None]:
    settings.SURROGATE_KEYS = ("Surrogate-Key",)
    with within_the_test():
        yield


@of_each_family
def test_what_is_observed_names_what_it_changes(names: list[str]) -> None:
    """Objects of these shapes, taken in one after another, with every list and some details asked for in between."""
    changed = []

    @FEWER
    @given(sightings(names))
    def check(found: list[Any]) -> None:
        with emptied_afterwards(), time_machine.travel(NOW, tick=False):
            seen = Seen()
            for observation in observations(found):
                observe([observation])
                seen.look()
            changed.append(seen.changed)

    check()
    assert sum(changed)


@of_each_family
def test_deletions_name_what_they_change(names: list[str]) -> None:
    """Objects come, are deleted and seen again, with every list and some details asked for in between."""
    changed = []

    @FEWER
    @given(events(names))
    def check(found: list[Observation | Deleting]) -> None:
        with emptied_afterwards(), time_machine.travel(NOW, tick=False):
            seen = Seen()
            for event in found:
                let_happen(event)
                seen.look()
            changed.append(seen.changed)

    check()
    assert sum(changed)


def test_numbers_that_are_computed_are_named_as_well() -> None:
    """Launches, flights and dockings shift numbers of objects that were not observed, and so does a refresh by the
    clock. Changes by the clock alone do not matter here: max-age ends with them."""
    changed = []

    @FEWER
    @given(st.lists(st.lists(RECORDS, min_size=1, max_size=3), min_size=1, max_size=3), st.lists(st.integers(1, 500), max_size=2))
    def check(batches: list[list[Any]], days: list[int]) -> None:
        with emptied_afterwards(), time_machine.travel(NOW, tick=False) as clock:
            observe([Observation(EVERY_ROW, "test", NOW - timedelta(days=1))])
            seen = Seen()
            seen.look()
            for minute, batch in enumerate(batches):
                observe([Observation([each], "test", NOW + timedelta(minutes=minute)) for each in batch])
                seen.look()
            changed.append(seen.changed)
            for some in days:
                clock.shift(timedelta(days=some))
                seen = Seen()
                seen.look()
                refresh()
                seen.look()
                changed.append(seen.changed)

    check()
    assert sum(changed)
