"""`launchledger statistics`: recomputing, refreshing and comparing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from django.utils import timezone

from launchledger.catalogue.actions import refresh
from launchledger.catalogue.models.clock import Clock
from launchledger.catalogue.models.launches import Pad
from launchledger.cli import launchledger
from tests.support.asking import take_in
from tests.support.bodies import flight, launch
from tests.support.observed import GO, NOW, record, tell
from tests.support.observed import launch as short_launch

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, ["statistics", *words])


def test_recomputing_counts_the_objects_that_changed() -> None:
    """Without options every computed number is recomputed; a second time nothing changes."""
    tell(record("Pad", 1))
    refresh()
    Pad.objects.update(total_launch_count=5)
    assert run().stdout == "1 object changed.\n"
    assert run().stdout == "Every number is right.\n"
    assert Pad.objects.get(pk=1).total_launch_count == 0


def test_refreshing_updates_what_time_changed() -> None:
    """For those who run another server than `launchledger serve`."""
    with time_machine.travel(NOW, tick=False) as clock:
        tell(record("Pad", 1), short_launch(1, "2024-06-01T12:00:30", GO, pad=1))
        refresh()
        assert run("--refresh").stdout == "Every number is right.\n"
        clock.shift(timedelta(minutes=1))
        assert run("--refresh").stdout == "1 object changed.\n"


def test_numbers_by_older_rules_are_recomputed_first() -> None:
    """Any command that prepares the database reports that in one line on standard error."""
    tell(record("Pad", 1))
    refresh()
    Pad.objects.update(total_launch_count=-1)
    Clock.objects.update(rules=0)
    result = run("--refresh")
    assert result.stdout == "Every number is right.\n"
    assert result.stderr == "Recomputed the derived numbers by the rules of this version: 1 object changed.\n"
    assert run("--refresh").stderr == ""


# Upstream's flight 567 (Progress 3, 1978) says that its launch was the 2,114th to orbit of all years, and of its year.
SEED: dict[str, Any] = {
    "orbital_launch_attempt_count": 2114,
    "orbital_launch_attempt_count_year": 2114,
    "pad_launch_attempt_count": 1,
}


def test_comparing_finds_what_upstream_has_wrong() -> None:
    """A yearly rank that is the rank of all years is counted in the table, and the object is printed with both values."""
    take_in("SpacecraftFlight", flight(launch=launch(**SEED)))
    result = run("--compare")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["number", "compared", "equal", "differing", "running"] in lines
    assert ["Launch.orbital_launch_attempt_count_year", "1", "0", "1", "0"] in lines
    assert ["Launch.pad_launch_attempt_count", "1", "1", "0", "0"] in lines
    assert f"  Launch.orbital_launch_attempt_count_year of {launch()['id']} Vostok-K | Vostok 1: 2114, 1" in result.stdout
    assert "  Spacecraft.time_in_space" not in result.stdout  # it is as the rows give


def test_comparing_as_json_prints_every_difference() -> None:
    """One object a number, in the order of the declaration, with every difference in wire form."""
    take_in("Launch", launch(**SEED))
    found = {(each["object"], each["number"]): each for each in json.loads(run("--compare", "--json").stdout)}
    each = found["Launch", "orbital_launch_attempt_count_year"]
    assert (each["compared"], each["equal"], each["running"]) == (1, 0, 0)
    assert each["differing"] == [{"id": launch()["id"], "name": "Vostok-K | Vostok 1", "observed": 2114, "ours": 1}]
    assert found["Agency", "total_launch_count"]["compared"] == 0  # never observed, so it is ours


def test_names_are_printed_without_raw_escapes() -> None:
    """A name may hold what changes a terminal: it is escaped in lines and in JSON, where it stays the same value."""
    name = "a\x1b[31m\x9b\u202e\nb"
    take_in("Launch", launch(name=name, **SEED))
    assert r"a\x1b[31m\x9b\u202e\nb: 2114" in run("--compare").stdout
    printed = run("--compare", "--json").stdout
    assert {letter for letter in printed if not letter.isprintable()} == {"\n"}
    assert name in [other["name"] for each in json.loads(printed) for other in each["differing"]]


def test_a_running_time_is_not_compared() -> None:
    """It was right when it was sent and is larger now: it is counted separately."""
    body = flight(mission_end=None, landing=None, launch_crew=[], onboard_crew=[], landing_crew=[])
    body["spacecraft"] |= {"in_space": True, "time_in_space": "P1D"}
    take_in("SpacecraftFlight", body, timezone.now())
    found = {(each["object"], each["number"]): each for each in json.loads(run("--compare", "--json").stdout)}
    assert (found["Spacecraft", "time_in_space"]["compared"], found["Spacecraft", "time_in_space"]["running"]) == (0, 1)


def test_the_objects_printed_are_bounded() -> None:
    """`--limit` objects a number, and how many more there are; with 0 the table alone."""
    tell(*(short_launch(number, "2020-01-01T00:00:00", pad_turnaround=timedelta(9)) for number in range(1, 5)))
    few = run("--compare", "--limit", "1").stdout
    assert "Launch.pad_turnaround: 3 more" in few
    assert "object: observed" not in run("--compare", "--limit", "0").stdout


def test_an_empty_catalogue_has_nothing_to_compare() -> None:
    """One line reports that, in place of an empty table."""
    assert run("--compare").stdout == "No derived number was ever observed.\n"


@pytest.mark.parametrize("words", [("--compare", "--refresh"), ("--json",)])
def test_options_that_make_no_sense_together_are_wrong_use(words: tuple[str, ...]) -> None:
    """Status 2 and one line."""
    result = run(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
