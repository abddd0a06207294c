"""Memory is bounded by the largest object that is allowed, not by the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from launchledger.ingest.windows import LARGEST_VALUE
from tests.support.bodies import agency, launch

MEGABYTE = 1024**2
READING = """
import resource, sys
from launchledger.wire.reader import Refusal
from launchledger.ingest.objects import identify
from launchledger.ingest.reading import read_items

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

before = peak()
for item in read_items(open(sys.argv[1], "rb")):
    try:
        wire, model = identify(item.body, "")
        wire.reader.read(model, item.body)
    except Refusal:
        pass
print(peak() - before)
"""


def growth(file: Path) -> float:
    """How many megabytes reading a file takes beyond the program itself, at the most: in a process of its own."""
    done = subprocess.run([sys.executable, "-c", READING, str(file)], capture_output=True, text=True, check=True)
    return int(done.stdout) / MEGABYTE


@pytest.mark.parametrize("form", ["page", "array", "lines"])
def test_a_large_file_takes_no_more_than_a_small_one(tmp_path: Path, form: str) -> None:
    """Some 60 MB of launches take a few MB, in any form."""
    file = tmp_path / "large.json"
    between = "\n" if form == "lines" else ","
    start, end = {"page": ('{"results":[', "]}"), "array": ("[", "]"), "lines": ("", "")}[form]
    some = between.join([json.dumps(launch())] * 1_000)
    with file.open("w", encoding="utf-8") as stream:
        stream.write(start + between.join([some] * 30) + end)
    assert file.stat().st_size > 50 * MEGABYTE
    assert growth(file) < 25


@pytest.mark.parametrize(
    "dense",
    [
        '"a":' + "[" + "[]," * 4_000_000 + "[]]",
        '"a":"' + "x" * 40_000_000 + '"',
        ",".join(f'"{number}":{{}}' for number in range(600_000)),
    ],
    ids=["arrays", "text", "keys"],
)
def test_a_hostile_object_takes_no_more_than_is_allowed(tmp_path: Path, dense: str) -> None:
    """An object of several times that size, made to take as much memory as JSON can, is refused long before it is read."""
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps(agency())[:-1] + "," + dense + "}", encoding="utf-8")
    assert growth(file) < 45 * LARGEST_VALUE / MEGABYTE
