"""Changes by time alone: at any time, cached replies are what rendering anew gives, with nothing written in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from launchledger.catalogue.queries.listing import forget_lists
from launchledger.catalogue.records import Record
from launchledger.documents.models import Document
from launchledger.site.edge import compose
from tests.support.addresses import ADDRESSES
from tests.support.asking import emptied_afterwards
from tests.support.calls import within_the_test
from tests.support.observed import NOW, launch, record, tell, uuid
from tests.support.second_database import examples
from tests.support.wsgi import Clock, ask

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=examples(10),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
ON_THE_CLOCK = [
    "/2.2.0/launch/upcoming/",
    "/2.2.0/launch/upcoming/?mode=detailed&limit=2",
    "/2.2.0/launch/upcoming/?hide_recent_previous=true",
    "/2.2.0/launch/previous/",
    "/2.2.0/launch/previous/?mode=list&limit=1",
    f"/2.2.0/launch/upcoming/{uuid(1)}/",
    f"/2.2.0/launch/previous/{uuid(1)}/",
    "/2.2.0/event/upcoming/",
    "/2.2.0/event/previous/?format=json",
    "/2.2.0/dashboard/starship/",
    "/2.2.0/spacecraft/1/",
    "/2.2.0/spacecraft/?mode=detailed",
    "/2.2.0/spacecraft/?ordering=-time_in_space&mode=normal",
    "/2.2.0/spacecraft/flight/1/",
    "/2.2.0/spacecraft/flight/?mode=detailed",
    f"/2.2.0/launch/{uuid(1)}/",
    "/2.2.0/astronaut/1/",
    "/2.2.0/docking_event/?mode=detailed",
]

IDS = st.integers(1, 3)
TICK = timedelta(microseconds=1)
# Around a day, because that is for how long what was counts as upcoming.
OFFSETS = st.sampled_from([timedelta(minutes=some) for some in (-1500, -1440, -1439, -61, -1, 0, 1, 2, 59, 60, 1440, 1500)])


def _after(offset: timedelta) -> str:
    return (NOW + offset).isoformat()[:19]


def _records(model: str, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Record]:
    return st.builds(lambda key, told: record(model, key, **told), IDS, st.fixed_dictionaries(columns))


TIMES = OFFSETS.map(_after)
RECORDS = st.one_of(
    st.builds(lambda number, net: launch(number, net, program=[1]), IDS, TIMES),
    _records("Event", date=TIMES, program=st.just([1])),
    _records("SpacecraftFlight", spacecraft=IDS, launch=IDS.map(uuid), mission_end=st.none() | TIMES, launch_crew=st.just([1])),
    _records("DockingEvent", docking=TIMES, departure=st.none() | TIMES, flight_vehicle=IDS, docking_location=st.just(1)),
    _records("RoadClosure", title=st.just("Road"), window_end=TIMES),
    _records("Notice", date=TIMES),
)
# What is always there: everything that the records name, and a launch whose spacecraft is up since an hour.
THERE = [
    record("Program", 1, name="Starship"),
    *(record("Spacecraft", key, name=f"Craft {key}") for key in (1, 2, 3)),
    *(launch(key, _after(timedelta(hours=-key)), program=[1]) for key in (1, 2, 3)),
    record("Astronaut", 1, name="Astronaut", type=1, date_of_birth="1960-06-02"),
    record("AstronautType", 1),
    record("AstronautFlight", 1, astronaut=1),
    record("SpaceStation", 1),
    record("DockingLocation", 1, spacestation=1),
    *(record("SpacecraftFlight", key, spacecraft=key, launch=uuid(key), mission_end=None, launch_crew=[1]) for key in (1, 2, 3)),
]
# Where something may pass, just before or after it; and the minutes around.
MOMENTS = st.builds(lambda offset, ticks: NOW + offset + ticks * TICK, OFFSETS, st.integers(-1, 1)) | st.builds(
    lambda seconds: NOW + timedelta(seconds=seconds), st.integers(-70, 200)
)


def _anew(django: WSGIHandler, address: str) -> tuple[int, bytes]:
    """By Django's own way, without a cache before it and without documents."""
    with emptied_afterwards():
        Document.objects.all().delete()
        forget_lists()
        answer = ask(django, address)
        return answer.status, answer.body


@FEW
@given(st.lists(RECORDS, max_size=8), st.lists(MOMENTS, min_size=2, max_size=6), st.lists(ADDRESSES, max_size=10))
def test_cached_replies_are_right_at_every_time(records: list[Record], moments: list[datetime], others: list[str]) -> None:
    """Of lists that rows come to and leave, of what has been in space for so long, and of all else: each reply at each of several
    moments, from the whole server as it is shipped, is the one that is made anew at that moment."""
    with emptied_afterwards(), within_the_test(), time_machine.travel(NOW, tick=False) as clock:
        forget_lists()
        tell(*THERE, at=NOW - timedelta(days=2))
        for number, each in enumerate(records):
            tell(each, at=NOW - timedelta(days=1) + timedelta(seconds=number))
        django = WSGIHandler()
        server = compose(django, Clock())
        for moment in sorted(moments):
            clock.move_to(moment)
            for address in [*ON_THE_CLOCK, *others]:
                answer = ask(server, address)
                assert (answer.status, answer.body) == _anew(django, address), (moment, address)
                again = ask(server, address)
                assert (again.status, again.body) == (answer.status, answer.body)
