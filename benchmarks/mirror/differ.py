"""`python -m benchmarks.mirror.differ URL`: the objects in which the catalogue of DATABASE_URL and a sandbox differ, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

from benchmarks.mirror.control import Control
from benchmarks.processes import Tree


def main(url: str) -> None:
    django.setup()
    from benchmarks.mirror.judging import differences

    print(json.dumps(differences(Control(url, Tree(), Path()))))


if __name__ == "__main__":
    main(sys.argv[1])
