"""Law 4 for loading: killed at any moment, the catalogue is whole, and loading again completes it."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.bodies import agency_mini, launch
from tests.support.processes import database_of_its_own, digest, run, start

LAUNCHES = 800  # a second or two of loading
KILLS = 3


def _write_replies(folder: Path) -> Path:
    """A file of launches that share agencies, change them, and belong to programs."""
    chance = random.Random(7)
    launches = [
        launch(
            str(UUID(int=chance.getrandbits(128))),
            name=f"Launch {number}",
            last_updated=f"2024-01-01T{number // 60 % 24:02}:{number % 60:02}:00Z",
            launch_service_provider=agency_mini(number % 17, f"Agency {number % 17}, {number // 500}"),
            program=[{"id": 1 + number % 5, "name": f"Program {number % 5}"}],
        )
        for number in range(LAUNCHES)
    ]
    file = folder / "launches.json"
    file.write_text(json.dumps(launches), encoding="utf-8")
    return file


@pytest.mark.django_db(transaction=True)
def test_kill_at_random_moments_and_load_again(tmp_path: Path) -> None:
    """After any number of kills, one load that is let finish gives the catalogue and the journal of a load never killed."""
    file = str(_write_replies(tmp_path))
    with database_of_its_own(tmp_path) as undisturbed:
        run(undisturbed, "load", file)
        expected = digest(undisturbed)
    with database_of_its_own(tmp_path) as killed:
        chance = random.Random()
        for _ in range(KILLS):
            process = start(killed, "load", file)
            try:
                process.communicate(timeout=chance.uniform(0.7, 2.5))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        run(killed, "load", file)
        assert digest(killed) == expected
