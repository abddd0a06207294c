"""`launchledger override` and `launchledger overrides`."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import time_machine
from click.testing import CliRunner, Result
from django.test import Client

from launchledger.catalogue.actions import LONGEST_REASON, Observation, observe
from launchledger.catalogue.models.overrides import Override
from launchledger.cli import launchledger
from launchledger.journal.models import Entry
from launchledger.wire.v2_2_0 import WIRE
from tests.support.bodies import LATE, MIDDLE, VOSTOK_1, agency, launch
from tests.support.processes import database_of_its_own, run, run_code, start

NOW = datetime(2026, 7, 15, 9, 30, 15, 250_000, tzinfo=UTC)
WHY = ("--reason", "Why")


# Everything that an import writes, but for the times.
_WRITTEN = """
import django, json
django.setup()
from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.overrides import Override
from launchledger.journal.models import Entry
overrides = Override.objects.order_by("kind", "key", "column").values("kind", "key", "column", "values", "observed", "reason")
agencies = Agency.objects.order_by("pk").values("pk", "name", "abbrev", "description")
entries = Entry.objects.order_by("key", "serial").values("source", "kind", "key", "changes")
print(json.dumps([list(overrides), list(agencies), list(entries)], sort_keys=True))
"""


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, words, prog_name="launchledger")


@pytest.fixture
def _a_catalogue(db: None) -> None:
    observe(
        [
            Observation(WIRE.reader.read("Agency", agency()), "test", MIDDLE),
            Observation(WIRE.reader.read("Launch", launch()), "test", MIDDLE),
        ]
    )


@pytest.mark.usefixtures("_a_catalogue")
def test_a_column_is_overridden_shown_and_cleared() -> None:
    """With its reason and end; the same again says so; upstream's value is beside it, and comes back."""
    with time_machine.travel(NOW, tick=False):
        words = ("override", "agencies/", "66", "name=Soviet Union", "abbrev=SU", *WHY, "--until", "2027-09-01T00:00:00Z")
        done = _run(*words)
        assert (done.exit_code, done.output) == (
            0,
            "name, abbrev of agencies/66/ are overridden until 2027-09-01T00:00:00Z.\n",
        )
        assert _run(*words).output.endswith("until 2027-09-01T00:00:00Z, as before.\n")
        assert Client().get("/2.2.0/agencies/66/").json()["name"] == "Soviet Union"
        assert _run("overrides").output == (
            "agencies/66/ Soviet Union\n"
            "  abbrev = SU (observed: CCCP, test, 2024-01-01T00:00:00Z); until 2027-09-01T00:00:00Z; Why\n"
            "  name = Soviet Union (observed: Soviet Space Program, test, 2024-01-01T00:00:00Z);"
            " until 2027-09-01T00:00:00Z; Why\n"
        )
        assert json.loads(_run("overrides", "--json").output)[0] == {
            "resource": "agencies",
            "id": 66,
            "name": "Soviet Union",
            "column": "abbrev",
            "value": "SU",
            "observed": "CCCP",
            "origin": "observed",
            "observed_at": "2024-01-01T00:00:00Z",
            "source": "test",
            "agrees": False,
            "reason": "Why",
            "at": "2026-07-15T09:30:15.250000Z",
            "until": "2027-09-01T00:00:00Z",
        }
    assert _run("override", "agencies", "66", "--clear", "name").output == "name of agencies/66/ is as observed again.\n"
    assert _run("override", "agencies", "66", "--clear").output == "abbrev of agencies/66/ is as observed again.\n"
    assert _run("overrides").output == "There are no overrides.\n"
    assert Client().get("/2.2.0/agencies/66/").json()["name"] == "Soviet Space Program"


@pytest.mark.usefixtures("_a_catalogue")
def test_those_to_which_upstream_agrees_are_listed_and_pruned() -> None:
    """The value stays, because it is upstream's as well; others stay overridden."""
    _run("override", "agencies", "66", "name=Soviet Union", "abbrev=SU", *WHY)
    assert _run("overrides", "--agreed").output == "No override agrees with upstream.\n"
    observe([Observation(WIRE.reader.read("Agency", agency(name="Soviet Union")), "test", LATE)])
    assert _run("overrides", "--agreed").output == (
        "agencies/66/ Soviet Union\n  name = Soviet Union (observed as well, test, 2025-01-01T00:00:00Z); Why\n"
    )
    assert _run("overrides", "--prune").output == "1 override ended, to which upstream has come to agree.\n"
    assert Override.objects.get().column == "abbrev"
    assert Client().get("/2.2.0/agencies/66/").json()["name"] == "Soviet Union"


@pytest.mark.usefixtures("_a_catalogue")
def test_a_file_goes_out_and_in(tmp_path: Path) -> None:
    """Or standard output; a bad file is named with the place, and nothing is imported."""
    file = tmp_path / "overrides.json"
    _run("override", "launch", VOSTOK_1, "probability=80", *WHY)
    assert _run("overrides", "--export", str(file)).output == f"Exported 1 override to {file}.\n"
    assert _run("overrides", "--export", "-").output == file.read_text(encoding="utf-8")
    _run("override", "launch", VOSTOK_1, "--clear")
    assert _run("overrides", "--import", str(file)).output == "Imported 1 override: 1 new or changed.\n"
    assert Client().get(f"/2.2.0/launch/{VOSTOK_1}/").json()["probability"] == 80
    file.write_text(file.read_text(encoding="utf-8").replace("80", '"high"'), encoding="utf-8")
    bad = _run("overrides", "--import", str(file))
    assert bad.exit_code == 1
    assert "$.overrides[0]: probability is text ('high'), expected an integer. Nothing is imported." in bad.output
    missing = _run("overrides", "--import", str(tmp_path / "missing.json"))
    assert (missing.exit_code, "cannot be read" in missing.output) == (1, True)
    nowhere = _run("overrides", "--export", str(tmp_path / "missing" / "o.json"))
    assert (nowhere.exit_code, "cannot be written" in nowhere.output) == (1, True)


@pytest.mark.usefixtures("_a_catalogue")
def test_an_object_of_ones_own_is_made_corrected_and_deleted() -> None:
    """Its id is shown; it is corrected and deleted as any other."""
    made = _run("override", "agencies", "new", "name=Our Agency", "abbrev=OA", *WHY)
    assert (made.exit_code, made.output) == (0, "agencies/1000000001/ is made.\n")
    _run("override", "agencies", "1000000001", "abbrev=OUR", *WHY)
    assert Client().get("/2.2.0/agencies/1000000001/").json()["abbrev"] == "OUR"
    assert _run("delete", "agencies", "1000000001").output == "agencies/1000000001/ is deleted.\n"


@pytest.mark.usefixtures("_a_catalogue")
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["rockets", "1", "name=x", *WHY], 2, "is not a resource of version 2.2.0"),
        (["agencies", "ESA", "name=x", *WHY], 2, "'ESA' is not an id of agencies, which is a number. Nothing is overridden."),
        (["agencies", "67", "name=x", *WHY], 1, "Agency 67 is not in the catalogue; nothing is overridden."),
        (["agencies", "9" * 36, "name=x", *WHY], 2, "id is an integer of more than 63 bits"),
        (["agencies", "66", "nam=x", *WHY], 2, "'nam' is not a column of agencies; is it name"),
        (["agencies", "66", "name", *WHY], 2, "name has no value; write name=VALUE."),
        (["agencies", "66", "name=x", "name=y", *WHY], 2, "name has two values."),
        (["agencies", "66", *WHY], 2, "Name a column and its value"),
        (["agencies", "66", "name=x"], 2, "Say why with --reason TEXT"),
        (["agencies", "66", "name=x", "--reason", " "], 2, "A reason has 1 to 300 characters"),
        (["agencies", "66", "name=x", "--reason", "x" * (LONGEST_REASON + 1)], 2, "this one has 301"),
        (["agencies", "66", "name=x", "--reason", "a\x00"], 2, "which no database stores"),
        (["agencies", "66", "name=x", *WHY, "--until", "2020-01-01T00:00:00Z"], 2, "is past."),
        (["agencies", "66", "name=x", *WHY, "--until", "soon"], 2, "is not a date-time with a zone"),
        (["agencies", "66", "abbrev=y", "featured=x", *WHY], 2, "featured is text ('x'), expected true or false."),
        (["agencies", "66", "--clear", *WHY], 2, "--clear has neither --reason nor --until."),
        (["agencies", "new", "--clear"], 2, "An object that is not made has no overrides."),
        (["agencies", "new", "name=x", *WHY, "--until", "2100-01-01T00:00:00Z"], 2, "An object of your own has no end"),
        (["agencies", "new", "name=null", *WHY], 2, "name is never null on the wire."),
        (["agencies", "66", "--clear"], 1, "agencies/66/ has no override; nothing is cleared."),
        (["agencies", "66", "--clear", "name"], 1, "agencies/66/ has no override of name; nothing is cleared."),
        (["agencies", "66", "--clear", "nam"], 2, "Nothing is cleared."),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(words: list[str], status: int, message: str) -> None:
    """Also where one of several columns is wrong."""
    before = Entry.objects.count()
    done = _run("override", *words)
    assert done.exit_code == status
    assert message in done.output
    assert len(done.output.strip().splitlines()) == 1
    assert (Entry.objects.count(), Override.objects.count()) == (before, 0)


@pytest.mark.usefixtures("_a_catalogue")
def test_options_exclude_each_other() -> None:
    """One of them would be ignored."""
    for words in (["--prune", "--json"], ["--export", "x", "--import", "x"], ["--agreed", "--import", "x"]):
        assert _run("overrides", *words).exit_code == 2


@pytest.mark.django_db(transaction=True)
def test_a_kill_leaves_all_overrides_of_a_file_or_none(tmp_path: Path) -> None:
    """With what follows from them: after a kill at any moment, importing again gives the catalogue of an import never killed."""
    replies, file = tmp_path / "agencies.json", tmp_path / "overrides.json"
    replies.write_text(json.dumps([agency(id=number, name=f"Agency {number}") for number in range(1, 301)]), encoding="utf-8")
    items = [
        {"resource": "agencies", "id": number, "column": column, "value": f"{column} {number}", "reason": f"{number % 3}"}
        for number in range(1, 301)
        for column in ("name", "abbrev", "description")
    ]
    file.write_text(json.dumps({"overrides": items}), encoding="utf-8")
    load = ("load", "--as", "agencies", "--observed-at", "2024-01-01T00:00:00Z", str(replies))
    chance = Random(12)
    with database_of_its_own(tmp_path) as undisturbed:
        run(undisturbed, *load)
        nothing = _rows(undisturbed)
        run(undisturbed, "overrides", "--import", str(file))
        everything = _rows(undisturbed)
    with database_of_its_own(tmp_path) as killed:
        run(killed, *load)
        for _ in range(3):
            process = start(killed, "overrides", "--import", str(file))
            try:
                process.communicate(timeout=chance.uniform(0.7, 2.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            assert _rows(killed) in (nothing, everything)
        run(killed, "overrides", "--import", str(file))
        assert _rows(killed) == everything


def _rows(url: str) -> str:
    return run_code(url, _WRITTEN)
