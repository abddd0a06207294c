"""Start Skylab's screen without a terminal, and print what it shows as one JSON object. Run where skylab is installed.

The addresses that it asks are constants of a class: their host is the one thing changed.
"""

import asyncio
import json
import sys
from importlib import import_module
from typing import Any

UPSTREAM = "https://ll.thespacedevs.com"


async def _show(host: str) -> dict[str, Any]:
    api = import_module("skylab.api").SpaceDevApi
    for name in ("BASE_URL", "GET_UPCOMING_LAUNCHES", "GET_UPCOMING_EVENTS"):
        setattr(api, name, getattr(api, name).replace(UPSTREAM, host))
    app = import_module("skylab.skylab").SkylabApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        return {"launches": _texts(app, "LaunchWidget"), "events": _texts(app, "EventWidget")}


def _texts(app: Any, widget: str) -> list[list[str]]:
    """The texts of each widget of this kind, from top to bottom."""
    return [[str(text.renderable).strip() for text in found.query("Static")] for found in app.query(widget)]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_show(sys.argv[1]))))
