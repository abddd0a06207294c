"""A browser for tests: the machine's own Chromium, without a window. Playwright is imported here and nowhere else.

The browser is asked to call nobody but the server under test. Where there is no Chromium, tests that need it are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is viewed: the width of the window in CSS pixels, and the colours that its user prefers."""

    name: str
    width: int
    scheme: Scheme
    height: int = 800


LOOKS = (Look("light", 960, "light"), Look("dark", 960, "dark"), Look("phone", 390, "light"))


@dataclass
class Seen:
    """A page that was opened, and everything that went wrong on it: errors, refusals of its policy, requests that failed."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Record the console's errors: scripts that fail, refusals of the policy, replies that are errors."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def picture(self, file: Path, height: int) -> None:
        """The upper part of the page as a PNG file."""
        width = (self.page.viewport_size or {"width": 0})["width"]
        self.page.screenshot(
            path=file, clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True, animations="disabled"
        )

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)


def chromium() -> str:
    """The path of the machine's Chromium; skips the test where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(_NAMES)}); Debian has it as the package chromium")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A running browser. While it runs, Django refuses the database in this thread, for Playwright keeps a loop of its own."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=[*_QUIET, *as_root])
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(running: Browser, address: str, look: Look) -> Iterator[Seen]:
    """One page, loaded to its end and viewed in one look."""
    context = running.new_context(
        viewport={"width": look.width, "height": look.height}, color_scheme=look.scheme, locale="en-GB", timezone_id="UTC"
    )
    try:
        seen = Seen(context.new_page())
        seen.page.on("console", seen.hear)
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("requestfailed", lambda request: seen.complaints.append(f"{request.url}: {request.failure}"))
        seen.page.goto(address, wait_until="networkidle")
        yield seen
    finally:
        context.close()
