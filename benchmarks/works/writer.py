"""`python -m benchmarks.works.writer`: observe a launch anew every 100 ms; prints `committed` after each.

The launches are those of the flights that are being read, one after another, so each commit changes served bytes.
"""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime

import django

PERIOD = 0.1  # seconds
MARK = "observed while reading"


def main() -> None:
    django.setup()
    from launchledger.catalogue.actions import Observation, observe
    from launchledger.catalogue.models.spacecraft import SpacecraftFlight
    from launchledger.documents.renderer import Address
    from launchledger.documents.rendering import render
    from launchledger.formats.encoding import decode, encode
    from launchledger.wire.v2_2_0 import WIRE

    flights = SpacecraftFlight.objects.order_by("pk").values_list("launch", flat=True)
    launches = list(flights[:: max(1, len(flights) // 100)])
    shape = WIRE.shapes["LaunchSerializerCommon"]
    due = time.monotonic()
    for number, launch in enumerate(itertools.cycle(launches)):
        body = decode(encode(render(shape, [launch], Address("http://127.0.0.1/2.2.0/", "/"))[0]))
        body["hashtag"] = f"{MARK} {number} {time.time()}"
        observe([Observation(WIRE.reader.read("Launch", body), "benchmark", datetime.now(UTC))])
        print("committed", flush=True)
        due += PERIOD
        time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    main()
