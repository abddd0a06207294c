#!/usr/bin/env python3
"""Check that files are short enough to read: exit status 1 when a Python file is longer than HARD_LIMIT lines.

Migrations, which Django writes, are not counted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src", "tests", "tools", "benchmarks")
SOFT_LIMIT = 300
HARD_LIMIT = 500


def main() -> int:
    lengths = {
        file.relative_to(ROOT): len(file.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in file.parts
    }
    for file, length in lengths.items():
        if length > HARD_LIMIT:
            print(f"{file}: {length} lines; at most {HARD_LIMIT} are allowed, split it", file=sys.stderr)
        elif length > SOFT_LIMIT:
            print(f"{file}: {length} lines, more than {SOFT_LIMIT} (a warning)")
    counted = [length for length in lengths.values() if length]
    longest, p90 = max(counted), quantiles(counted, n=10)[-1]
    print(f"{len(counted)} Python files: median {median(counted):.0f} lines, p90 {p90:.0f}, longest {longest}")
    return int(longest > HARD_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
