"""Loading files into the catalogue, in batches that are each whole or not there at all.

Promises: what is bad is refused by itself, and the rest goes on; loading the same again changes nothing; killed at any moment, the
catalogue holds whole batches, and loading again completes it.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from launchledger.catalogue.actions import Observation, observe
from launchledger.contract.formats import parse_date_time
from launchledger.contract.reader import Record, Refusal, read
from launchledger.contract.resources import RESOURCE_OF_MODEL
from launchledger.ingest.objects import model_told_by, resource_of_file, resource_of_request
from launchledger.ingest.reading import Item, newest_update, read_items

BATCH_OBJECTS = 50
BATCH_RECORDS = 3_000  # whichever comes first; a batch is one transaction, and writers wait for each other
REFUSED = "refused"
STANDARD_INPUT = "-"
_SPOOL = 8 * 1024 * 1024  # bytes of standard input kept in memory before a temporary file takes over


@dataclass(frozen=True, slots=True)
class Complaint:
    """One object, or one file, that was refused."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.reason}"


@dataclass(slots=True)
class Report:
    """What loading did: outcomes counted by resource, complaints, and the keys that were not understood with an example of where."""

    outcomes: defaultdict[str, Counter[str]] = default(default_factory=lambda: defaultdict(Counter))
    not_understood: dict[tuple[str, str], str] = default(default_factory=dict)
    not_understood_counts: Counter[tuple[str, str]] = default(default_factory=Counter)
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Instructions:
    """How to load: `resource` speaks for objects without an address, `observed_at` replaces the time that replies tell."""

    resource: str = ""
    observed_at: datetime | None = None


def files_in(paths: Sequence[str]) -> Iterator[Path | str]:
    """The files meant by these paths, folders entered in the order of names; "-" is standard input."""
    for path in paths:
        if path == STANDARD_INPUT:
            yield path
        elif Path(path).is_dir():
            yield from sorted(file for file in Path(path).rglob("*") if file.is_file() and not file.name.startswith("."))
        else:
            yield Path(path)


class Loader:
    """Loads files one after another; `complain` is called for each refusal as it is met, `progress` with the bytes read of a file."""

    def __init__(
        self,
        instructions: Instructions,
        complain: Callable[[Complaint], None] = lambda complaint: None,
        progress: Callable[[int], None] = lambda place: None,
    ) -> None:
        self._instructions = instructions
        self._complain = complain
        self._progress = progress
        self._batch: list[tuple[str, Observation]] = []
        self._records = 0
        self.report = Report()

    def load(self, file: Path | str, standard_input: BinaryIO | None = None) -> None:
        """Load one file; what cannot be opened is a complaint like any other."""
        name = "standard input" if isinstance(file, str) else str(file)
        try:
            with _opened(file, standard_input) as (stream, modified):
                self._load_stream(name, stream, modified, "" if isinstance(file, str) else resource_of_file(file))
        except OSError as error:
            self._refuse(name, "$", f"cannot be read: {error.strerror or error}", "")
        finally:
            self._flush()

    def _load_stream(self, name: str, stream: BinaryIO, modified: datetime, resource_of_name: str) -> None:
        page_time: datetime | None = None
        for item in read_items(stream):
            self._progress(stream.tell())
            resource = self._instructions.resource or resource_of_request(item.request) or resource_of_name
            if item.refusal:
                self._refuse(name, item.refusal.path, item.refusal.reason, resource)
                continue
            if item.in_page and page_time is None:
                page_time = newest_update(stream) or modified
            self._take(name, item, resource, page_time or modified)

    def _take(self, name: str, item: Item, resource: str, otherwise: datetime) -> None:
        try:
            model = model_told_by(item.body, resource)
            records = read(model, item.body)
        except Refusal as refusal:
            self._refuse(name, item.path + refusal.path.removeprefix("$"), refusal.reason, resource)
            return
        at = self._instructions.observed_at or (otherwise if item.in_page else newest_in(item.body) or otherwise)
        self._remember_unknown_keys(name, item.path, records)
        self._batch.append((RESOURCE_OF_MODEL[model], Observation(records, f"file:{Path(name).name}", at)))
        self._records += len(records)
        if len(self._batch) >= BATCH_OBJECTS or self._records >= BATCH_RECORDS:
            self._flush()

    def _flush(self) -> None:
        outcomes = observe([observation for _, observation in self._batch]) if self._batch else []
        for (resource, _), outcome in zip(self._batch, outcomes, strict=True):
            self.report.outcomes[resource][outcome] += 1
        self._batch.clear()
        self._records = 0

    def _refuse(self, name: str, path: str, reason: str, resource: str) -> None:
        self.report.refusals += 1
        self.report.outcomes[resource or "?"][REFUSED] += 1
        self._complain(Complaint(name, path, reason))

    def _remember_unknown_keys(self, name: str, path: str, records: Sequence[Record]) -> None:
        for record in records:
            for key in record.not_understood:
                self.report.not_understood.setdefault((record.model, key), f"{name}: {path}")
                self.report.not_understood_counts[record.model, key] += 1


def newest_in(body: Any) -> datetime | None:
    """The newest `last_updated` in one object, None when there is none. Call it on an object that was read."""
    newest: datetime | None = None
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            stamp = value.get("last_updated")
            if isinstance(stamp, str):
                try:
                    moment = parse_date_time(stamp)
                except ValueError:
                    continue  # under a key that no shape knows, where anything may stand
                newest = max(newest or moment, moment)
    return newest


@contextmanager
def _opened(file: Path | str, standard_input: BinaryIO | None) -> Iterator[tuple[BinaryIO, datetime]]:
    """A stream that can be sought in, and when it was last modified (now, for standard input)."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            yield stream, datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
        return
    if standard_input is None:
        raise OSError("there is no standard input")
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spooled:
        while chunk := standard_input.read(1024 * 1024):
            spooled.write(chunk)
        spooled.seek(0)
        yield spooled, datetime.now(UTC).replace(microsecond=0)  # type: ignore[misc]
