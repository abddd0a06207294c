"""Scripts of the sandbox: what they may say, and that their changes come in time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from launchledger.sandbox.changes import Wrong
from launchledger.sandbox.scripts import read_script

START = datetime(2026, 7, 1, tzinfo=UTC)


def _script(folder: Path, text: str) -> Path:
    file = folder / "script.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_changes_are_in_the_order_of_their_times(tmp_path: Path) -> None:
    """Absolute times, and times since the start; dates of TOML become texts of the wire."""
    text = """
        [[change]]
        at = 2026-07-03T02:00:00+02:00
        resource = "agencies"
        id = 44
        delete = true

        [[change]]
        after = "P1DT6H"
        resource = "launch"
        id = "e3df2ecd-c239-472f-95e4-2b89b4f75800"
        set = { net = 2026-07-20T14:00:00Z, status = 2 }

        [[change]]
        at = 2026-07-02T00:00:00Z
        resource = "astronaut"
        create = { name = "Ada", date_of_birth = 1990-12-10 }
    """
    found = read_script(_script(tmp_path, text), START)
    assert [(each.at, each.change.resource.path, each.change.body) for each in found] == [
        (datetime(2026, 7, 2, tzinfo=UTC), "astronaut", {"name": "Ada", "date_of_birth": "1990-12-10"}),
        (datetime(2026, 7, 2, 6, tzinfo=UTC), "launch", {"net": "2026-07-20T14:00:00Z", "status": 2}),
        (datetime(2026, 7, 3, tzinfo=UTC), "agencies", None),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "is not TOML"),
        ("[change]\nat = 1", "consists of"),
        ("[[changes]]\nat = 1", "consists of"),
        ('[[change]]\nresource = "launch"', "change 1: A scripted change has one of at and after"),
        ('[[change]]\nat = "2026-07-20T14:00:00Z"', "change 1: at is a date-time"),
        ("[[change]]\nat = 2026-07-20T14:00:00", "change 1: at is a date-time with a zone"),
        ('[[change]]\nafter = "an hour"', "change 1: after 'an hour' is not a duration"),
        ('[[change]]\nafter = "P1D"\nresource = "launch"\nid = 4\ndelete = true', "an id of launch is a UUID"),
        ('[[change]]\nafter = "P1D"\nresource = "event"\nid = 4\nset = { date = 2026-07-20T14:00:00 }', "has no zone"),
        ('[[change]]\nafter = "P1D"\nresource = "event"\nid = 4\nset = {}\nwhy = "x"', "has no key 'why'"),
    ],
)
def test_a_wrong_script_is_refused_whole(tmp_path: Path, text: str, reason: str) -> None:
    """With its file, the number of the change, and the reason."""
    with pytest.raises(Wrong, match=reason):
        read_script(_script(tmp_path, text), START)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Wrong, match="cannot be read"):
        read_script(tmp_path / "missing.toml", START)
