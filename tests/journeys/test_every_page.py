"""Every page in a real browser: for everyone, on every screen, by keyboard, on paper and without scripts.

The pages are those that links lead to, one of each route, and where a route has many, the largest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django.plugin import DjangoDbBlocker

from launchledger.explorer.navigation import SECTIONS, page_of_resource
from tests.journeys.browser import Look, Seen, browser, chromium
from tests.journeys.walking import AXE, violations, window
from tests.support.crawling import crawl, of_server
from tests.support.hostile import addresses
from tests.support.processes import database_of_its_own, run_code, served

pytestmark = pytest.mark.sqlite_only(
    "pages are drawn from replies, which are the same bytes on both: tests/wire/test_same_bytes.py"
)

DESK, DARK, PHONE = Look("desk", 1440, "light"), Look("dark", 1440, "dark"), Look("phone", 360, "light")
PAPER = Look("paper", 718, "light")  # A4 without its margins, at 96 dots an inch

_FILL = "import django; django.setup(); from tests.support.rich import fill; fill()"

# What sticks out of the page to the right, but for what scrolls by itself.
_STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== "visible" && at !== document.documentElement && at !== document.body) return true;
    return false;
  };
  const out = [...document.querySelectorAll("body *")].filter(
    (element) => Math.max(element.getBoundingClientRect().right, element.scrollWidth) > width + 1 && !scrolls(element));
  const by = out.slice(-2).map((each) => each.outerHTML.slice(0, 90));
  return [`${document.documentElement.scrollWidth} of ${width} px, by ${by}`];
}"""

# What can be focused and looks the same whether it is or not.
_UNSEEN_FOCUS = """() => {
  const look = (element) => [element, ...element.querySelectorAll("*")].map((each) => {
    const style = getComputedStyle(each);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor, style.color,
      style.stroke, style.strokeWidth, style.left, style.textDecorationLine].join();
  }).join(";");
  const wrong = [];
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")) {
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    document.activeElement.blur();
    const before = look(element);
    element.focus({focusVisible: true});
    if (document.activeElement !== element) wrong.push(`cannot be focused: ${element.outerHTML.slice(0, 120)}`);
    else if (look(element) === before) wrong.push(`looks the same: ${element.outerHTML.slice(0, 120)}`);
    if (wrong.length > 3) break;
  }
  return wrong;
}"""

# What is read in the content: texts, tables and drawings, but for what is there to be used by hand.
_TEXTS = 'document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, dt, dd, th, td, caption, figcaption, svg, img)")'
_READ = f"""() => [...{_TEXTS}].map((each) =>
  !each.closest("form, nav, details, summary, [role=search]") && each.checkVisibility({{visibilityProperty: true}}))"""
_NAME = f"(place) => {_TEXTS}[place].outerHTML.slice(0, 120)"
_CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter((each) => getComputedStyle(each).overflowX !== "visible" && !each.closest(".unseen, svg, details:not([open])")
    && each.scrollWidth > each.clientWidth + 1)
  .slice(0, 3).map((each) => each.outerHTML.slice(0, 120))"""
_COUNTS = """() => Object.fromEntries(["h1, h2, h3", "table", "tr", "svg", "a[href]", "li", "form", "select", "option", "details"]
  .map((kind) => [kind, document.querySelectorAll(`main :is(${kind})`).length]))"""


@dataclass
class Site:
    """A server, and the pages to look at: of each route the largest, the largest with a plot, and the first that is linked to."""

    server: str
    largest: dict[tuple[str, bool], str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the starter, and with objects that have everything, nothing, long names and many people."""
    chromium()
    with django_db_blocker.unblock(), ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(tmp_path_factory.mktemp("pages")))
        run_code(url, _FILL)
        found = Site(stack.enter_context(served(url)))
        drawn = crawl(of_server(found.server), ["/", "/launches/slipped", *addresses(page_of_resource)], each=2)
        there = [page for page in drawn.pages if page.reply.status == 200]
        for page in sorted(there, key=lambda page: len(page.reply.body)):
            found.largest[page.route, b"<svg viewBox" in page.reply.body] = page.address
        for page in there:
            if page.found_on or page.address == "/":
                found.first.setdefault(page.route, page.address)
        assert len(found.largest) > len(SECTIONS)
        yield found


@dataclass
class Sights:
    """What was wrong on each page in each look."""

    complaints: list[str] = field(default_factory=list)
    sticking_out: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    unseen_focus: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def sights(site: Site) -> Sights:
    """All pages, looked at once in each look."""
    found = Sights()
    with browser() as running:
        for look in (DESK, DARK, PHONE):
            with window(running, site.server, look, with_axe=AXE.exists()) as seen:
                for address in sorted({*site.largest.values(), *(site.first.values() if look is PHONE else ())}):
                    _look(seen, site.server, address, look, found)
    return found


def _look(seen: Seen, server: str, address: str, look: Look, found: Sights) -> None:
    name = f"{address} ({look.name})"
    seen.complaints.clear()
    seen.page.goto(server + address)
    found.sticking_out += [f"{name}: {each}" for each in seen.ask(_STICKING_OUT)]
    if look is not PHONE:
        seen.page.keyboard.press("Tab")
        found.unseen_focus += [f"{name}: {each}" for each in seen.ask(_UNSEEN_FOCUS)]
        if AXE.exists():
            found.violations += [f"{name}: {each}" for each in violations(seen)]
    found.complaints += [f"{name}: {each}" for each in seen.complaints]


def _assert_none(found: list[str]) -> None:
    assert not found, "\n".join([f"{len(found)} faults:", *found[:20]])


def test_no_page_has_complaints_of_the_browser(sights: Sights) -> None:
    """Nothing fails, and nothing is refused by the policy, in any look."""
    _assert_none(sights.complaints)


def test_no_page_scrolls_sideways(sights: Sights) -> None:
    """At 360 and at 1,440 px, also with names of 400 characters; tables and drawings scroll by themselves."""
    _assert_none(sights.sticking_out)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix tests/clients")
def test_axe_finds_nothing_serious(sights: Sights) -> None:
    """axe-core finds no serious and no critical violation of its rules, in light and in dark."""
    _assert_none(sights.violations)


def test_whoever_uses_the_keyboard_sees_where_they_are(sights: Sights) -> None:
    """Everything that can be used can be focused, and then looks different, in light and in dark."""
    _assert_none(sights.unseen_focus)


def _tab_to(seen: Seen, condition: str, most: int) -> bool:
    """Press Tab until the condition holds for the focused element; False if it does not after so many times."""
    for _ in range(most):
        seen.page.keyboard.press("Tab")
        if seen.ask(f"((at) => {condition})(document.activeElement)"):
            return True
    return False


def test_the_keyboard_alone_opens_every_section(site: Site) -> None:
    """From the first page to each section by Tab and Enter, and from there to the first page that its content links to."""
    with browser() as running, window(running, site.server, DESK) as seen:
        for section in SECTIONS:
            seen.page.goto(site.server + "/")
            assert _tab_to(seen, f"at.pathname === '/{section.path}' && at.closest('header') !== null", 60), section.name
            with seen.page.expect_navigation():
                seen.page.keyboard.press("Enter")
            assert (urlsplit(seen.page.url).path, seen.page.locator("h1").count()) == (f"/{section.path}", 1)
            inner = "at.closest('main :is(table, ul, ol, dl, svg)') !== null && at.pathname !== location.pathname"
            links = "[...document.querySelectorAll('main :is(table, ul, ol, dl) a')]"
            if seen.ask(f"{links}.some((at) => at.checkVisibility() && at.pathname !== location.pathname)"):
                assert _tab_to(seen, f"at.localName === 'a' && at.pathname !== undefined && {inner}", 400), section.name
                with seen.page.expect_navigation():
                    seen.page.keyboard.press("Enter")
                assert seen.page.locator("h1, body > pre, .prettyprint").count() >= 1, seen.page.url


def test_the_keyboard_alone_opens_what_is_folded(site: Site) -> None:
    """The table behind a plot, and all else that is folded, opens by Enter."""
    opened = 0
    with browser() as running, window(running, site.server, DESK) as seen:
        for address in site.largest.values():
            seen.page.goto(site.server + address)
            if not seen.ask("document.querySelector('main details:not([open]) > summary') !== null"):
                continue
            seen.ask("document.querySelector('main details:not([open]) > summary').focus()")
            seen.page.keyboard.press("Enter")
            assert seen.ask("document.activeElement.parentElement.open"), address
            opened += 1
    assert opened


def test_paper_has_all_that_is_read(site: Site) -> None:
    """Printed, a page has every text, table and drawing that it has on a screen; nothing sticks out or is cut off."""
    wrong: list[str] = []
    with browser() as running, window(running, site.server, PAPER) as seen:
        for address in site.largest.values():
            seen.page.emulate_media(media="screen")
            seen.page.goto(site.server + address)
            before: list[bool] = seen.ask(_READ)
            seen.page.emulate_media(media="print")
            after: list[bool] = seen.ask(_READ)
            gone = [place for place, (was, there) in enumerate(zip(before, after, strict=True)) if was and not there]
            wrong += [f"{address}: not printed: {seen.page.evaluate(_NAME, place)}" for place in gone[:3]]
            wrong += [f"{address}: sticks out: {each}" for each in seen.ask(_STICKING_OUT)]
            wrong += [f"{address}: cut off: {each}" for each in seen.ask(_CUT_OFF)]
    _assert_none(wrong)


def test_no_page_needs_a_script(site: Site) -> None:
    """With JavaScript off a page has the same headings, tables, drawings, links and forms."""
    wrong: list[str] = []
    counts: dict[str, dict[bool, Any]] = {address: {} for address in site.largest.values()}
    with browser() as running:
        for with_scripts in (False, True):
            with window(running, site.server, DESK, with_scripts=with_scripts) as seen:
                for address, found in counts.items():
                    seen.page.goto(site.server + address)
                    found[with_scripts] = seen.ask(_COUNTS)
                    if not seen.page.locator("main").inner_text().strip():
                        wrong.append(f"{address}: nothing to read")
    wrong += [
        f"{address}: {each[False]} without, {each[True]} with" for address, each in counts.items() if each[False] != each[True]
    ]
    _assert_none(wrong)
