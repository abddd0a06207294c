"""Pages for people: CPU and bytes of one page of each route, from rows and from the cache of replies, and the first paint.

The pages are those that links lead to from the first one. CPU is that of whole requests through the server's own layers, in one
process. From rows, each request has another unknown parameter, so that no reply is cached, and documents are stored as in a warm
server. The first contentful paint is Chromium's, of a server on this machine with nothing in the browser's cache.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from statistics import median

from benchmarks.catalogues import ROOT, SETTINGS, catalogue_copy
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure
from benchmarks.servers import launchledger

PAGE_BAR, SEARCH_BAR = 5.0, 20.0  # ms of CPU from rows
SMALL_BAR, PLOTS_BAR = 30.0, 100.0  # kB with gzip
PAINT_BAR = 500.0  # ms
_PLOT = b"<svg viewBox"
_PAINT = """() => new Promise((found) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") found(entry.startTime);
}).observe({type: "paint", buffered: true}))"""


def measure(effort: Effort) -> Findings:
    found = Findings()
    with catalogue_copy(1) as url:
        settings = {"LAUNCHLEDGER_ALLOWED_HOSTS": "*", "DATABASE_URL": url, "LAUNCHLEDGER_LOG_LEVEL": "ERROR"}
        words = [sys.executable, "-m", "benchmarks.works.pages", str(effort.rounds)]
        done = subprocess.run(
            words, env={**os.environ, **SETTINGS, **settings}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        pages = [json.loads(line) for line in done.stdout.splitlines()]
        for page in pages:
            found.record(Figure(f"{page['route']}: from rows", page["rows"], "ms CPU"))
            found.record(Figure(f"{page['route']}: from the cache of replies", page["cached"], "ms CPU"))
            found.record(Figure(f"{page['route']}: bytes", page["bytes"] / 1e3, "kB"))
            found.record(Figure(f"{page['route']}: with gzip", page["gzip"] / 1e3, "kB"))
        of_searches = [page["rows"] for page in pages if page["address"].startswith("/search?q=")]
        of_others = [page["rows"] for page in pages if not page["address"].startswith("/search?q=")]
        found.within("the slowest page, from rows", max(of_others), "ms CPU", PAGE_BAR)
        found.within("the slowest search, from rows", max(of_searches), "ms CPU", SEARCH_BAR)
        plots, others = ([page["gzip"] / 1e3 for page in pages if page["has_plot"] is wanted] for wanted in (True, False))
        found.within("the largest page with a plot, with gzip", max(plots), "kB", PLOTS_BAR)
        found.within("the largest page without a plot, with gzip", max(others), "kB", SMALL_BAR)
        _measure_paint(found, url, {page["route"]: page["address"] for page in pages}, effort)
    return found


def _measure_paint(found: Findings, url: str, addresses: dict[str, str], effort: Effort) -> None:
    """The first contentful paint of each page: the median of some visits, each with an empty cache of the browser."""
    if not shutil.which("chromium"):
        found.miss("first contentful paint: no Chromium on this machine; Debian has it as the package chromium")
        return
    from tests.journeys.browser import Look, browser
    from tests.journeys.walking import window

    medians = []
    with launchledger(url, pinned=False) as server, browser() as running:
        base = f"http://127.0.0.1:{server.port}"
        for route, address in addresses.items():
            paints = []
            for _ in range(effort.rounds):
                with window(running, base, Look("desk", 1440, "light")) as seen:
                    seen.page.goto(base + address)
                    paints.append(float(seen.ask(_PAINT)))
            medians.append(median(paints))
            found.record(Figure(f"{route}: first contentful paint", medians[-1], "ms"))
    found.within("the slowest first contentful paint", max(medians), "ms", PAINT_BAR)


def main(rounds: int) -> None:
    """Print a line of JSON for each route: the address of its largest page among those drawn, and its figures."""
    import django

    django.setup()
    from django.test import Client

    from benchmarks.widening import ask
    from launchledger.site.wsgi import application
    from tests.support.crawling import crawl, of_client

    read = of_client(Client())
    drawn = [(route, page.address, page.reply.body) for route, page in crawl(read, each=3).samples.items()]
    for kind, word in _words().items():
        address = f"/search?q={word}"
        drawn.append((f"search for {kind}", address, read(address).body))
    for route, address, body in drawn:
        mark = "&" if "?" in address else "?"
        rows, cached = [], []
        for number in range(rounds):
            asked = [ask(application, f"{address}{mark}asked={number}-{time}") for time in range(5)]
            if wrong := {status for _, status in asked} - {200}:
                raise RuntimeError(f"{address} answered {wrong}")
            rows.append(min(milliseconds for milliseconds, _ in asked))
            cached.append(min(ask(application, address)[0] for _ in range(5)))
        figures = {"rows": median(rows), "cached": median(cached), "bytes": len(body), "gzip": len(gzip.compress(body))}
        print(json.dumps({"route": route, "address": address, "has_plot": _PLOT in body, **figures}), flush=True)


def _words() -> dict[str, str]:
    """The word and the two letters that most searched texts of the catalogue have, and a word that few have."""
    from launchledger.catalogue.models.texts import SearchedText

    words: Counter[str] = Counter()
    for text in SearchedText.objects.values_list("text", flat=True):
        words.update(set(re.findall(r"[a-z]{3,}", text)))
    pairs: Counter[str] = Counter()
    for word, number in words.items():
        pairs.update(dict.fromkeys({word[place : place + 2] for place in range(len(word) - 1)}, number))
    (common, _), (pair, _) = words.most_common(1)[0], pairs.most_common(1)[0]
    return {"the commonest word": common, "a rare word": words.most_common()[-1][0], "two letters": pair}


if __name__ == "__main__":
    main(int(sys.argv[1]))
