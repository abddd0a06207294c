"""`launchledger delete`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from click.testing import CliRunner, Result
from django.test import Client

from launchledger.catalogue.actions import LONGEST_REASON, Observation, observe
from launchledger.catalogue.models.agencies import Agency
from launchledger.cli import launchledger
from launchledger.cli.delete import SOURCE
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import MIDDLE, VOSTOK_1, agency, launch

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, 9, 30, 15, 250_000, tzinfo=UTC)


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, ["delete", *words], prog_name="launchledger")


@pytest.fixture(autouse=True)
def _a_catalogue() -> None:
    observe(
        [
            Observation(WIRE.reader.read("Agency", agency()), "test", MIDDLE),
            Observation(WIRE.reader.read("Launch", launch()), "test", MIDDLE),
        ]
    )


def test_an_object_is_deleted_and_the_journal_says_why() -> None:
    """Now where no time is given; the resource and the id as people write them; deleting again reports that it was deleted."""
    with time_machine.travel(NOW, tick=False):
        done = _run("agencies/", "66", "--reason", "Entered twice, see 121")
    assert (done.exit_code, done.output) == (0, "agencies/66/ is deleted.\n")
    assert Client().get("/2.2.0/agencies/66/").status_code == 404
    entry = Entry.objects.latest("serial")
    assert (entry.action, entry.source, entry.observed_at) == ("deleted", SOURCE, NOW)
    assert entry.changes["reason"] == [None, "Entered twice, see 121"]
    again = _run("agencies", "66", "--observed-at", "2026-07-15T00:00:00Z")
    assert (again.exit_code, again.output) == (0, "agencies/66/ was deleted already.\n")
    assert _run("launch", VOSTOK_1.upper()).output == f"launch/{VOSTOK_1}/ is deleted.\n"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["rockets", "1"], 2, "rockets is not a resource of version 2.2.0, such as launch or config/launcher."),
        (["agencies", "67"], 1, "agencies/67/ is not in the catalogue; nothing is deleted. Look in /2.2.0/agencies/."),
        (["agencies", "9" * 36], 1, "is not in the catalogue; nothing is deleted."),
        (["agencies", "-1"], 2, "No such option '-1'."),
        (["agencies", "ESA"], 2, "ESA is not an id of agencies, which is a number."),
        (["launch", "66"], 2, "66 is not an id of launch, which is a UUID."),
        (["agencies", "66", "--observed-at", "today"], 2, "is not a date-time with a zone (YYYY-MM-DDTHH:MM:SSZ)."),
        (["agencies", "66", "--observed-at", "9999-01-01T00:00:00Z"], 2, "9999-01-01T00:00:00Z is in the future."),
        (["agencies", "66", "--reason", "x" * (LONGEST_REASON + 1)], 2, "A reason has at most 300 characters; this one has 301."),
        (
            ["agencies", "66", "--observed-at", "2023-01-01T00:00:00Z"],
            1,
            "agencies/66/ was observed after 2023-01-01T00:00:00Z and is not deleted.",
        ),
        (["agencies"], 2, "Missing argument 'ID'."),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_deleted_is_refused(words: list[str], status: int, message: str) -> None:
    """In one line that says what, where and what to do; nothing is journaled, and the object stays."""
    before = Entry.objects.count()
    done = _run(*words)
    assert done.exit_code == status
    assert message in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert Entry.objects.count() == before
    assert Agency.objects.filter(deleted_at=None).count() == Agency.objects.count()


def test_texts_from_outside_are_escaped() -> None:
    """Neither in the message nor in the stored reason."""
    assert "\x1b" not in _run("agencies", "\x1b[31m").stderr
    _run("agencies", "66", "--reason", "\x1b[31mred")
    assert "\x1b" not in Entry.objects.latest("serial").changes["reason"][1]
