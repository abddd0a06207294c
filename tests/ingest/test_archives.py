"""Compressed files: their content is read like that of other files, within a bound."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from launchledger.ingest import archives
from launchledger.ingest.archives import unpacked
from launchledger.zstandard import zstd
from tests.ingest.test_bad_files import GOOD, load, loaded
from tests.support.bodies import agency

Pack = Callable[[bytes], bytes]
of_each_form = pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
TEXT = b"".join(json.dumps(agency(number)).encode() + b"\n" for number in range(1, 101))
NOISE = random.Random(1).randbytes(600_000)


def read(packed: bytes) -> tuple[bytes, str]:
    with unpacked(BytesIO(packed)) as content:
        return content.stream.read(), content.reason


@of_each_form
def test_whole_files(pack: Pack) -> None:
    """One member or several, with padding behind, or with nothing in it."""
    assert read(pack(TEXT)) == (TEXT, "")
    assert read(pack(TEXT) + pack(NOISE)) == (TEXT + NOISE, "")
    assert read(pack(TEXT) + b"\0" * 100_000 + pack(TEXT) + b"\0") == (TEXT + TEXT, "")
    assert read(pack(b"")) == (b"", "")
    assert read(TEXT) == (TEXT, "")


@of_each_form
def test_files_that_are_cut_short(pack: Pack) -> None:
    """The content before that is read, except the last block."""
    packed = pack(NOISE)
    for length in (4, 40, len(packed) // 2, len(packed) - 1):
        text, reason = read(packed[:length])
        assert NOISE.startswith(text)
        assert len(text) >= length - 140_000
        assert "is cut short" in reason


@of_each_form
def test_files_that_are_damaged(pack: Pack) -> None:
    """After a good member, that member is read whole."""
    text, reason = read(pack(TEXT) + b"something else")
    assert text == TEXT
    assert "is damaged" in reason


def test_a_checksum_that_does_not_hold() -> None:
    """The content is read with a warning: most of it is right."""
    packed = bytearray(gzip.compress(TEXT))
    packed[-8] ^= 1
    text, reason = read(bytes(packed))
    assert TEXT.startswith(text)
    assert "is damaged" in reason


@of_each_form
def test_what_is_unpacked_is_bounded(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that would fill the disk is refused."""
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 10_000_000)
    assert len(pack(b" " * 10_000_001)) < 12_000
    assert read(pack(b" " * 10_000_000)) == (b" " * 10_000_000, "")
    with pytest.raises(OSError, match="unpacks to more than"):
        read(pack(b" " * 10_000_001))


@pytest.mark.django_db
class TestLoading:
    """The same rules in the catalogue after loading."""

    @of_each_form
    @pytest.mark.parametrize("name", ["agencies.json.gz", "agencies.json.zst", "agencies.json"])
    def test_any_name(self, tmp_path: Path, pack: Pack, name: str) -> None:
        """The first bytes decide, not the name."""
        (tmp_path / name).write_bytes(pack(TEXT))
        assert load(tmp_path / name) == []
        assert loaded() == set(range(1, 101))

    @of_each_form
    def test_the_readable_part_is_loaded(self, tmp_path: Path, pack: Pack) -> None:
        """And the damage is reported."""
        file = tmp_path / "a.json"
        lines = [json.dumps({**agency(number), "noise": os.urandom(50_000).hex()}).encode() for number in range(1, 21)]
        file.write_bytes(pack(b"\n".join(lines))[:500_000])
        complaints = load(file)
        assert any(": $: is a " in each and each.endswith("is cut short; the part before that was read") for each in complaints)
        assert loaded() >= set(range(1, 7))

    @of_each_form
    def test_archives_in_archives(self, tmp_path: Path, pack: Pack) -> None:
        """They are not unpacked again."""
        file = tmp_path / "a.json"
        file.write_bytes(pack(pack(GOOD)))
        (complaint,) = load(file)
        assert "archive inside another" in complaint

    def test_too_much(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing of it is loaded."""
        monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1_000)
        file = tmp_path / "a.json"
        file.write_bytes(gzip.compress(GOOD + b" " * 1_000))
        (complaint,) = load(file)
        assert complaint.endswith("$: cannot be read: unpacks to more than 0 GB; unpack it and load it in parts")
        assert loaded() == set()
