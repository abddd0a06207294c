"""Ask a server everything that pylaunches can ask, and print the answers as one JSON object. Run where pylaunches is installed.

Its address is a constant of the library: that is the one thing changed.
"""

import asyncio
import json
import sys
from importlib import import_module
from typing import Any


async def _ask(host: str) -> dict[str, Any]:
    api: Any = import_module("pylaunches.api")
    api.BASE_URL = host
    async with api.PyLaunches() as client:
        next_one = {"limit": "1", "hide_recent_previous": "True"}  # as Home Assistant asks
        return {
            "next": await client.launch_upcoming(filters=next_one),
            "launches": await client.launch_upcoming(),
            "starship": await client.dashboard_starship(),
            "events": await client.event(),
            "events_upcoming": await client.event_upcoming(filters={"limit": "2"}),
            "events_previous": await client.event_previous(),
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_ask(sys.argv[1]))))
