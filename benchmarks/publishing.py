"""`python -m benchmarks publish`: the figures of a whole run as docs/speed.md, with its plots in docs/pictures.

Promises: all figures come from the run; only the text between them is written by hand. A quick or incomplete run is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.catalogues import ROOT
from benchmarks.measuring import RESULTS
from benchmarks.reporting import TITLES, number

PAGE, PICTURES = ROOT / "docs" / "speed.md", ROOT / "docs" / "pictures"

_BEGIN = """# How fast it is

Written by `make bench ARGS=publish` from a run of `make bench`, which anyone can repeat;
[how it is measured](../benchmarks/README.md) defines the terms on this page. Figures are CPU time for one request, of all
processes of a server, measured in turns with the other side; differences below a fifth mean nothing.

## The bars that were set beforehand
"""
_WORDS = {
    "stock": """The ordinary server is Django REST framework with nested serializers over the same tables, `select_related` and
`prefetch_related`; its replies are equal. *Each once* are replies that no worker has in memory.""",
    "caches": """All serve the same bytes. Most of the cost of a cached reply is granian's, for passing the request to Python and
the reply back; the cache itself takes 1.3 µs of it.""",
    "peers": "Datasette shows one flat row, which is not the same work; json-server has the same JSON in memory.",
    "growth": """A catalogue of ten times upstream's size: 75,000 launches, 11,000 spacecraft flights. Offsets run to its end.""",
    "workers": "The load takes its share of the same two cores.",
    "writing": """Ten commits a second to the launches that are being read. All of it runs on two cores, of which the load fills
one and the server the other, so the writer takes time from both. The same writer on another catalogue shows the cost of
that alone.""",
    "start": "",
    "memory": "After every kind of work at ten times upstream's size. Pages of the database are shared by all workers.",
    "postgres": "With the CPU time of PostgreSQL's own processes.",
    "plan": "The plan of calls follows an upstream in memory that changes all the time, with and without faults.",
    "sync": """`launchledger sync` in a process of its own on SQLite, and a sandbox in another whose catalogue changes all the
time, once without faults, and once with every fault of the sandbox, together at 5 % of calls. Launches without an exact time
have no T-0.""",
    "kills": "With `kill -9` at random moments, each process between two and some calls after the one before.",
    "widest": "Each filter, order, search and mode, alone and together, with nothing cached: the costliest GET requests.",
}


class Unfinished(Exception):
    """A run that must not be published; the text gives the reason."""


def publish(label: str, page: Path = PAGE, pictures: Path = PICTURES) -> Path:
    """Write the page and copy the plots of the run with this label. Gives the page."""
    try:
        stored: dict[str, Any] = json.loads((RESULTS / f"{label}.json").read_text(encoding="utf-8"))
    except OSError:
        raise Unfinished(f"There are no results called {label}: run `make bench` first.") from None
    missing = [name for name in TITLES if name not in stored["groups"]]
    if missing:
        raise Unfinished(f"The run {label} lacks {', '.join(missing)}: run `make bench`.")
    quick = [name for name, group in stored["groups"].items() if group["quick"]]
    if quick:
        raise Unfinished(f"Of the run {label}, {', '.join(quick)} were measured with --quick: run `make bench` without it.")
    parts = [_BEGIN, _bars([figure for group in stored["groups"].values() for figure in group["figures"] if figure["bar"]])]
    for name, title in TITLES.items():
        parts += _section(label, name, title, stored["groups"][name], pictures)
    at = max(group["at"] for group in stored["groups"].values())
    parts += ["## Measured on", f"{at[:10]}; " + "; ".join(f"{name} {value}" for name, value in stored["machine"].items())]
    page.write_text("\n\n".join(part.strip() for part in parts if part) + "\n", encoding="utf-8")
    return page


def _section(label: str, name: str, title: str, group: dict[str, Any], pictures: Path) -> list[str]:
    parts = [f"## {title}", _WORDS[name]]
    plot = RESULTS / f"{label}-{name}.svg"
    if plot.exists():
        picture = pictures / f"speed-{name}.svg"
        picture.write_bytes(plot.read_bytes())
        parts.append(f"![{title}: CPU time for a request, on a scale of powers of ten](pictures/{picture.name})")
    parts.append(_figures([figure for figure in group["figures"] if not figure["bar"]]))
    parts += [f"Not measured: {reason}" for reason in group["missing"]]
    return parts


def _figures(figures: list[dict[str, Any]]) -> str:
    rows = [f"| {each['name']} | {number(each['value'])} {each['unit']} |" for each in figures]
    return "\n".join(["| figure | measured |", "|---|---|", *rows]) if rows else ""


def _bars(figures: list[dict[str, Any]]) -> str:
    verdicts = {None: "", True: "met", False: "**missed**"}
    rows = [
        f"| {each['name']} | {number(each['value'])} {each['unit']} | {each['bar']} | {verdicts[each['good']]} |"
        for each in figures
    ]
    return "\n".join(["| figure | measured | bar | |", "|---|---|---|---|", *rows])
