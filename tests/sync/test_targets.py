"""What can be asked of an upstream follows from the wire."""

from __future__ import annotations

from launchledger.sync.targets import ABOUT, facts_of_details, news, targets
from launchledger.wire.resources import NORMAL
from launchledger.wire.served import DEFAULT


def test_every_list_and_page_of_the_wire_is_asked() -> None:
    """Each path of the wire is walked through at first, itself or in two parts that make it whole, and again later."""
    asked = targets()
    assert asked.keys() == DEFAULT.resources.keys() | DEFAULT.pages.keys()
    wholes = {target.whole for target in asked.values()}
    assert {target.whole for target in asked.values() if target.first} == wholes
    assert {target.path for target in asked.values() if target.again} >= wholes
    for path in ("launch", "event"):
        assert not asked[path].first
        assert [asked[f"{path}/{part}"].first for part in ("upcoming", "previous")] == [True, True]
        assert not asked[f"{path}/previous"].again
        assert not asked[f"{path}/previous"].proves_absence


def test_first_walks_are_in_the_order_of_use() -> None:
    """Choices first, then what is ahead, then the rest with launches first."""
    paths = [target.path for target in targets().values() if target.first]
    choices = [path for path in paths if path.startswith("config/") and DEFAULT.resources[path].is_choice_list]
    assert paths[: len(choices) + 3] == [*choices, "launch/upcoming", "event/upcoming", "launch/previous"]


def test_the_mode_holds_the_most_and_the_order_is_upstreams() -> None:
    """Lists are asked for in their largest mode; an order is only asked for where upstream is known to have it."""
    parameters = {path: dict(target.parameters) for path, target in targets().items()}
    assert parameters["launch"] == {"mode": "detailed", "ordering": "id"}
    assert parameters["astronaut"] == {"mode": "detailed", "ordering": "name"}
    assert parameters["event/previous"] == {"ordering": "date"}
    assert parameters["updates"] == {"ordering": "created_on"}
    assert parameters["pad"] == parameters["config/orbit"] == {}
    for path, resource in DEFAULT.resources.items():
        assert parameters[path].get("mode", NORMAL) in resource.modes
        assert parameters[path].get("ordering", "") in ("", *resource.ordering)


def test_launches_and_events_have_news() -> None:
    """Only they can be asked for what changed since a time."""
    assert dict(news()) == {
        "launch": (("mode", "detailed"), ("ordering", "-last_updated")),
        "event": (("ordering", "-last_updated"),),
    }


def test_details_are_asked_only_for_what_no_list_shows() -> None:
    """Spacewalks alone have facts that only their details show; the pads of a location follow from the list of pads."""
    assert set(facts_of_details()) == {"spacewalks"}
    assert "spacecraft_flight" in facts_of_details()["spacewalks"]


def test_sizes_are_of_lists_that_exist() -> None:
    """The estimates name paths of the wire."""
    assert ABOUT.keys() <= targets().keys()
