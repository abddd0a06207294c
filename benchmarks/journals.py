"""A catalogue with a journal of five years, and the states of launches as a mirror sees them; cached in `.bench/`.

Rows are written by SQL, as fast as SQLite can: observing two million changes would take days. The journal's index is made last.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.catalogues import CACHE, catalogue_file

HOT = 6  # one launch in so many was watched closely, and has 40 states; the others have four
_LAUNCHES = """
CREATE TEMP TABLE launch_keys AS SELECT row_number() OVER (ORDER BY id) AS id, id AS key, net FROM catalogue_launch
WHERE net IS NOT NULL
"""
_PLACES = "WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < {many})"
# Of ten entries six are of launches: net, window and time moved. One in 100,000 deletes: deletions are rare.
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


def journal_file(entries: int) -> Path:
    """The file of the catalogue at 1x with so many entries, which is made if it does not exist."""
    catalogue = catalogue_file(1)
    form = hashlib.sha256(f"{catalogue.name} {_LAUNCHES} {_JOURNAL} {_STATES} {HOT}".encode()).hexdigest()[:12]
    file = CACHE / f"journal-{entries}-{form}.sqlite3"
    if not file.exists():
        begin = time.monotonic()
        print(f"making a journal of {entries:,} entries (once; saved in {CACHE.name}/)", flush=True)
        with TemporaryDirectory(dir=CACHE, prefix="making-") as folder:
            made = Path(folder) / "journal.sqlite3"
            shutil.copyfile(catalogue, made)
            _fill(made, entries)
            made.rename(file)
        print(f"  {file.stat().st_size / 1e6:,.0f} MB in {time.monotonic() - begin:.0f} s", flush=True)
    return file


def watched_launch(file: Path) -> str:
    """The id of a launch that was watched closely, and has entries."""
    connection = sqlite3.connect(file)
    try:
        found = connection.execute(
            "SELECT key FROM catalogue_observedstate AS known GROUP BY key HAVING count(*) > 30 AND EXISTS "
            "(SELECT 1 FROM journal_entry AS entry WHERE entry.kind = 'Launch' AND entry.key = known.key) LIMIT 1"
        ).fetchone()
    finally:
        connection.close()
    return str(found[0])


def _fill(file: Path, entries: int) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA temp_store = MEMORY;"
        )
        connection.execute(_LAUNCHES)
        connection.execute("CREATE UNIQUE INDEX temp.launch_keys_id ON launch_keys (id)")
        launches = connection.execute("SELECT count(*) FROM launch_keys").fetchone()[0]
        (index,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_entry_object'").fetchone()
        connection.execute("DROP INDEX journal_entry_object")
        connection.execute(_JOURNAL.format(places=_PLACES.format(many=entries), launches=launches))
        connection.execute(index)
        connection.execute(_STATES.format(places=_PLACES.format(many=40), hot=HOT))
        connection.execute("ANALYZE")  # which the server would do by itself, a minute later
    finally:
        connection.close()
