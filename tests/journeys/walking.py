"""Walking through pages in a browser that calls nobody but the server under test: one window, in one look, page after page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, Route

from tests.journeys.browser import Look, Seen

AXE = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
NOT_INSTALLED = "axe-core is not installed: npm ci --prefix tests/clients"

_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"/>'  # for those of other hosts
_AXE_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(({id, impact, help, nodes}) => ({
    id, impact, help, where: nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | "), count: nodes.length,
  }));
}"""


@contextmanager
def window(running: Browser, server: str, look: Look, *, with_scripts: bool = True, with_axe: bool = False) -> Iterator[Seen]:
    """A window in one look. What pages load from other hosts is an empty picture."""
    context = running.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        java_script_enabled=with_scripts,
    )
    try:
        if with_axe:
            context.add_init_script(path=AXE)
        context.route(lambda address: not address.startswith(server), _answer)
        seen = Seen(context.new_page())
        seen.page.on("console", seen.hear)
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("requestfailed", lambda request: _hear(seen, request))
        yield seen
    finally:
        context.close()


def _hear(seen: Seen, request: Request) -> None:
    if request.failure != "net::ERR_ABORTED":  # the next page was opened meanwhile
        seen.complaints.append(f"{request.url}: {request.failure}")


def _answer(route: Route) -> None:
    route.fulfill(status=200, content_type="image/svg+xml", body=_PICTURE)


def violations(seen: Seen, impacts: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """What axe-core finds on the page, of these impacts."""
    if not AXE.exists():
        pytest.skip(NOT_INSTALLED)
    found: list[dict[str, Any]] = seen.ask(_AXE_RUN)
    return [
        f"{each['impact']}: {each['help']} ({each['id']}, {each['count']} times): {each['where']}"
        for each in found
        if each["impact"] in impacts
    ]
