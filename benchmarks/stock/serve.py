"""`python -m benchmarks.stock.serve PORT`: the compared server, run by the same program and with the same threads as ours."""

from __future__ import annotations

import os
import sys

from granian import Granian
from granian.constants import Interfaces


def main(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.stock.settings"
    server = Granian(
        "benchmarks.stock.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        websockets=False,
        log_access=False,
        log_enabled=False,
    )
    server.serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
