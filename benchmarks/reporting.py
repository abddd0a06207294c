"""Saves findings: a JSON file that later runs extend, and a page with tables and plots that needs no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.comparing import Comparison, Effort
from benchmarks.findings import Findings
from benchmarks.machine import facts
from benchmarks.measuring import RESULTS, Figure
from benchmarks.plots import plot
from benchmarks.works.postgres import read

TITLES = {
    "stock": "Against nested serializers on the same tables",
    "caches": "Against nginx and Varnish with the same bytes",
    "peers": "Against Datasette and json-server",
    "growth": "A larger catalogue",
    "workers": "One worker and two",
    "writing": "Reads while a writer commits",
    "start": "From the command to the first reply",
    "memory": "Memory of a worker",
    "postgres": "On PostgreSQL, its server's CPU included",
    "widest": "The widest questions at ten times upstream's size",
    "ledger": "The ledger over a journal of two million entries",
    "pages": "Pages for people",
    "plan": "The plan of calls of a mirror at 15 calls an hour, for thirty virtual days",
    "sync": "A mirror of a sandbox at 15 calls an hour, for thirty virtual days",
    "kills": "A mirror that is killed a hundred times",
    "follow": "A mirror that follows the journal of another Launchledger",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100%; font-size: .875rem; margin: 1rem 0 }}
th, td {{ text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #8885 }}
td.n, th.n {{ text-align: right; font-variant-numeric: tabular-nums }}
.MISSED, .refused {{ font-weight: 600 }} svg {{ width: 100%; height: auto }} .wide {{ overflow-x: auto }}
</style></head><body>
<h1>{title}</h1>
<p>CPU is user and system time of all processes of a server, for one request, without the client. Ratios are medians over pairs
of runs in turns; differences below a fifth mean nothing on a machine with other work. Replies were compared before and after;
if they differed or anything failed, no figures are shown.</p>
{body}
</body></html>
"""


def save(label: str, group: str, found: Findings, effort: Effort) -> Path:
    """Put the findings of one benchmark into the JSON of this label, and rewrite its page and plots. Gives the page."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{label}.json"
    stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"groups": {}}
    stored["machine"] = facts()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    stored["groups"][group] = {"at": at, "quick": effort.quick, "rounds": effort.rounds, **asdict(found)}
    stored["groups"] = {name: stored["groups"][name] for name in TITLES if name in stored["groups"]}
    file.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return write_page(label, stored)


def write_page(label: str, stored: dict[str, Any]) -> Path:
    groups = {name: read(each) for name, each in stored["groups"].items()}
    parts = ["<h2>Bars</h2>", _figures([figure for found in groups.values() for figure in found.figures if figure.bar])]
    for name, found in groups.items():
        group = stored["groups"][name]
        parts.append(f"<h2>{escape(TITLES[name])}</h2><p>{group['at']}{', quick' if group['quick'] else ''}</p>")
        drawing = found.drawing or plot(found.comparisons, TITLES[name])
        if drawing:
            (RESULTS / f"{label}-{name}.svg").write_text(drawing, encoding="utf-8")
            parts.append(drawing)
        if found.comparisons:
            parts.append(_comparisons(found.comparisons))
        parts.append(_figures([figure for figure in found.figures if not figure.bar]))
        parts += [
            f'<p class="refused">REFUSED: {escape(each.name)} ({escape(each.a)}): {escape(each.refused)}</p>'
            for each in found.refused
        ]
        parts += [f"<p>Not measured: {escape(reason)}</p>" for reason in found.missing]
    parts += ["<h2>Measured on</h2>", _table(("", ""), [(name, value) for name, value in stored["machine"].items()])]
    page = RESULTS / f"{label}.html"
    page.write_text(_PAGE.format(title=escape(f"Launchledger: {label}"), body="\n".join(parts)), encoding="utf-8")
    return page


def bars(label: str) -> list[Figure]:
    """Every value with a bar, of all benchmarks of this label."""
    stored = json.loads((RESULTS / f"{label}.json").read_text(encoding="utf-8"))
    return [Figure(**figure) for group in stored["groups"].values() for figure in group["figures"] if figure["bar"]]


def _figures(figures: Sequence[Figure]) -> str:
    verdicts = {None: "", True: "met", False: "MISSED"}
    rows = [(each.name, f"{number(each.value)} {each.unit}", each.bar, verdicts[each.good]) for each in figures]
    return _table(("figure", "measured", "bar", ""), rows) if rows else ""


def _comparisons(comparisons: Sequence[Comparison]) -> str:
    head = ("work", "A", "B", "A: CPU µs", "B: CPU µs", "B / A", "A: p50 / p99 ms", "B: p50 / p99 ms", "bytes of B", "")
    rows = []
    for each in comparisons:
        a, b = each.cost_a, each.cost_b
        if a and b:
            ratio = f"{number(each.ratio)} ({number(each.lowest)} to {number(each.highest)})"
            latencies = (f"{number(cost.p50)} / {number(cost.p99)}" for cost in (a, b))
            rows.append(
                (each.name, each.a, each.b, f"{a.cpu:,.0f}", f"{b.cpu:,.0f}", ratio, *latencies, f"{b.bytes:,.0f}", each.note)
            )
    return f'<div class="wide">{_table(head, rows)}</div>'


def number(value: float) -> str:
    """Three significant digits, and all digits before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cells(kind: str, row: Sequence[str]) -> str:
        return "".join(f"<{kind}{_class(cell)}>{escape(cell)}</{kind}>" for cell in row)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{cells('th', head)}</tr>{body}</table>"


def _class(cell: str) -> str:
    if cell == "MISSED":
        return ' class="MISSED"'
    return ' class="n"' if cell[:1].isdigit() else ""
