"""Generated catalogues, cached between runs in `.bench/`: one file for each scale, seed, "now" and form of the tables.

A run works on a copy, so that nothing that a server writes (documents, clocks) reaches the next run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".bench"
SEED = 1
SETTINGS = {"DJANGO_SETTINGS_MODULE": "launchledger.conf.settings"}


def this_year() -> datetime:
    """The "now" of a catalogue: the beginning of this year, so that some of its launches are always ahead."""
    return datetime(datetime.now(UTC).year, 1, 1, tzinfo=UTC)


def catalogue_file(scale: float, seed: int = SEED) -> Path:
    """The file of the catalogue of this scale, which is made if it does not exist."""
    now = this_year()
    file = CACHE / f"catalogue-{scale:g}x-seed{seed}-{now:%Y-%m-%d}-{_form()}.sqlite3"
    if not file.exists():
        CACHE.mkdir(exist_ok=True)
        begin = time.monotonic()
        print(f"making the catalogue of {scale:g}x (once; saved in {CACHE.name}/)", flush=True)
        with TemporaryDirectory(dir=CACHE, prefix="making-") as folder:
            made = Path(folder) / "catalogue.sqlite3"
            make(f"sqlite:///{made}", scale, seed)
            made.rename(file)
        print(f"  {file.stat().st_size / 1e6:,.0f} MB in {time.monotonic() - begin:.0f} s", flush=True)
    return file


@contextmanager
def catalogue_copy(scale: float) -> Iterator[str]:
    """The DATABASE_URL of a copy of that catalogue, which is deleted afterwards."""
    source = catalogue_file(scale)
    with TemporaryDirectory(dir=CACHE, prefix="run-") as folder:
        file = Path(folder) / "catalogue.sqlite3"
        shutil.copyfile(source, file)
        yield f"sqlite:///{file}"


def make(url: str, scale: float, seed: int = SEED) -> None:
    """Make the tables of an empty database and fill them, in a process of its own; raises RuntimeError if that fails."""
    words = [sys.executable, "-m", "benchmarks.tables.make", str(scale), str(seed), this_year().isoformat()]
    done = subprocess.run(words, env={**os.environ, **SETTINGS, "DATABASE_URL": url}, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"the catalogue of {scale:g}x could not be made; the error is printed above")


def _form() -> str:
    """A digest of the migrations and the generator, which decide a catalogue's form."""
    digest = hashlib.sha256()
    for file in sorted([*ROOT.glob("src/launchledger/*/migrations/*.py"), *(Path(__file__).parent / "tables").glob("*.py")]):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]
