"""`python -m benchmarks [NAME...]`: run the benchmarks (all of them unless named) on SQLite and print what they measured."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks import loading, rendering
from benchmarks.measuring import Figure, keep

BENCHMARKS = {"loading": loading.measure, "rendering": rendering.measure}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _set_up_django(folder)
        for benchmark in names or BENCHMARKS:
            print(f"\n{benchmark}", flush=True)
            figures: list[Figure] = BENCHMARKS[benchmark](folder)
            for figure in figures:
                print(f"  {figure}", flush=True)
            print(f"  kept in {keep(benchmark, figures).relative_to(Path.cwd())}")
    return 0


def _set_up_django(folder: Path) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'benchmark.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchledger.conf.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
