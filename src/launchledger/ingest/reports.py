"""The report of a load: outcomes counted by resource, refused objects, and keys that were not understood."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as default

from launchledger.catalogue.records import Record
from launchledger.formats.texts import printable

REFUSED = "refused"
OTHER_KEYS = "..."
MOST_KEYS = 1_000
_UNKNOWN = "?"  # for objects that were refused before their resource was known


@dataclass(frozen=True, slots=True)
class Complaint:
    """One object, or one file, that was refused: where it came from, the JSON path in it, and why."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        return printable(f"{self.file}: {self.path}: {self.reason}")


@dataclass(slots=True)
class Report:
    """Outcomes counted by resource, and the keys that were not understood, each with its first place.

    At most MOST_KEYS are counted separately; those beyond are counted under OTHER_KEYS of their model.
    """

    outcomes: defaultdict[str, Counter[str]] = default(default_factory=lambda: defaultdict(Counter))
    not_understood: dict[tuple[str, str], str] = default(default_factory=dict)
    not_understood_counts: Counter[tuple[str, str]] = default(default_factory=Counter)
    refusals: int = 0

    def count(self, resource: str, outcome: str) -> None:
        self.outcomes[resource][outcome] += 1

    def count_refusal(self, resource: str) -> None:
        self.refusals += 1
        self.count(resource or _UNKNOWN, REFUSED)

    def count_unknown_keys(self, place: str, records: Sequence[Record]) -> None:
        """Count the keys of these records that were not understood; `place` is where they came from."""
        for record in records:
            for key in _unknown_keys(record):
                found = (record.model, key)
                if found not in self.not_understood and len(self.not_understood) >= MOST_KEYS:
                    found = (record.model, OTHER_KEYS)
                self.not_understood.setdefault(found, place)
                self.not_understood_counts[found] += 1


def _unknown_keys(record: Record) -> Iterator[str]:
    yield from record.not_understood
    for name, members in record.owned.items():
        for member in members:
            yield from (f"{name}.{key}" for key in member.get("not_understood", ()))
