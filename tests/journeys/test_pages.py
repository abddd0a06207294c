"""The pages in a real browser, against a real server with the starter catalogue: they render, are accessible, and are pictured.

The pictures in docs/pictures are written by `make pictures` only, because no two machines draw the same pixels; each run draws
its own and looks whether it is a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.journeys.browser import LOOKS, Look, Seen, browser, chromium, opened
from tests.journeys.pictures import LARGEST, PICTURES, is_picture, picture
from tests.support.processes import database_of_its_own, served

pytestmark = pytest.mark.sqlite_only(
    "pages are drawn from replies, which are the same bytes on both: tests/wire/test_same_bytes.py"
)

# Each page that is pictured: its address, what its title begins with, and how much of it, in CSS pixels from the top.
PAGES = {
    "first": ("/", "Launchledger: ", 1200),
    "launch": ("/launches/soyuz-21a-soyuz-ms-22", "Soyuz 2.1a | Soyuz MS-22 | ", 1100),
    "person": ("/astronauts/257", "Anatoly Solovyev | ", 900),
    "station": ("/stations/4?years=all", "International Space Station | ", 1100),
    "sites": ("/sites/", "Launch sites | ", 800),
    "statistics": ("/statistics?by=provider", "Launches a year", 800),
    "flights": ("/2.2.0/spacecraft/flight/?format=api", "Flights of individual spacecraft | ", 640),
    "flight": ("/2.2.0/spacecraft/flight/567/?format=api", "Flights of individual spacecraft: 567 | ", 640),
    "swagger": ("/docs/", "Swagger UI | ", 640),
}

# The contrast of every text with the ground it stands on, by WCAG 2's formula; gives those below 4.5 to 1 (3 to 1 for large).
_LOW_CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(channels(style.color)), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < (isLarge ? 3 : 4.5)) low.push(`${contrast.toFixed(2)}: ${texts.currentNode.data.trim().slice(0, 40)}`);
  }
  return low;
}"""


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the starter catalogue, for all pages."""
    chromium()
    with django_db_blocker.unblock(), ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("pages")))
        yield stack.enter_context(served(url))


def _assert_whole(seen: Seen, title: str, look: Look) -> None:
    assert seen.complaints == []
    assert seen.page.title().startswith(title)
    assert seen.ask("document.documentElement.scrollWidth") <= look.width, "the page scrolls sideways"
    assert seen.ask("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_renders_in_every_look(server: str, tmp_path: Path, name: str) -> None:
    """Light, dark and on a phone: the title is there, nothing fails or is refused, nothing sticks out, and a picture comes out.

    Run by `make pictures`, it keeps the picture in docs.
    """
    address, title, height = PAGES[name]
    with browser() as running:
        for look in LOOKS:
            with opened(running, server + address, look) as seen:
                _assert_whole(seen, title, look)
                if name == "swagger":
                    seen.page.get_by_text("/2.2.0/agencies/", exact=True).first.wait_for()
                picture(seen, name, look, height, tmp_path)


def test_the_first_page_has_contrast_in_light_and_dark(server: str) -> None:
    """Every text of our own pages stands out from its ground by 4.5 to 1 at least."""
    with browser() as running:
        for look in LOOKS:
            for address in ("/", "/2.2.0/spacecraft/flight/567/?format=api"):
                with opened(running, server + address, look) as seen:
                    assert seen.ask(_LOW_CONTRAST) == [], (address, look.name)


def test_the_first_page_can_be_used_without_seeing_it(server: str) -> None:
    """What assistive software is told: the language, the landmarks, one heading of the first level and no level skipped, tables
    with captions and headers, and a name for every link."""
    with browser() as running, opened(running, server + "/", LOOKS[0]) as seen:
        tree = seen.page.locator("body").aria_snapshot()
        levels = seen.ask("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => Number(heading.tagName[1]))")
        assert seen.ask("document.documentElement.lang") == "en"
        assert seen.ask("[...document.querySelectorAll('table')].every((table) => table.caption && table.tHead)")
        assert seen.ask("[...document.querySelectorAll('th')].every((header) => ['col', 'row'].includes(header.scope))")
    for landmark in (
        "banner",
        'navigation "Sections"',
        'search "Search everything"',
        "main",
        "contentinfo",
        'region "What it holds"',
        'region "Last changes"',
    ):
        assert re.search(rf"^\s*- {re.escape(landmark)}", tree, re.MULTILINE), landmark
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert not re.search(r"- link:?$", tree, re.MULTILINE), "a link without a name"


def test_the_first_page_can_be_used_by_keyboard(server: str) -> None:
    """The first stop skips to the content, every stop is seen where it is, and each link can be reached."""
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    with browser() as running, opened(running, server + "/", LOOKS[0]) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.ask("document.activeElement.textContent") == "Skip to the content"
        assert seen.ask("document.activeElement.getBoundingClientRect().left") >= 0
        seen.page.keyboard.press("Enter")
        assert seen.ask("document.activeElement.id") == "content"
        seen.page.keyboard.press("Tab")
        assert seen.ask("document.activeElement.closest('main') !== null")
        assert seen.ask(outline) == "solid"
        seen.page.locator(".brand").focus()
        seen.page.keyboard.press("Tab")
        assert (seen.ask("document.activeElement.textContent"), seen.ask(outline)) == ("Launches", "solid")


def test_the_first_page_leads_to_the_others(server: str) -> None:
    """A person comes from the first page to a list, from its page to one object, and back to the first page."""
    with browser() as running, opened(running, server + "/", LOOKS[2]) as seen:
        seen.page.get_by_role("link", name="Space stations").click()
        assert seen.page.title() == "Space stations | Launchledger"
        seen.page.locator(".response-info a").first.click()
        assert re.fullmatch(r"Space stations: \d+ \| Launchledger", seen.page.title())
        seen.page.locator(".navbar-brand").click()
        assert seen.page.title().startswith("Launchledger: ")
        assert seen.complaints == []


def test_the_first_page_needs_no_script(server: str) -> None:
    """With JavaScript off the page is the same."""
    with browser() as running:
        with opened(running, server + "/", LOOKS[0]) as seen:
            expected = seen.page.locator("main").inner_text()
        context = running.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(server + "/")
        assert page.locator("main").inner_text() == expected


def test_the_search_finds_as_one_types(server: str) -> None:
    """From any page and by keyboard alone: options appear, arrows choose, Escape closes, Enter leads to the chosen one."""
    with browser() as running, opened(running, server + "/launches/", LOOKS[0]) as seen:
        box, options = seen.page.locator("#band-q"), seen.page.get_by_role("option")
        box.press_sequentially("sput")
        options.first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        box.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
        address = options.first.get_attribute("data-address")
        box.press("Escape")
        assert not options.first.is_visible()
        assert box.get_attribute("aria-expanded") == "false"
        box.press_sequentially("nik")
        options.first.wait_for()
        box.press("ArrowDown")
        address = options.first.get_attribute("data-address")
        with seen.page.expect_navigation():
            box.press("Enter")
        assert seen.page.url.removeprefix(server) == address
        assert seen.complaints == []


def test_the_search_works_without_a_script(server: str) -> None:
    """The box leads to the page of the search."""
    with browser() as running:
        page = running.new_context(java_script_enabled=False).new_page()
        page.goto(server + "/")
        page.locator("#band-q").fill("sputnik")
        page.locator("#band-q").press("Enter")
        assert page.url == f"{server}/search?q=sputnik"
        assert page.locator(".hits a").count() > 0


@pytest.mark.parametrize("name", [f"{page}-{look.name}.png" for page in (*PAGES, "desk") for look in LOOKS])
def test_every_picture_is_kept_in_docs(name: str) -> None:
    """Each page has its picture in docs/pictures, of a size that a repository can bear; `make pictures` draws them anew."""
    file = PICTURES / name
    assert file.is_file(), f"{name} is missing; run: make pictures"
    assert is_picture(file, next(look.width for look in LOOKS if name.endswith(f"-{look.name}.png")))
    assert file.stat().st_size <= LARGEST


def test_every_picture_that_docs_show_is_there() -> None:
    """No page of the documentation names a picture that is not kept, and none is kept that no page shows."""
    docs = PICTURES.parent
    pages = [docs.parent / "README.md", *docs.rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"pictures/([\w.-]+\.(?:png|svg))", page.read_text(encoding="utf-8"))}
    assert named == {file.name for file in PICTURES.glob("*")}
