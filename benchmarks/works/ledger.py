"""The ledger over a journal of five years: two million entries, a launch's states as a mirror sees them.

CPU time of whole requests through the server's own layers, each asked with another unknown parameter, so that none is cached.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from statistics import median
from time import process_time

from benchmarks.catalogues import ROOT, SETTINGS, catalogue_copy
from benchmarks.comparing import Effort
from benchmarks.findings import Findings
from benchmarks.measuring import Figure

ENTRIES, QUICK_ENTRIES = 2_000_000, 200_000
PAGE_BAR, GROUPS_BAR = 5.0, 300.0  # ms of CPU
HOT = 6  # one launch in so many was watched closely
_PLACES = "WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < {many})"
# Of ten entries six are of launches: net, window and time moved. One of them deletes or revives nothing: deletions are rare.
_JOURNAL = """
INSERT INTO journal_entry ("transaction", "at", "observed_at", "source", "kind", "key", "action", "changes")
{places}
SELECT n / 20, datetime('2021-01-01', '+' || (n * 78) || ' seconds'), datetime('2021-01-01', '+' || (n * 78) || ' seconds'),
    CASE n % 4 WHEN 0 THEN 'statistics' ELSE 'https://ll.thespacedevs.com' END,
    CASE WHEN n % 10 < 6 THEN 'Launch' WHEN n % 10 < 8 THEN 'Agency' ELSE 'Pad' END,
    CASE WHEN n % 10 < 6 THEN (SELECT key FROM launch_keys WHERE id = n * 7 % {launches} + 1) ELSE n % 300 END,
    CASE WHEN n % 100000 = 99999 THEN 'deleted' ELSE 'changed' END,
    '{{"net":["2026-05-01T12:00:00Z","2026-05-02T12:00:00Z"],"window_end":["2026-05-01T14:00:00Z","2026-05-02T14:00:00Z"],'
    || '"last_updated":["2026-04-01T12:00:00Z","2026-04-02T12:00:00Z"]}}'
FROM place
"""
_STATES = """
INSERT OR IGNORE INTO catalogue_observedstate ("kind", "key", "since", "is_dated", "state", "first", "last", "source")
{places}
SELECT 'Launch', key, datetime(net, '-' || days || ' days'), 1,
    json_object('net', strftime('%Y-%m-%dT%H:%M:%SZ', net, '+' || moved || ' days'), 'net_precision', 1, 'status', 1,
        'window_end', strftime('%Y-%m-%dT%H:%M:%SZ', net), 'window_start', strftime('%Y-%m-%dT%H:%M:%SZ', net)),
    datetime(net, '-' || days || ' days'), datetime(net, '-' || (days - 4) || ' days'), 'https://ll.thespacedevs.com'
FROM (SELECT key, net, 200 - n * 5 AS days, (n / 3) * 2 AS moved, launch_keys.id AS id, n FROM launch_keys JOIN place)
WHERE n < CASE WHEN id % {hot} = 0 THEN 40 ELSE 4 END
"""


def measure(effort: Effort) -> Findings:
    found = Findings()
    entries = QUICK_ENTRIES if effort.quick else ENTRIES
    with catalogue_copy(1) as url:
        words = [sys.executable, "-m", "benchmarks.works.ledger", str(entries), str(effort.rounds)]
        done = subprocess.run(
            words,
            env={**os.environ, **SETTINGS, "DATABASE_URL": url, "LAUNCHLEDGER_ALLOWED_HOSTS": "*"},
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    for line in done.stdout.splitlines():
        name, value, unit, bar = line.split("\t")
        if bar:
            found.within(name, float(value), unit, float(bar))
        else:
            found.record(Figure(name, float(value), unit))
    return found


def _fill(entries: int) -> str:
    """Write a journal of so many entries and the states of all launches; returns the id of a launch that was watched closely."""
    from django.db import connection

    with connection.cursor() as cursor:
        raw = cursor.connection
        raw.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; "
            "CREATE TEMP TABLE launch_keys AS SELECT row_number() OVER (ORDER BY id) AS id, id AS key, net FROM catalogue_launch "
            "WHERE net IS NOT NULL; CREATE UNIQUE INDEX temp.by_id ON launch_keys (id);"
        )
        launches = raw.execute("SELECT count(*) FROM launch_keys").fetchone()[0]
        raw.execute(_JOURNAL.format(places=_PLACES.format(many=entries), launches=launches))
        raw.execute(_STATES.format(places=_PLACES.format(many=40), hot=HOT))
        raw.commit()
        raw.executescript("ANALYZE; PRAGMA journal_mode = WAL;")
        _print("states of launches", raw.execute("SELECT count(*) FROM catalogue_observedstate").fetchone()[0], "rows")
        return str(raw.execute("SELECT key FROM launch_keys WHERE id = 30 * ?", [HOT]).fetchone()[0])


def _print(name: str, value: float, unit: str, bar: float | None = None) -> None:
    print(name, value, unit, "" if bar is None else bar, sep="\t")


def _cpu(application: object, path: str, asked: Iterable[int]) -> float:
    """Milliseconds of CPU for a request, the median."""
    from tests.support.wsgi import ask  # once Django is set up

    times = []
    for number in asked:
        begin = process_time()
        reply = ask(application, f"{path}{'&' if '?' in path else '?'}asked={number}")
        times.append(process_time() - begin)
        if reply.status != 200:
            raise RuntimeError(f"{path} answered {reply.status}")
    return 1_000 * median(times)


def main(entries: int, rounds: int) -> None:
    import django

    django.setup()
    launch = _fill(entries)
    from launchledger.site.wsgi import application

    middle = entries // 2
    for name, path in (
        ("page of changes", f"/ledger/changes/?since={middle}"),
        ("page of changes of one launch", f"/ledger/changes/?resource=launch&id={launch}"),
        ("history of a launch", f"/ledger/launch/{launch}/history/"),
        ("history of a launch, nested", f"/ledger/launch/{launch}/history/?nested=true"),
        ("slips of a launch", f"/ledger/launch/{launch}/slips/"),
        ("page of changes since a time", "/ledger/changes/?at__gte=2023-06-01"),
        ("page of net changes of launches", f"/ledger/changes/?since={middle}&resource=launch&column=net"),
    ):
        _print(name, _cpu(application, path, range(10 * rounds)), "ms CPU", PAGE_BAR)
    _print("page of 100 changes", _cpu(application, f"/ledger/changes/?since={middle}&limit=100", range(10 * rounds)), "ms CPU")
    _print(
        "page with a filter that matches nothing", _cpu(application, "/ledger/changes/?source=nobody", range(rounds)), "ms CPU"
    )
    for by in ("provider", "configuration", "pad", "year"):
        _print(f"slips by {by}, cold", _cpu(application, f"/ledger/slips/{by}/", range(rounds)), "ms CPU", GROUPS_BAR)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
