"""The desk in a real browser, with a mirror: what a curator corrects is on the wire, and stays there after a sync."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from pytest_django.plugin import DjangoDbBlocker

from launchledger.pytest_plugin import LL2
from tests.journeys.browser import LOOKS, Seen, browser, chromium, opened
from tests.journeys.pictures import picture
from tests.journeys.walking import AXE, violations, window
from tests.support.desk import PASSWORD, SETTINGS, add_user
from tests.support.processes import database_of_its_own, run, served

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite_only("the desk itself runs on both: tests/curation/desk"),
]

AGENCY = "/desk/catalogue/agency/63/change/"


def _log_in(seen: Seen) -> None:
    seen.page.get_by_label("Name").fill("anna")
    seen.page.get_by_label("Password").fill(PASSWORD)
    seen.page.get_by_role("button", name="Log in").click()


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the starter, a curator and an override."""
    chromium()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), ExitStack() as stack:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("desk")))
        server = stack.enter_context(served(url, "--workers", "1"))
        add_user(url, "anna", "--curator")
        run(url, "override", "agencies", "63", "abbrev=RSA", "--reason", "As on its seal")
        yield server


def test_the_desk_renders_in_every_look(desk: str, tmp_path: Path) -> None:
    """Log-in, lists and the page of an object: nothing fails, is refused or sticks out, fields have room, and axe-core
    finds nothing serious."""
    with browser() as running:
        for look in LOOKS:
            with window(running, desk, look, with_axe=AXE.exists()) as seen:
                seen.page.goto(f"{desk}/desk/")
                found = {"log-in": violations(seen)} if AXE.exists() else {}
                _log_in(seen)
                for address in ("/desk/", "/desk/catalogue/agency/", AGENCY):
                    seen.page.goto(f"{desk}{address}", wait_until="networkidle")
                    assert seen.ask("document.documentElement.scrollWidth") <= look.width, (address, look.name)
                    found[address] = violations(seen) if AXE.exists() else []
                assert seen.ask("document.querySelector('.values input[type=text]').offsetWidth") > 200, "a field is too narrow"
                picture(seen, "desk", look, 800, tmp_path)
                assert seen.complaints == []
                assert {address: each for address, each in found.items() if each} == {}, look.name


def test_a_relation_is_found_while_its_name_is_typed(desk: str) -> None:
    """The suggestions name objects; the form takes the name that was chosen."""
    with browser() as running, window(running, desk, LOOKS[0]) as seen:
        seen.page.goto(f"{desk}/desk/")
        _log_in(seen)
        seen.page.goto(f"{desk}/desk/catalogue/launcherconfiguration/add/")
        field = seen.page.get_by_label("manufacturer", exact=True)
        with seen.page.expect_response(lambda response: "/desk/find/" in response.url):
            field.press_sequentially("russian")
        options = seen.page.locator(f"#{field.get_attribute('list')} option")
        options.first.wait_for(state="attached")
        chosen = options.first.get_attribute("value") or ""
        assert "Russian" in chosen
        field.fill(chosen)
        seen.page.get_by_label("name", exact=True).fill("Ours")
        seen.page.get_by_label("Reason").fill("Our own")
        seen.page.get_by_role("button", name="Save").click()
        assert chosen in seen.page.get_by_role("row").filter(has=field).inner_text()
        assert seen.complaints == []


def _agency(server: str) -> Any:
    with urlopen(f"{server}/2.2.0/agencies/44/", timeout=30) as response:
        return json.load(response)


def test_a_correction_lasts(ll2: LL2, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A curator corrects a name with a reason, and sees it on the wire; a sync brings upstream's newer one beneath it."""
    chromium()
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with database_of_its_own(tmp_path) as url:
        run(url, "sync", "--upstream", ll2.url, "--only", "agencies")
        add_user(url, "anna", "--curator")
        with (
            served(url, "--workers", "1") as server,
            browser() as running,
            opened(running, f"{server}/desk/", LOOKS[0]) as seen,
        ):
            observed = _agency(server)["name"]
            _log_in(seen)
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
            run(url, "sync", "--upstream", ll2.url, "--only", "agencies")
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
