"""Field cases of loading: what people's shells leave around good replies. Nothing is passed over in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from launchledger.catalogue.models.agencies import Agency
from tests.field.cases import KEPT, agency, file_of, load, needs_kept_cases, page

pytestmark = pytest.mark.django_db

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/json\nAllow: GET\n\n"


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
