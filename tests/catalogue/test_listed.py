"""Which rows lists show: those that lack nothing that the list's shape never has null."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from launchledger.catalogue.actions import Observation, observe
from launchledger.catalogue.models.listed import NAMED_BY, WHOLE_WITH
from launchledger.documents.listed import deciding_kinds, listed, needed_relations
from launchledger.documents.renderer import Address
from launchledger.documents.rendering import render
from launchledger.wire.resources import LIST
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import HOST, VOSTOK_1, docking_event, flight, launch

ADDRESS = Address(f"{HOST}/", "/")
NAMES = {"lsp_name": "OKB-1", "mission": "Vostok 1", "mission_type": "Human", "pad": "Site 1", "location": "Baikonur"}


def _take_in(model: str, body: Any, year: int = 2025) -> None:
    observe([Observation(WIRE.reader.read(model, body), "test", datetime(year, 1, 1, tzinfo=UTC))])


def _in_list_mode(**changes: Any) -> dict[str, Any]:
    """A launch as mode=list shows it."""
    kept = ("id", "url", "slug", "name", "status", "last_updated", "net", "net_precision", "window_end", "window_start")
    body = launch()
    return {**{key: body[key] for key in kept}, **NAMES, "image": None, "type": "list", **changes}


def _keys(shape: str) -> list[Any]:
    return list(listed(WIRE.shapes[shape]).order_by("pk").values_list("pk", flat=True))


def _names() -> dict[str, Any]:
    (shown,) = render(WIRE.shapes["LaunchList"], [VOSTOK_1], ADDRESS)
    return {key: shown[key] for key in NAMES}


def test_launches_keep_in_their_rows_what_their_shapes_need() -> None:
    """The column that the database computes for launches agrees with their shapes."""
    modes = WIRE.resources["launch"].modes
    assert set(needed_relations(modes[LIST])) == {NAMED_BY}
    for mode, shape in modes.items():
        assert mode == LIST or set(needed_relations(shape)) == set(WHOLE_WITH)


@pytest.mark.django_db
def test_a_launch_known_by_names_alone_is_in_lists_of_names_alone() -> None:
    """It is in no list where its provider, rocket and pad would be null, until a reply gives them."""
    _take_in("Launch", _in_list_mode())
    assert [_keys(shape) for shape in ("LaunchList", "LaunchSerializerCommon", "LaunchDetailed")] == [[VOSTOK_1], [], []]
    _take_in("Launch", launch(), 2026)
    assert [_keys(shape) for shape in ("LaunchList", "LaunchSerializerCommon", "LaunchDetailed")] == [[VOSTOK_1]] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations((2024, 2025, 2026))))
def test_the_newest_reply_says_by_what_names_a_launch_is_listed(order: tuple[int, ...]) -> None:
    """Names hold until the relation is seen later, and relations until names are; in whatever order replies are loaded."""
    bodies = {2024: _in_list_mode(pad="Site 0"), 2025: launch(), 2026: _in_list_mode(lsp_name="Energia", pad="Site 1")}
    for year in order:
        _take_in("Launch", bodies[year], year)
    assert _names() == {**NAMES, "lsp_name": "Energia"}
    _take_in("Launch", launch(mission=None), 2027)
    assert list(_names().values()) == [
        "Soviet Space Program",
        None,
        None,
        "1/5",
        "Baikonur Cosmodrome, Republic of Kazakhstan",
    ]


@pytest.mark.django_db
def test_a_name_makes_no_row() -> None:
    """A name is not an id: no object is made for it, and none with the same name is used in its place."""
    _take_in("Pad", {"id": 7, "name": "Site 1", "location": {"id": 15, "name": "Baikonur"}})
    _take_in("Launch", _in_list_mode())
    assert _keys("Pad") == [7]
    assert list(listed(WIRE.shapes["LaunchList"]).values_list("pad", "launch_service_provider", "mission")) == [
        (None, None, None)
    ]


@pytest.mark.django_db
def test_an_astronaut_known_from_list_mode_is_in_every_list() -> None:
    """Lists of names show all that others never have null; the agency, which may be null there, is shown by its name."""
    body = {"id": 270, "name": "Yuri Gagarin", "status": {"id": 11}, "type": {"id": 2}, "agency": "Soviet Space Program"}
    _take_in("Astronaut", body)
    for shape, agency in (("AstronautList", "Soviet Space Program"), ("AstronautNormal", None)):
        assert _keys(shape) == [270]
        assert render(WIRE.shapes[shape], [270], ADDRESS)[0]["agency"] == agency


@pytest.mark.django_db
def test_a_station_that_a_docking_named_is_in_no_list() -> None:
    """Its small form has neither status nor type, which lists of stations never have null."""
    small = {"id": 14, "url": f"{HOST}/spacestation/14/", "name": "Salyut 6"}
    _take_in("DockingEvent", {"id": 1, "docking_location": {"id": 9, "name": "aft", "spacestation": small}})
    assert _keys("SpaceStation") == []
    _take_in("SpaceStation", {**small, "status": {"id": 2}, "type": {"id": 1}}, 2026)
    assert _keys("SpaceStation") == [14]


@pytest.mark.django_db
def test_a_flight_is_listed_when_its_launch_is_whole() -> None:
    """Lists of flights nest the launch; one of which only the id or names are known would be nested with nulls."""
    known = flight(docking_events=[docking_event()])
    _take_in("SpacecraftFlight", {**known, "launch": _in_list_mode()})
    assert _keys("SpacecraftFlight") == []
    _take_in("Launch", launch(), 2026)
    assert _keys("SpacecraftFlight") == [known["id"]]
    assert deciding_kinds(WIRE.shapes["SpacecraftFlight"]) == {"SpacecraftFlight", "Launch"}
