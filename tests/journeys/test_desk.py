"""The desk in a real browser, with a mirror: what a curator corrects is on the wire, and stays there after a sync."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from launchledger.pytest_plugin import LL2
from tests.journeys.browser import LOOKS, browser, chromium, opened
from tests.support.processes import database_of_its_own, environment, served

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite_only("the desk itself runs on both: tests/curation/desk"),
]

PASSWORD = "four orbits of a heron"


def _run(url: str, *words: str, given: str = "") -> None:
    command = [sys.executable, "-m", "launchledger", *words]
    subprocess.run(command, env=environment(url), input=given, text=True, check=True, capture_output=True, timeout=120)


def _agency(server: str) -> Any:
    with urlopen(f"{server}/2.2.0/agencies/44/", timeout=30) as response:
        return json.load(response)


def test_a_correction_lasts(ll2: LL2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A curator corrects a name with a reason, and sees it on the wire; a sync brings upstream's newer one beneath it."""
    chromium()
    monkeypatch.setenv("LAUNCHLEDGER_CURATION", "on")
    monkeypatch.setenv("LAUNCHLEDGER_SECRET_KEY", "a key for tests that is long enough, and then some")
    with database_of_its_own(tmp_path) as url:
        _run(url, "sync", "--upstream", ll2.url, "--only", "agencies")
        _run(url, "user", "add", "anna", "--curator", given=f"{PASSWORD}\n")
        with (
            served(url, "--workers", "1") as server,
            browser() as running,
            opened(running, f"{server}/desk/", LOOKS[0]) as seen,
        ):
            observed = _agency(server)["name"]
            seen.page.get_by_label("Name").fill("anna")
            seen.page.get_by_label("Password").fill(PASSWORD)
            seen.page.get_by_role("button", name="Log in").click()
            seen.page.get_by_role("link", name="Agencies", exact=True).click()
            seen.page.get_by_role("textbox").first.fill(observed)
            seen.page.get_by_role("button", name="Search").click()
            seen.page.get_by_role("link", name=observed, exact=True).click()
            seen.page.get_by_label("name", exact=True).fill("Corrected")
            seen.page.get_by_label("Reason").fill("It was renamed")
            seen.page.get_by_role("button", name="Save").click()
            assert seen.page.get_by_text("Corrected is changed.").is_visible()
            assert _within_two_looks(server, "Corrected")
            ll2.change("agencies", 44, set={"name": "Newer upstream"})
            _run(url, "sync", "--upstream", ll2.url, "--only", "agencies")
            assert _within_two_looks(server, "Corrected")
            seen.page.reload()
            row = seen.page.get_by_role("row").filter(has=seen.page.get_by_label("name", exact=True))
            assert "It was renamed" in row.inner_text()
            assert "Newer upstream" in row.inner_text()
            seen.page.get_by_role("button", name="End the override").click()
            assert seen.page.get_by_text("The value is as observed again.").is_visible()
            assert _within_two_looks(server, "Newer upstream")
            assert seen.complaints == []


def _within_two_looks(server: str, name: str) -> bool:
    """Whether the wire has a name: a worker looks for news ten times a second, so a reply may be a tenth of a second old."""
    return any(_agency(f"{server}")["name"] == name for _ in range(10_000))
