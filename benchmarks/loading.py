"""`launchledger load`: objects a second, and memory for files of growing size."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.generating import Generator
from benchmarks.measuring import Figure, run_process

SIZES = (1_000, 4_000)  # detailed launches in a file
LEAST_RATE = 100  # top-level objects a second
MOST_MEMORY = 300_000_000  # bytes


def measure(folder: Path) -> list[Figure]:
    figures = []
    for size in SIZES:
        file = _write(folder, size)
        database = f"sqlite:///{folder / f'load-{size}.sqlite3'}"
        start_up = run_process(["load", str(_write(folder, 0))], database)  # creates the tables, too
        idle = run_process(["load", str(_write(folder, 0))], database)
        first, again = (run_process(["load", str(file)], database) for _ in range(2))
        megabytes = file.stat().st_size / 1_000_000
        rate = size / (first.wall - idle.wall)
        name = f"load {size:,} detailed launches ({megabytes:.0f} MB)"
        figures += [
            Figure(name, rate, "objects/s", f"≥ {LEAST_RATE}", rate >= LEAST_RATE),
            Figure(f"{name}, again", size / (again.wall - idle.wall), "objects/s"),
            Figure(f"{name}, peak memory", first.peak / 1e6, "MB", f"< {MOST_MEMORY // 10**6}", first.peak < MOST_MEMORY),
        ]
        if size == SIZES[0]:
            figures.append(Figure("start with an empty database, which creates the tables", start_up.wall, "s"))
            figures.append(Figure("start with existing tables", idle.wall, "s"))
    return figures


def _write(folder: Path, size: int) -> Path:
    """A file of detailed launches, written one by one so that the benchmark itself needs little memory."""
    file = folder / f"launches-{size}.json"
    generator = Generator()
    with file.open("w", encoding="utf-8") as out:
        out.write("[")
        for number in range(size):
            out.write(",\n" if number else "\n")
            json.dump(generator.make("LaunchDetailed", number + 1), out, ensure_ascii=False)
        out.write("]\n")
    return file
