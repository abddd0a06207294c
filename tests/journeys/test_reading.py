"""Ways through the pages in a real browser: from a launch to its crew, a station and the JSON; and a plot that is shared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.journeys.browser import LOOKS, browser, chromium, opened
from tests.support.processes import database_of_its_own, served

pytestmark = pytest.mark.sqlite_only(
    "pages are drawn from replies, which are the same bytes on both: tests/wire/test_same_bytes.py"
)


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the starter catalogue."""
    chromium()
    with django_db_blocker.unblock(), ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("reading")))
        yield stack.enter_context(served(url, "--workers", "1"))


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[2]], ids=lambda look: look.name)
def test_from_a_launch_to_a_station(server: str, look: object) -> None:
    """A launch is searched, its crew leads to a person, the flight to the station's docking chart, and that to the JSON."""
    with browser() as running, opened(running, f"{server}/", look) as seen:  # type: ignore[arg-type]
        page = seen.page
        page.get_by_role("navigation", name="Sections").get_by_role("link", name="Launches").click()
        page.get_by_role("link", name="Past").click()
        form = page.get_by_role("search", name="Filter this list")
        form.get_by_label("Search").fill("soyuz ms-22")
        form.get_by_role("button", name="Show").click()
        page.get_by_role("main").get_by_role("link", name="Soyuz 2.1a | Soyuz MS-22").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Soyuz 2.1a | Soyuz MS-22"
        page.get_by_role("main").get_by_role("link", name="Dmitriy Petelin").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "Dmitriy Petelin"
        page.get_by_role("main").get_by_role("link", name=re.compile("Soyuz MS-22")).first.click()
        if "/launches/" in page.url:
            page.get_by_role("link", name="This flight of the spacecraft").click()
        page.get_by_role("main").get_by_role("link", name="International Space Station").first.click()
        page.get_by_role("link", name="All", exact=True).click()
        chart = page.get_by_role("region", name="Dockings by port: drawing")
        assert chart.locator("svg").is_visible()
        assert "Soyuz MS-22" in chart.inner_text() or chart.locator("title").filter(has_text="Soyuz MS-22").count()
        page.get_by_role("link", name="The same as JSON").click()
        assert page.url == f"{server}/2.2.0/spacestation/4/"
        assert seen.complaints == []


def test_statistics_are_shared_by_their_address(server: str) -> None:
    """The choices of a plot are its address: whoever opens it sees the same plot."""
    with browser() as running:
        with opened(running, f"{server}/statistics", LOOKS[0]) as seen:
            seen.page.get_by_role("link", name="Vehicle", exact=True).click()
            seen.page.get_by_label("From year").fill("1960")
            seen.page.get_by_label("To year").fill("1975")
            seen.page.get_by_role("button", name="Show").click()
            seen.page.get_by_role("link", name="Permalink of this plot").click()
            address = seen.page.url
            drawn = seen.page.locator("main figure").inner_html()
        with opened(running, address, LOOKS[0]) as seen:
            assert seen.page.locator("main figure").inner_html() == drawn
            assert seen.page.get_by_label("From year").input_value() == "1960"
            assert seen.complaints == []
