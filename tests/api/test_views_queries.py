"""What a reply costs: a fixed number of queries, each with its reason, whatever the size of the page.

The first time a row is asked for it is rendered; from then on it is a document, until something in it changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from launchledger.documents.models import Document, Use
from launchledger.wire.v2_2_0 import WIRE
from tests.support.whole import NOW, key, take_in, whole

PAGE = ("the keys of the page, which tell the count where the list is short",)
SERIAL = ("the serial, of which a count may be known",)
DOCUMENTS = ("the documents of the rows",)
ROWS = ("the rows, joined with all that they have one of",)


def _in(place: str, *lists: str) -> tuple[str, ...]:
    return tuple(f"{place}.{name}" for name in lists)


# From here on every name is a list on the wire, read for all rows at once: one query each.
PROGRAM = ("program", "program.agencies", "program.mission_patches")
LAUNCH = ("mission.agencies", "mission.info_urls", "mission.vid_urls", *PROGRAM)
CREWS = ("launch_crew", "onboard_crew", "landing_crew")
FLIGHT = (*CREWS, *_in("launch", *LAUNCH), "docking_events")
ASTRONAUT = ("flights", *_in("flights", *LAUNCH), "landings", *_in("landings.launch", *LAUNCH), "spacewalks", "spacewalks.crew")
EVENT = (
    *("updates", "info_urls", "vid_urls", "agencies", "launches", *_in("launches", *LAUNCH)),
    *("expeditions", "expeditions.mission_patches", "expeditions.spacewalks", "spacestations", *PROGRAM),
)
EXPEDITION = ("spacestation.owners", "crew", "mission_patches", "spacewalks", "spacewalks.crew")
LAUNCH_DETAILED = (
    *("updates", *_in("rocket.configuration", *PROGRAM), "rocket.launcher_stage", "rocket.spacecraft_stage"),
    *_in("rocket.spacecraft_stage", *CREWS, "docking_events"),
    *("infoURLs", "vidURLs", "timeline", *LAUNCH, "mission_patches"),
)
STATION = (
    *("owners", "active_expeditions", "active_expeditions.crew", "docking_location"),
    *_in("docking_location.docked.flight_vehicle.launch", *LAUNCH),
)
SPACECRAFT = ("flights", *_in("flights.launch", *LAUNCH))
SPACEWALK = ("crew", "expedition.mission_patches", *_in("spacecraft_flight", *FLIGHT), *PROGRAM)
AGENCY = ("launcher_list", "spacecraft_list")

DETAIL = "detail"
LISTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("agencies", "detailed"): AGENCY,
    ("agencies", DETAIL): AGENCY,
    ("astronaut", "detailed"): ASTRONAUT,
    ("astronaut", DETAIL): ASTRONAUT,
    ("config/launcher", "normal"): PROGRAM,
    ("config/launcher", "detailed"): PROGRAM,
    ("config/launcher", DETAIL): PROGRAM,
    ("event", "normal"): EVENT,
    ("event", DETAIL): EVENT,
    ("expedition", "normal"): ("mission_patches", "spacewalks"),
    ("expedition", "detailed"): EXPEDITION,
    ("expedition", DETAIL): EXPEDITION,
    ("launch", "normal"): LAUNCH,
    ("launch", "detailed"): LAUNCH_DETAILED,
    ("launch", DETAIL): LAUNCH_DETAILED,
    ("launcher", "detailed"): _in("launcher_config", *PROGRAM),
    ("launcher", DETAIL): _in("launcher_config", *PROGRAM),
    ("location", DETAIL): ("pads",),
    ("program", "normal"): ("agencies", "mission_patches"),
    ("program", DETAIL): ("agencies", "mission_patches"),
    ("spacecraft", "detailed"): SPACECRAFT,
    ("spacecraft", DETAIL): SPACECRAFT,
    ("spacecraft/flight", "normal"): _in("launch", *LAUNCH),
    ("spacecraft/flight", "detailed"): FLIGHT,
    ("spacecraft/flight", DETAIL): FLIGHT,
    ("spacestation", "normal"): ("owners",),
    ("spacestation", "detailed"): STATION,
    ("spacestation", DETAIL): STATION,
    ("spacewalks", "normal"): ("crew",),
    ("spacewalks", DETAIL): SPACEWALK,
}

_MODES = [(path, mode) for path, resource in WIRE.resources.items() for mode in resource.modes]


@pytest.fixture(scope="module")
def catalogue_of_100(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A hundred whole rows of every resource."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        for resource in WIRE.resources.values():
            take_in(resource.model, (whole(resource.detail, number) for number in range(1, 101)))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def without_documents(catalogue_of_100: None) -> None:
    """As before anything was asked for."""
    Document.objects.all().delete()
    Use.objects.all().delete()


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return [str(query["sql"]) for query in queries]


def _count(client: Client, address: str) -> int:
    """How many queries it costs when its documents are there."""
    client.get(address)
    return len(_queries(client, address))


def _of_rows(queries: list[str]) -> int:
    """How many of them read the catalogue's own tables."""
    return sum('"catalogue_' in sql for sql in queries)


@pytest.mark.usefixtures("without_documents")
@pytest.mark.parametrize(("path", "mode"), _MODES)
def test_a_list_costs_the_same_for_one_row_and_for_a_hundred(client: Client, path: str, mode: str) -> None:
    """The first time a page costs its keys, its rows and one query for each list in them; then its documents."""
    reasons = PAGE + ROWS + LISTS.get((WIRE.resources[path].whole, mode), ())
    for offset in (99, 0):
        address = f"/2.2.0/{path}/?mode={mode}&limit=100&offset={offset}"
        assert _of_rows(_queries(client, address)) == len(reasons), reasons
        assert len(_queries(client, address)) == len(SERIAL + PAGE + DOCUMENTS)


@pytest.mark.usefixtures("without_documents")
@pytest.mark.parametrize("path", WIRE.resources)
def test_a_detail_costs_its_row_and_its_lists(client: Client, path: str) -> None:
    """The first time a detail costs its row and one query for each list in it; a part of a resource asks whether it is in it."""
    within = ("whether it is its time",) if WIRE.resources[path].when else ()
    reasons = within + ROWS + LISTS.get((WIRE.resources[path].whole, DETAIL), ())
    address = f"/2.2.0/{path}/{key(WIRE.resources[path], 1)}/"
    assert _of_rows(_queries(client, address)) == len(reasons), reasons
    assert len(_queries(client, address)) == len(within + DOCUMENTS)


@pytest.mark.usefixtures("catalogue_of_100")
def test_a_filter_by_an_object_costs_no_query_more(client: Client) -> None:
    """The spacecraft that flights are filtered by is not looked for: one that is not there gives an empty page."""
    plain = _count(client, "/2.2.0/spacecraft/flight/?offset=99")
    assert _count(client, "/2.2.0/spacecraft/flight/?spacecraft=1") == plain


@pytest.mark.usefixtures("catalogue_of_100")
def test_the_browsable_page_costs_no_query_of_its_own(client: Client) -> None:
    """Drawing the page around the JSON reads nothing more."""
    assert _count(client, "/2.2.0/spacecraft/flight/?format=api") == _count(client, "/2.2.0/spacecraft/flight/?format=json")


@pytest.mark.django_db(transaction=True)
def test_a_reply_begins_and_ends_one_snapshot(client: Client) -> None:
    """Outside a transaction two statements more: the snapshot that all queries of one reply share begins and ends."""
    take_in("Pad", [{"id": 1}])
    client.get("/2.2.0/pad/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/2.2.0/pad/")
    assert queries[0]["sql"].startswith("BEGIN")
    assert queries[-1]["sql"] == "COMMIT"
    assert len(queries) == len(SERIAL + PAGE + DOCUMENTS) + 2
