"""Field cases of loading: what people's shells leave around good replies. Nothing is passed over in silence."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from launchledger.catalogue.models.agencies import Agency
from launchledger.catalogue.models.launches import Mission
from launchledger.zstandard import zstd
from tests.field.cases import KEPT, agency, file_of, load, needs_kept_cases, page
from tests.support.bodies import HOST, VOSTOK_1

pytestmark = pytest.mark.django_db

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/json\nAllow: GET\n\n"
MONDAY, TUESDAY = datetime(2025, 5, 3, 19, 27, 48, tzinfo=UTC), datetime(2025, 5, 4, 19, 27, 48, tzinfo=UTC)


def _agencies() -> list[int]:
    return list(Agency.objects.order_by("pk").values_list("pk", flat=True))


def _replies_with_heads(folder: Path) -> Path:
    return file_of(folder, "replies.txt", *(HEAD + json.dumps(page(agency(key))) for key in (11, 12, 13)))


def _null_between(folder: Path) -> Path:
    return file_of(folder, "pages.jsonl", page(agency(1)), "null", page(agency(2)), page(agency(3)))


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_replies_with_heads_one_after_another(tmp_path: Path, kept: bool) -> None:
    """`curl -i` thrice into one file: all three are loaded, or status 1 and a line says what was not."""
    result = load(KEPT / "load-replies-with-headers.txt" if kept else _replies_with_heads(tmp_path))
    if len(_agencies()) < 3:
        assert result.exit_code == 1
        assert result.stderr
    else:
        assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_null_between_pages(tmp_path: Path, kept: bool) -> None:
    """A line with null is refused by itself; the lines before and after it are loaded."""
    file = KEPT / "load-null-between-pages.jsonl" if kept else _null_between(tmp_path)
    result = load(file)
    assert _agencies() == [1, 2, 3]
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(f"{file}: line 2: ")


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_an_array_of_pages(tmp_path: Path, kept: bool) -> None:
    """`jq -s` over pages: both agencies are loaded."""
    result = load(
        KEPT / "load-array-of-pages.json" if kept else file_of(tmp_path, "all.json", [page(agency(1)), page(agency(2))])
    )
    assert (result.exit_code, len(_agencies())) == (0, 2)


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_an_address_below_a_prefix(tmp_path: Path, kept: bool) -> None:
    """A mirror in a folder of a host whose name has an underscore."""
    body = {**agency(25), "url": "http://our_mirror:8080/space/2.2.0/agencies/25/"}
    result = load(KEPT / "load-address-below-a-prefix.json" if kept else file_of(tmp_path, "agency.json", body))
    assert (result.exit_code, len(_agencies())) == (0, 1)


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_an_id_that_has_no_address(client: Client, tmp_path: Path, kept: bool) -> None:
    """Refused, or answered at its own address."""
    result = load(KEPT / "load-negative-id.json" if kept else file_of(tmp_path, "page.json", page(agency(-2))))
    addresses = [found["url"] for found in client.get("/2.2.0/agencies/").json()["results"]]
    assert all(client.get(address).status_code == 200 for address in addresses)
    if not addresses:
        assert result.exit_code == 1
        assert result.stderr


def _told_twice(folder: Path) -> list[Path]:
    """One launch as seen on two days, of which only its mission's text differs, not its `last_updated`."""
    files = []
    for day, text in (("monday", "A batch of satellites."), ("tuesday", "A batch of 28 satellites.")):
        mission = {"id": 7, "name": "M", "description": text}
        told = {
            "name": "Rocket | Seven",
            "last_updated": "2025-05-03T18:50:50Z",
            "net": "2030-01-01T00:00:00Z",
            "mission": mission,
        }
        files.append(file_of(folder, f"{day}.json", page({"id": VOSTOK_1, "url": f"{HOST}/launch/{VOSTOK_1}/", **told})))
    return files


@pytest.mark.parametrize("order", list(permutations((0, 1))))
@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_the_later_of_two_observations_wins(tmp_path: Path, kept: bool, order: tuple[int, int]) -> None:
    """In whatever order they are loaded, and the later is no repetition of the earlier."""
    if kept:
        names = ("load-tie-1-monday.json", "load-tie-2-tuesday.json")
        files = [file_of(tmp_path, name, (KEPT / name).read_text(encoding="utf-8")) for name in names]
    else:
        files = _told_twice(tmp_path)
    for file, seen in zip(files, (MONDAY, TUESDAY), strict=True):
        os.utime(file, (seen.timestamp(), seen.timestamp()))
    results: list[Any] = [load(files[number]) for number in order]
    assert [result.exit_code for result in results] == [0, 0]
    assert Mission.objects.get().description == "A batch of 28 satellites."
    if order == (0, 1):
        assert results[1].stdout.splitlines()[-1].split() == ["launch", "0", "1", "0", "0"]


@pytest.mark.parametrize("kept", [False, pytest.param(True, marks=needs_kept_cases)])
def test_a_linked_folder(tmp_path: Path, kept: bool) -> None:
    """Loaded, or named as left out."""
    (replies := tmp_path / "replies").mkdir()
    (elsewhere := tmp_path / "elsewhere").mkdir()
    body = (KEPT / "load-address-below-a-prefix.json").read_text(encoding="utf-8") if kept else agency(5)
    file_of(elsewhere, "agency.json", body)
    (replies / "2024").symlink_to(elsewhere, target_is_directory=True)
    result = load(replies)
    if not _agencies():
        assert result.exit_code == 1
        assert str(replies / "2024") in result.stderr


def test_a_checkout_does_not_make_old_facts_new(tmp_path: Path) -> None:
    """Every file has the time of the checkout: a list of 2021 that tells no time does not overwrite a reply of 2026."""
    new = agency(5) | {"name": "Name of 2026", "last_updated": "2026-07-15T00:00:00Z"}
    files = [file_of(tmp_path, "2026.json", new), file_of(tmp_path, "2021.json", page(agency(5), agency(6)))]
    for file in files:
        os.utime(file, (TUESDAY.timestamp(), TUESDAY.timestamp()))
    result = load(*files)
    assert result.exit_code == 0
    assert Agency.objects.get(pk=5).name == "Name of 2026"
    assert "--observed-at TIME" in result.stderr
    assert load("--dates-in-names", "%Y", tmp_path).exit_code == 2


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_compressed_files(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Read as if they were not."""
    (tmp_path / "agencies.json.x").write_bytes(pack(json.dumps(page(agency(5), agency(6))).encode()))
    assert load(tmp_path).exit_code == 0
    assert _agencies() == [5, 6]
