"""`launchledger journal compact`: what it says, refuses, and leaves behind wherever it is killed."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from click.testing import CliRunner, Result
from django.db import connection
from pytest_django.fixtures import Settings

from launchledger.catalogue.queries.history import steps_of
from launchledger.cli import launchledger
from launchledger.history.slips import slips_of
from launchledger.hooks.models import Hook
from launchledger.journal.compacting import complete_since
from launchledger.journal.models import Entry
from tests.support.bodies import VOSTOK_1, launch
from tests.support.overriding import observe_body
from tests.support.processes import database_of_its_own, run, run_code, start

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
BEFORE = "2026-01-01T00:00:00Z"
ENTRIES = 20_000  # ten batches

# Of ten entries one changes a net, one creates an object, and eight change a name.
_FILL = """
import django, sys
django.setup()
from datetime import UTC, datetime
from launchledger.journal.models import Entry
at, many = datetime(2020, 1, 1, tzinfo=UTC), int(sys.argv[1])
name = {"name": ["a" * 200, "b" * 200]}
changes = lambda n: {**name, "net": [n, n + 1]} if n % 10 == 1 else name
Entry.objects.bulk_create(
    [Entry(transaction=n, at=at, source="test", kind="Launch", key=str(n), action="changed" if n % 10 else "created",
           changes=changes(n)) for n in range(1, many + 1)], 1_000)
"""


def _run(*words: str) -> Result:
    return CliRunner().invoke(launchledger, ("journal", "compact", *words), prog_name="launchledger")


@pytest.fixture
def _launch(db: None) -> Iterator[None]:
    """A launch that slipped and was renamed in 2025, and a net of this year."""
    for days, changes in enumerate([{}, {"net": "2025-03-01T00:00:00Z"}, {"net": "2025-03-01T00:00:00Z", "name": "Renamed"}]):
        _observe(BEGIN + timedelta(days=days), **changes)
    _observe(NOW - timedelta(days=9), net="2026-09-01T00:00:00Z", name="Renamed again")
    with time_machine.travel(NOW, tick=False):
        yield


def _observe(at: datetime, **changes: Any) -> None:
    with time_machine.travel(at, tick=False):
        observe_body("Launch", launch(**changes, last_updated=at.strftime("%Y-%m-%dT%H:%M:%SZ")), at)


@pytest.mark.usefixtures("_launch")
def test_slips_and_steps_stay_and_the_rest_goes() -> None:
    """A dry run says what a run does and writes nothing; the run keeps the history of what is watched."""
    slips, steps = slips_of([VOSTOK_1]), steps_of("Launch", VOSTOK_1)
    entries = list(Entry.objects.order_by("serial").values())
    told = _run("--before", BEFORE, "--dry-run")
    assert (told.exit_code, list(Entry.objects.order_by("serial").values())) == (0, entries)
    assert told.stdout.splitlines()[0].split() == ["kind", "dropped", "shortened", "kept"]
    assert "Would drop" in told.stdout
    assert "Nothing is written." in told.stdout
    done = _run("--before", BEFORE)
    assert done.exit_code == 0, done.output
    would = told.stdout.replace("Would drop", "Dropped").replace("shorten ", "shortened ").replace(" Nothing is written.", "")
    assert done.stdout == would
    assert slips[VOSTOK_1].slips == 2
    assert (slips_of([VOSTOK_1]), steps_of("Launch", VOSTOK_1)) == (slips, steps)
    old = Entry.objects.filter(kind="Launch", at__year=2025).exclude(action="created")
    assert [set(entry.changes) for entry in old] == [{"net"}]
    assert "name" in Entry.objects.filter(kind="Launch", at__year=2026, source="file:a.json").get().changes
    assert _run("--before", BEFORE).stdout == "There is nothing to compact.\n"


@pytest.mark.usefixtures("_launch")
def test_what_a_webhook_has_not_got_stays() -> None:
    """The slowest one decides, also where it is paused, and the output names it."""
    first = Entry.objects.order_by("serial").values_list("serial", flat=True)[1]
    newest = Entry.objects.order_by("-serial").values_list("serial", flat=True)[0]
    for delivered in (newest, first):
        Hook.objects.create(url="https://example.org", created_at=NOW, delivered=delivered, paused_at=NOW)
    whole = Entry.objects.filter(serial__gt=first).count()
    done = _run("--before", BEFORE)
    number = Hook.objects.get(delivered=first).pk
    assert done.stderr == f"Webhook {number} has got the entries up to serial {first:,}; later ones stay for it.\n"
    assert Entry.objects.filter(serial__gt=first).count() == whole
    assert complete_since().serial == first


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "Missing option '--before'"),
        (["--before", "yesterday"], "--before"),
        (["--before", "2026-07-19T12:00:01Z"], "Give a time that is at least a day ago"),
        (["--before", "2027-01-01T00:00:00Z"], "Give a time that is at least a day ago"),
        (["--before", BEFORE, "--dry-run", "--vacuum"], "--dry-run writes nothing, and --vacuum does"),
        (["--before", BEFORE, "--vacuum"], "--vacuum is for a file of SQLite"),
    ],
)
@pytest.mark.usefixtures("_launch")
def test_wrong_use_is_one_line_and_writes_nothing(words: list[str], reason: str) -> None:
    """On PostgreSQL, and where the database is in memory, there is no file to make smaller."""
    before = Entry.objects.count()
    result = _run(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert reason in result.stderr
    assert Entry.objects.count() == before


@pytest.mark.usefixtures("_launch")
def test_a_read_only_catalogue_can_be_counted(settings: Settings) -> None:
    """But not compacted."""
    settings.READ_ONLY = True
    assert _run("--before", BEFORE, "--dry-run").exit_code == 0
    result = _run("--before", BEFORE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "read-only mode does not allow" in result.stderr


def _rows(url: str, statement: str) -> list[Any]:
    """The rows of a statement, read beside the processes that write."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)) as file:
            return file.execute(statement).fetchall()
    with psycopg.connect(url) as server:
        return server.execute(statement).fetchall()


def _serials(url: str) -> set[int]:
    return {serial for (serial,) in _rows(url, "SELECT serial FROM journal_entry")}


@pytest.mark.django_db(transaction=True)
def test_a_compaction_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    """Killed with -9 in its middle, more than once: what is missing is marked, nothing watched is lost, and in the end all is
    as after one run."""
    with database_of_its_own(tmp_path) as url:
        run_code(url, _FILL, str(ENTRIES))
        all_ = left = _serials(url)
        for _ in range(3):
            left = _kill_in_the_middle(url, left)
            ((mark, done),) = _rows(url, "SELECT serial, done FROM journal_compaction")
            assert max(all_ - left) <= mark
            assert (mark, done) == (max(all_) - 1, 0)
        said = run(url, "journal", "compact", "--before", BEFORE)
        assert "Dropped" in said
        rest = _rows(
            url,
            "SELECT serial FROM journal_entry WHERE action = 'created' OR changes LIKE '%\"net\"%'"
            if url.startswith("sqlite")
            else "SELECT serial FROM journal_entry WHERE action = 'created' OR changes ? 'net'",
        )
        assert {serial for (serial,) in rest} | {max(all_)} == _serials(url)
        assert len(rest) == 2 * ENTRIES // 10
        assert _rows(url, "SELECT serial, done FROM journal_compaction") == [(max(all_) - 1, max(all_) - 1)]
        assert run(url, "journal", "compact", "--before", BEFORE) == "There is nothing to compact.\n"


def _kill_in_the_middle(url: str, before: set[int]) -> set[int]:
    """Start a compaction, kill it when entries are gone, and return those that are left."""
    with start(url, "journal", "compact", "--before", BEFORE) as process:
        while len(_serials(url)) == len(before) and process.poll() is None:
            try:
                process.wait(timeout=0.005)
            except subprocess.TimeoutExpired:
                continue
        process.kill()
        assert process.wait() == -9, "it ended before it could be killed"
    return _serials(url)


@pytest.mark.sqlite_only("PostgreSQL has no file of ours")
@pytest.mark.django_db(transaction=True)
def test_vacuum_makes_the_file_smaller(tmp_path: Path) -> None:
    """To about what the dry run said, also after a compaction without it; nothing is left in the -wal."""
    with database_of_its_own(tmp_path) as url:
        file = Path(url.removeprefix("sqlite:///"))
        run_code(url, _FILL, "5000")
        run(url, "journal", "compact", "--before", BEFORE)
        before = file.stat().st_size
        said = run(url, "journal", "compact", "--before", BEFORE, "--vacuum")
        assert said.startswith("There is nothing to compact.\nThe file has ")
        assert file.stat().st_size < before * 0.7
        assert not Path(f"{file}-wal").exists()
        assert connection.vendor == "sqlite"


@pytest.mark.usefixtures("_launch")
@pytest.mark.parametrize("words", [["changes", "--since", "0"], ["history", "launch", VOSTOK_1]])
def test_who_reads_what_was_compacted_is_told(words: list[str]) -> None:
    """On standard error, so that lines of JSON stay such; not who reads what came after."""
    assert CliRunner().invoke(launchledger, [*words, "--json"]).stderr == ""
    _run("--before", BEFORE)
    mark = complete_since().serial
    told = CliRunner().invoke(launchledger, [*words, "--json"])
    assert told.stderr == f"The journal is compacted: of entries up to serial {mark:,} only what is watched is left.\n"
    assert VOSTOK_1 in told.stdout
    assert CliRunner().invoke(launchledger, ["changes", "--since", str(mark)]).stderr == ""
