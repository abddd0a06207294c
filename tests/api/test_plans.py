"""How the databases find the rows of the most used calls: by an index, and without sorting rows that an index has in order.

The plans are read, not timed: on twenty thousand launches, with what each database knows of its tables by then.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from launchledger.catalogue.actions import rebuild_texts
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.astronauts import Astronaut, AstronautFlight, AstronautStatus, AstronautType
from launchledger.catalogue.models.events import Event
from launchledger.catalogue.models.launchers import LauncherConfiguration
from launchledger.catalogue.models.launches import Launch, LaunchStatus, Location, Mission, Orbit, Pad
from launchledger.catalogue.models.programs import Update
from launchledger.catalogue.models.spacecraft import Spacecraft, SpacecraftFlight, SpacecraftFlightLaunchCrewLink
from tests.support.shared import shared_rows

pytestmark = pytest.mark.django_db

LAUNCHES, FEW, MANY = 20_000, 200, 4_000  # of rows that launches share, and of those that are about as many
FIRST, LAST, NOW = datetime(1957, 10, 4, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
BIG = ("launch", "mission", "event", "astronaut", "update", "spacecraft", "spacecraftflight")

# A call, and whether it may sort what it found: the few rows of one group, or of several, each of which has an order of its own.
CALLS = {
    "launch/": False,
    "launch/?ordering=-net": False,
    "launch/?ordering=name": False,
    "launch/?ordering=-last_updated": False,
    "launch/?last_updated__gte=2026-10-01&ordering=last_updated": False,
    "launch/?net__gte=2024-01-01&net__lte=2024-02-01": False,
    "launch/?net__gte=2026-01-01T00:00:00Z&ordering=net&mode=detailed": False,
    "launch/?lsp__id=3": False,
    "launch/?slug=launch-7": True,
    "launch/?rocket__configuration__id=3": False,
    "launch/?pad=3&mode=list": False,
    "launch/?is_crewed=true": True,
    "launch/upcoming/?limit=10": False,
    "launch/upcoming/?mode=detailed&limit=10&hide_recent_previous=true": False,
    "launch/upcoming/?limit=10&offset=20": False,
    "launch/upcoming/?lsp__id=3": True,
    "launch/upcoming/?lsp__ids=3,4": True,
    "launch/upcoming/?location__ids=3,4": True,
    "launch/upcoming/?status=1": False,
    "launch/upcoming/?status__ids=1,2&lsp__name=agency 3": True,
    "launch/upcoming/?net__lt=2026-12-01": False,
    "launch/previous/?limit=10": False,
    "launch/previous/?lsp__id=3": True,
    "astronaut/?status_ids=1": True,
    "astronaut/?ordering=name": False,
    "event/upcoming/?limit=10": False,
    "event/previous/?limit=10": False,
    "spacecraft/flight/?spacecraft=3": True,
    "updates/?ordering=-created_on": False,
    "updates/?launch=00000000-0000-0000-0000-000000000001": True,
}

SEARCHES = (
    "launch/?search=launch 77",
    "launch/upcoming/?search=launch",
    "launch/upcoming/?limit=10&mode=detailed&search=rocket 3",
    "astronaut/?search=person 7",
    "event/upcoming/?search=event",
)


_PLACE = re.compile(r"LIMIT \d+ OFFSET \d+$")


def _moments(count: int) -> Iterator[datetime]:
    chance = random.Random(7)
    return (FIRST + chance.random() * (LAST - FIRST) // timedelta(seconds=1) * timedelta(seconds=1) for _ in range(count))


def _fill() -> None:
    """Rows with what filters and orders read, put in at once: no reply is made of them."""
    few, many = range(1, FEW + 1), range(1, MANY + 1)
    _create(LaunchStatus, ({"id": id} for id in range(1, 9)))
    _create(AstronautStatus, ({"id": id} for id in range(1, 4)))
    _create(Orbit, ({"id": id, "name": f"orbit {id}"} for id in range(1, 9)))
    _create(Agency, ({"id": id, "name": f"agency {id}", "abbrev": f"A{id}"} for id in few))
    _create(Location, ({"id": id, "name": f"location {id}"} for id in few))
    _create(Pad, ({"id": id, "name": f"pad {id}", "location_id": id} for id in few))
    _create(LauncherConfiguration, ({"id": id, "name": f"rocket {id}", "manufacturer_id": id} for id in few))
    _create(Mission, ({"id": id, "name": f"mission {id}", "orbit_id": id % 8 + 1} for id in range(1, LAUNCHES + 1)))
    _create(Launch, (_launch(number, net) for number, net in enumerate(_moments(LAUNCHES))))
    _create(Event, ({"id": id, "name": f"event {id}", "date": date} for id, date in zip(many, _moments(MANY), strict=True)))
    _create(AstronautType, [{"id": 2}])
    _create(Astronaut, ({"id": id, "name": f"person {id}", "status_id": id % 3 + 1, "type_id": 2} for id in many))
    _create(Spacecraft, ({"id": id, "name": f"craft {id}"} for id in many))
    _create(SpacecraftFlight, ({"id": id, "spacecraft_id": id, "launch_id": _id(id)} for id in many))
    _create(AstronautFlight, ({"id": id, "astronaut_id": id} for id in few))
    _create(SpacecraftFlightLaunchCrewLink, ({"owner_id": id, "member_id": id, "position": 0} for id in few))
    _create(Update, ({"id": id, "created_on": at, "launch_id": _id(id)} for id, at in zip(many, _moments(MANY), strict=True)))
    rebuild_texts()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _create(model: Any, rows: Any) -> None:
    model.objects.bulk_create((model(**row) for row in rows), batch_size=1000)


def _id(number: int) -> str:
    return str(uuid.UUID(int=number))


def _launch(number: int, net: datetime) -> dict[str, Any]:
    of = number % FEW + 1
    group = {"launch_service_provider_id": of, "pad_id": of, "configuration_id": of, "mission_id": number + 1}
    told = {"name": f"launch {number}", "slug": f"launch-{number}", "net": net, "last_updated": net}
    return {"id": _id(number), **told, **group, "status_id": 3 if net < NOW else number % 2 + 1}


@pytest.fixture(scope="module")
def _a_large_catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with shared_rows(django_db_blocker, _fill):
        yield


def _found_by(sql: str, *, may_sort: bool = True) -> list[str]:
    """The lines of a query's plan. PostgreSQL is asked what it could do: on tables as small as these it reads all by itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # A page's place is a parameter, unknown when SQLite plans; to sort for a first row alone would look cheap to it.
            cursor.execute(f"EXPLAIN QUERY PLAN {_PLACE.sub('LIMIT (SELECT 2) OFFSET (SELECT 0)', sql)}")
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"SET LOCAL enable_sort = {'on' if may_sort else 'off'}")
            cursor.execute(f"EXPLAIN (COSTS OFF) {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


def _reads_a_whole_table(line: str, tables: Collection[str] = BIG) -> bool:
    words = line.replace('"', "").split()
    if connection.vendor == "sqlite":
        return words[0] == "SCAN" and words[1].removeprefix("catalogue_") in tables and "USING" not in words
    return "Seq Scan on" in line and any(f"catalogue_{table} " in f"{line} " for table in tables)


def _sorts(line: str) -> bool:
    if connection.vendor == "sqlite":
        return line == "USE TEMP B-TREE FOR ORDER BY"
    return line.strip().removeprefix("->").strip() == "Sort"


def _is_by_keys(sql: str) -> bool:
    return "json_each" in sql or "ANY(" in sql.replace("ANY(ARRAY(SELECT", "")


def _asked(client: Client, call: str, least: int) -> list[str]:
    """The queries that find the rows of a call, so many at least; those that read them by their keys are left out."""
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
        assert client.get(f"/2.2.0/{call}").json()["count"]
        client.get(f"/2.2.0/{call}{'&' if '?' in call else '?'}limit=1")  # a page that is full does not tell the count
    asked = [sql for query in queries if "catalogue_" in (sql := query["sql"]) and not _is_by_keys(sql)]
    assert len(asked) >= least
    return asked


@pytest.mark.usefixtures("_a_large_catalogue")
@pytest.mark.parametrize("call", CALLS)
def test_the_most_used_calls_find_their_rows_by_an_index(client: Client, call: str) -> None:
    """No table that grows is read as a whole, neither to count nor to find the keys, and order comes from the index."""
    for sql in _asked(client, call, 2):  # the keys and the count
        plan = _found_by(sql, may_sort=CALLS[call])
        assert not [line for line in plan if _reads_a_whole_table(line)], "\n".join([sql, *plan])
        assert CALLS[call] or not [line for line in plan if _sorts(line)], "\n".join([sql, *plan])


@pytest.mark.usefixtures("_a_large_catalogue")
@pytest.mark.parametrize("call", SEARCHES)
def test_a_search_reads_the_texts_that_hold_its_words(client: Client, call: str) -> None:
    """They are found by trigrams where the database has such an index, and no other table is read."""
    texts = set() if connection.vendor == "sqlite" else {"searchedtext"}  # the tests' PostgreSQL comes without pg_trgm
    for sql in _asked(client, call, 1):  # which are counted as they are found
        plan = _found_by(sql)
        assert not [line for line in plan if _reads_a_whole_table(line, {*BIG, "searchedtext"} - texts)], "\n".join([sql, *plan])


@pytest.mark.usefixtures("_a_large_catalogue")
def test_a_list_of_flights_reads_no_launch_but_incomplete_ones(client: Client) -> None:
    """Whether a flight is listed depends on its launch; joined with launches, counting took twenty times as long."""
    for sql in _asked(client, "spacecraft/flight/", 2):  # the keys and the count
        of_launches = [line for line in _found_by(sql, may_sort=True) if "u0" in line.lower()]
        assert of_launches, sql
        assert all("launch_incomplete" in line for line in of_launches), of_launches
        assert sql.count('"catalogue_launch"') == 1
