"""`python -m benchmarks publish`: the figures of a run as docs/speed.md and docs/freshness.md, with their plots in docs/pictures.

Promises: all figures come from the run; only the text between them is written by hand. A page is written whose benchmarks were
all measured in full; a run without a whole page is refused. Where only some benchmarks are published, theirs is all that changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.catalogues import ROOT
from benchmarks.measuring import RESULTS
from benchmarks.reporting import TITLES, number

PICTURES = ROOT / "docs" / "pictures"
_OF_A_MIRROR = ("plan", "sync", "kills", "follow")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the documentation: its name, how it begins, and its benchmarks."""

    name: str
    begin: str
    groups: tuple[str, ...]


_SPEED = """# How fast it is

Written by `make bench ARGS=publish` from a run of `make bench`, which anyone can repeat;
[how it is measured](../benchmarks/README.md) defines the terms on this page. Figures are CPU time for one request, of all
processes of a server, measured in turns with the other side; differences below a fifth mean nothing.

## The bars that were set beforehand
"""
_FRESHNESS = """# How fresh a mirror is

Written by `make bench ARGS=publish` from a run of `make bench ARGS="plan sync kills follow"`, which anyone can repeat. A mirror
follows a server whose catalogue changes all the time: launches near their time slip, are scrubbed and fly, people edit objects of
each list, make new ones and delete some. The age of a change is the time from the change to its entry in the mirror's journal.

## The bars that were set beforehand
"""
PAGES = (
    Page("speed", _SPEED, tuple(name for name in TITLES if name not in _OF_A_MIRROR)),
    Page("freshness", _FRESHNESS, _OF_A_MIRROR),
)
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
    "plan": """The plan of calls follows an upstream *in memory* that changes all the time, with and without faults. There an
object is seen in its own list or detail alone; a real reply shows it within others as well, so a real mirror notices sooner.""",
    "sync": """`launchledger sync` in a process of its own on SQLite, and a sandbox in another whose catalogue changes all the
time, once without faults, and once with every fault of the sandbox, together at 5 % of calls. Launches without an exact time
have no T-0.""",
    "kills": "With `kill -9` at random moments, each process between two and some calls after the one before.",
    "follow": """The upstream is a Launchledger without a limit. The ages are those of edits to a server that holds its replies
until something changes; the changes with faults are made to a sandbox, as fast as it takes them.""",
    "ledger": """A journal of five years of changes, two million entries, over upstream's 7,500 launches, which have 75,000
observed states. A page has 10 entries unless it says more. Each request has another unknown parameter, so no reply is cached, and
is measured in one process with the cache of replies before it and without a connection: all in turns, the median of rounds, of
each the least of some requests. The loop tells how fast the machine was meanwhile. Held requests (`wait=30`) are those of a
worker of its own: 200 at once, the most that it holds.""",
    "pages": """One page of each route, the largest of those that links lead to, and searches. *From rows* each request has
another unknown parameter, so that no reply is cached, and documents are stored; CPU is that of the whole request, in one
process, the median of rounds, of each the least of five. The first contentful paint is Chromium's on the same machine, with an
empty cache.""",
    "widest": "Each filter, order, search and mode, alone and together, with nothing cached: the costliest GET requests.",
}


class Unfinished(Exception):
    """A run that must not be published; the text gives the reason."""


def publish(label: str, docs: Path = ROOT / "docs", pictures: Path = PICTURES) -> list[Path]:
    """Write the pages of the run with this label, and copy its plots. Returns the pages that were written."""
    stored = _stored(label)
    written, reasons = [], []
    for page in PAGES:
        missing = [name for name in page.groups if name not in stored["groups"]]
        quick = [name for name in page.groups if name not in missing and stored["groups"][name]["quick"]]
        if missing:
            reasons.append(f"The run {label} lacks {', '.join(missing)}: run `make bench`.")
        elif quick:
            reasons.append(f"Of the run {label}, {', '.join(quick)} were measured with --quick: run `make bench` without it.")
        else:
            file = docs / f"{page.name}.md"
            file.write_text(_text(page, label, stored, pictures), encoding="utf-8")
            written.append(file)
    if not written:
        raise Unfinished("\n".join(reasons))
    return written


def publish_some(label: str, names: Collection[str], docs: Path = ROOT / "docs", pictures: Path = PICTURES) -> list[Path]:
    """Renew the parts of these benchmarks on the pages that exist, and leave the others. Returns the pages that were written."""
    stored = _stored(label)
    quick = [name for name in names if stored["groups"].get(name, {"quick": True})["quick"]]
    if quick:
        raise Unfinished(
            f"The run {label} lacks full measurements of {', '.join(quick)}: run `make bench ARGS=...` with these names."
        )
    written = []
    for page in PAGES:
        if renewed := [name for name in page.groups if name in names]:
            file = docs / f"{page.name}.md"
            text = file.read_text(encoding="utf-8")
            for name in renewed:
                text = _renew(page, text, label, stored, name, pictures)
            file.write_text(text, encoding="utf-8")
            written.append(file)
    return written


def _renew(page: Page, text: str, label: str, stored: dict[str, Any], name: str, pictures: Path) -> str:
    """The page's text with the section and the bars of one benchmark as they were measured now."""
    head, *sections = text.removesuffix("\n").split("\n\n## ")
    *intro, bars = sections[0].split("\n\n")
    group = stored["groups"][name]
    rows = _bars([figure for figure in group["figures"] if figure["bar"]]).splitlines()[2:]
    known = {row.split(" | ")[0] for row in rows}
    kept = [row for row in bars.splitlines() if row.split(" | ")[0] not in known]
    sections[0] = "\n\n".join([*intro, "\n".join(kept + rows)])
    parts = _section(page, label, name, group, pictures)
    parts.append(f"Measured by itself on {_machine(group['at'], stored)}")
    section = "\n\n".join(part.strip() for part in parts if part).removeprefix("## ")
    order = [TITLES[each] for each in page.groups]
    before, after = sections[:1], list[str]()
    for each in sections[1:]:
        title = each.partition("\n")[0]
        if title == TITLES[name]:
            continue
        (before if title in order and order.index(title) < order.index(TITLES[name]) else after).append(each)
    return "\n\n## ".join([head, *before, section, *after]) + "\n"


def _machine(at: str, stored: dict[str, Any]) -> str:
    return f"{at[:10]}; " + "; ".join(f"{name} {value}" for name, value in stored["machine"].items())


def _stored(label: str) -> dict[str, Any]:
    try:
        stored: dict[str, Any] = json.loads((RESULTS / f"{label}.json").read_text(encoding="utf-8"))
    except OSError:
        raise Unfinished(f"There are no results called {label}: run `make bench` first.") from None
    return stored


def _text(page: Page, label: str, stored: dict[str, Any], pictures: Path) -> str:
    groups = {name: stored["groups"][name] for name in page.groups}
    parts = [page.begin, _bars([figure for group in groups.values() for figure in group["figures"] if figure["bar"]])]
    for name, group in groups.items():
        parts += _section(page, label, name, group, pictures)
    at = max(group["at"] for group in groups.values())
    parts += ["## Measured on", _machine(at, stored)]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _section(page: Page, label: str, name: str, group: dict[str, Any], pictures: Path) -> list[str]:
    title = TITLES[name]
    parts = [f"## {title}", _WORDS[name]]
    plot = RESULTS / f"{label}-{name}.svg"
    if plot.exists():
        picture = pictures / f"{page.name}-{name}.svg"
        picture.write_bytes(plot.read_bytes())
        what = "the share of changes that was noticed, by age" if group.get("drawing") else "CPU time for a request"
        parts.append(f"![{title}: {what}, on a scale of powers of ten](pictures/{picture.name})")
    parts.append(_figures([figure for figure in group["figures"] if not figure["bar"]]))
    parts += [f"Not measured: {reason}" for reason in group["missing"]]
    return parts


def _figures(figures: list[dict[str, Any]]) -> str:
    named = [each["name"].rpartition(": ") for each in figures]
    if len(figures) > 1 and len({of for of, _, _ in named if of}) * len({what for _, _, what in named}) == len(figures):
        return _table(figures)
    rows = [f"| {each['name']} | {number(each['value'])} {each['unit']} |" for each in figures]
    return "\n".join(["| figure | measured |", "|---|---|", *rows]) if rows else ""


def _table(figures: list[dict[str, Any]]) -> str:
    """Figures that are named `of: what`, with each `what` for each `of`: a row and a column of each."""
    rows: dict[str, dict[str, str]] = {}
    for each in figures:
        of, _, what = each["name"].rpartition(": ")
        rows.setdefault(of, {})[f"{what}, {each['unit']}"] = number(each["value"])
    columns = list(next(iter(rows.values())))
    lines = [f"| {' | '.join(['', *columns])} |".replace("|  |", "| |"), f"|{'---|' * (len(columns) + 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join([of, *cells.values()])} |" for of, cells in rows.items())])


def _bars(figures: list[dict[str, Any]]) -> str:
    verdicts = {None: "", True: "met", False: "**missed**"}
    rows = [
        f"| {each['name']} | {number(each['value'])} {each['unit']} | {each['bar']} | {verdicts[each['good']]} |"
        for each in figures
    ]
    return "\n".join(["| figure | measured | bar | |", "|---|---|---|---|", *rows])
