"""`python -m benchmarks.mirror.editor ID`: renames this agency in the catalogue of DATABASE_URL, once for each line on stdin.

The line is the name; the same line comes back when the change is committed.
"""

from __future__ import annotations

import sys

import django


def main(key: int) -> None:
    django.setup()
    from launchledger import clock
    from launchledger.sandbox.changes import Changer, parse_change

    changer = Changer()
    for line in sys.stdin:
        name = line.strip()
        changer.make(parse_change({"resource": "agencies", "id": key, "set": {"name": name}}), clock.now())
        print(name, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
