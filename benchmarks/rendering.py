"""Replies rendered from rows: CPU time of rendering alone, and of the whole request through the framework."""

from __future__ import annotations

import itertools
from pathlib import Path

from benchmarks.generating import Generator
from benchmarks.measuring import Figure, cpu_median

FLIGHTS = 400
DETAIL_BAR = 600  # microseconds of CPU for one detail rendered from rows


def measure(_folder: Path) -> list[Figure]:
    """Runs in this process: Django must be set up, on an empty database with tables."""
    from django.test import Client

    from launchledger.catalogue.actions import Observation, observe
    from launchledger.catalogue.queries.snapshots import snapshot
    from launchledger.documents.renderer import Address
    from launchledger.documents.rendering import render
    from launchledger.formats.encoding import encode
    from launchledger.formats.times import parse_date_time
    from launchledger.wire.v2_2_0 import WIRE

    at = parse_date_time("2025-01-01T00:00:00Z")
    generator = Generator()
    launches = []
    for start in range(1, FLIGHTS + 1, 50):
        bodies = [generator.make("LaunchDetailed", number) for number in range(start, start + 50)]
        launches += [body["id"] for body in bodies]
        flights = [generator.make("SpacecraftFlightDetailed", number) for number in range(start, start + 50)]
        batch = [("Launch", body) for body in bodies] + [("SpacecraftFlight", body) for body in flights]
        observe([Observation(WIRE.reader.read(model, body), "benchmark", at) for model, body in batch])
    address = Address("http://127.0.0.1:8000/2.2.0/", "/")
    client = Client()
    numbers, uuids = itertools.cycle(range(1, FLIGHTS + 1)), itertools.cycle(launches)

    def rows(shape: str, keys: list[int | str]) -> bytes:
        with snapshot():
            return encode(render(WIRE.shapes[shape], keys, address))

    def request(path: str) -> None:
        assert client.get(path).status_code == 200

    flight_detail = cpu_median(lambda: rows("SpacecraftFlightDetailed", [next(numbers)]), times=200) * 1e6
    launch_detail = cpu_median(lambda: rows("LaunchDetailed", [next(uuids)]), times=200) * 1e6
    hundred = list(range(1, 101))
    return [
        Figure("flight detail from rows", flight_detail, "us CPU", f"≤ {DETAIL_BAR}", flight_detail <= DETAIL_BAR),
        Figure("launch detail from rows", launch_detail, "us CPU"),
        Figure(
            "100 detailed flights from rows",
            cpu_median(lambda: rows("SpacecraftFlightDetailed", [*hundred]), times=5) * 1e3,
            "ms CPU",
        ),
        Figure(
            "100 detailed launches from rows", cpu_median(lambda: rows("LaunchDetailed", launches[:100]), times=5) * 1e3, "ms CPU"
        ),
        Figure(
            "flight detail, whole request",
            cpu_median(lambda: request(f"/2.2.0/spacecraft/flight/{next(numbers)}/"), times=100) * 1e6,
            "us CPU",
        ),
        Figure(
            "list of 10 flights, whole request",
            cpu_median(lambda: request("/2.2.0/spacecraft/flight/"), times=50) * 1e3,
            "ms CPU",
        ),
        Figure(
            "list of 100 detailed flights, whole request",
            cpu_median(lambda: request("/2.2.0/spacecraft/flight/?limit=100&mode=detailed"), times=5) * 1e3,
            "ms CPU",
        ),
    ]
