"""The widest questions for one anonymous GET: each filter, order, search and mode, alone and together.

Runs in a process of its own, whose DATABASE_URL is a catalogue of its own. The server's WSGI application gets every question
without caches and without documents; prints a line of JSON for each: milliseconds of CPU, status, address. The costliest are
asked twice more, and the least of three counts: other work on a machine only adds.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

LETTERS = "a+e+r+o+s+p+c+n+i+l"  # each is in most texts, and too short for the index
PAIRS = "ae+er+ro+os+sp+pa+ac+ce+an+en"
RUNS = "aer+ero+ros+osp+spa+pac+ace+ora+lau+ser"
WORDS = (
    "aerospace",
    "space",
    "a",
    LETTERS,
    PAIRS,
    RUNS,
    f"aerospace+{LETTERS[:17]}",
    "+".join(f"{n}{'x' * 99}" for n in range(10)),
)
COSTLIEST = 60  # questions that are asked again
WIDE = {
    "integer": ("0", "1", "1000000"),
    "number": ("0", "1"),
    "text": ("a", "e", "x" * 3000),
    "boolean": ("true", "false"),
    "date": ("1900-01-01", "2100-01-01"),
    "date-time": ("1900-01-01T00:00:00Z", "2100-01-01T00:00:00Z"),
    "uuid": ("00000000-0000-4000-8000-000000000000",),
}


def addresses() -> Iterator[str]:
    """Every question, as its address below the version."""
    from launchledger.api.ordering import columns_that_order, ordering_fields
    from launchledger.wire.v2_2_0 import WIRE
    from launchledger.wire.v2_2_0.filters import FILTERS

    for path, resource in WIRE.resources.items():
        modes = list(resource.modes)
        yield from (f"{path}/?mode={mode}&limit=100{more}" for mode in modes for more in ("", "&format=api", "&offset=1000"))
        yield from (f"{path}/?limit=100&offset={offset}" for offset in (900, 2_000, 70_000, 10**9))
        yield from (f"{path}/?search={words}{more}" for words in WORDS for more in ("", "&limit=100&offset=60000"))
        orders = [f"{sign}{name}" for name in ordering_fields(resource) for sign in ("", "-")]
        yield from (f"{path}/?ordering={order}{more}" for order in orders for more in ("", "&offset=70000", f"&search={LETTERS}"))
        undeclared = sorted(columns_that_order(path) - set(ordering_fields(resource)))
        yield from (
            f"{path}/?ordering={sign}{name}{more}" for name in undeclared for sign in ("", "-") for more in ("", "&offset=70000")
        )
        yield f"{path}/?ordering={','.join(undeclared)}&limit=100&offset=60000&search={LETTERS}"
        yield f"{path}/?ordering={','.join(orders * 20)}&limit=100"
        filters = [(each, value) for each in FILTERS.get(path, ()) for value in _values(each)]
        yield from (f"{path}/?{each.name}={value}" for each, value in filters)
        together = "&".join(
            f"{each.name}={value}" for each, value in filters if len(value) < 30 and value not in ("0", "1000000")
        )
        yield f"{path}/?{together[:7000]}&search={LETTERS}"
        ranges = "&".join(f"{each.name}={value}" for each, value in filters if each.lookup in ("lt", "lte", "gt", "gte"))
        yield f"{path}/?{ranges[:7000]}"
        widest = [
            f"{each.name}={value}" for each, value in filters if each.lookup in ("contains", "icontains") and len(value) == 1
        ]
        yield f"{path}/?{'&'.join(widest)}&search={LETTERS}&ordering={','.join(orders)}&mode={modes[-1]}&limit=100"
    yield from ("", "dashboard/starship/", "dashboard/starship/?mode=detailed", "schema/", "schema/?format=yaml", "?format=api")


def _values(each: Any) -> Iterator[str]:
    """Values of a filter that match the most, or cost the most to compare."""
    if each.several and each.kind != "text":
        ids = [f"{n:08x}-0000-4000-8000-000000000000" if each.kind == "uuid" else str(n) for n in range(1, 251)]
        yield f"&{each.name}=".join(ids) if each.several == "repeated" and not each.choice_of else ",".join(ids)[:8000]
    elif each.choice_of:
        yield "1"
    else:
        yield from WIDE[each.kind]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchledger.conf.settings"
    from launchledger.site.wsgi import application

    ask(application, "/2.2.0/pad/")  # loads what is loaded on first use
    asked = [(*_ask_anew(application, below, number), below) for number, below in enumerate(dict.fromkeys(addresses()))]
    asked.sort(reverse=True)
    for place, (milliseconds, status, below) in enumerate(asked[:COSTLIEST]):
        again = [_ask_anew(application, below, len(asked) + 2 * place + turn)[0] for turn in range(2)]
        asked[place] = (min(milliseconds, *again), status, below)
    for milliseconds, status, below in asked:
        print(json.dumps([milliseconds, status, f"/2.2.0/{below}"]), flush=True)


def _ask_anew(application: Any, below: str, number: int) -> tuple[float, int]:
    """Ask with a new number as a parameter, so that no reply is cached for it."""
    _clear_caches()
    return ask(application, f"/2.2.0/{below}{'&' if '?' in below else '?'}nothing={number}")


def _clear_caches() -> None:
    """Drop cached lists and documents."""
    from django.db import connection

    from launchledger.catalogue.queries.listing import forget_lists

    forget_lists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM serving_use")
        cursor.execute("DELETE FROM serving_document")


def ask(application: Any, address: str) -> tuple[float, int]:
    """Milliseconds of CPU for a request, and the status of its reply."""
    path, _, query = address.partition("?")
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "HTTP_HOST": "ledger.example",
    }
    environ |= {"SERVER_NAME": "ledger.example", "SERVER_PORT": "80", "REMOTE_ADDR": "203.0.113.7", "wsgi.url_scheme": "http"}
    begin = time.process_time()
    content = application(
        {**environ, "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}, lambda status, *_: statuses.append(status)
    )
    b"".join(content)
    if hasattr(content, "close"):
        content.close()
    return (time.process_time() - begin) * 1000, int(statuses[-1][:3])


if __name__ == "__main__":
    main()
