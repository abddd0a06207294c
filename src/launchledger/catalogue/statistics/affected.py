"""Which numbers a change affects: from rows that changed to the rows whose numbers depend on them.

Promise: only rows that a change leads to are looked up, each by an index. All but what `Scope.LATER` adds follows from what the
families depend on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime

from django.db.models import DateTimeField, Model, Q

from launchledger.catalogue.models.launches import Launch, Mission, Pad
from launchledger.catalogue.models.listed import is_listed
from launchledger.catalogue.statistics.flying import OPEN_ENDED, TRUSTED, today
from launchledger.catalogue.statistics.numbers import FAMILIES, Family, Scope
from launchledger.catalogue.statistics.paths import CHUNK, Dependencies
from launchledger.catalogue.statistics.reading import Key, chunks, rows_of

_ALL = Q()


_DEPENDENCIES = Dependencies(
    followed=[(family.model, family.depends_on) for family in FAMILIES if family.scope is Scope.PATHS],
    watched=[(family.model, family.depends_on) for family in FAMILIES if family.scope is Scope.LATER],
)
# The columns that numbers depend on; and for a relation or a list the model that it leads to, if the numbers of the rows that it
# led to before, and leads to now, are affected.
WATCHED: Mapping[type[Model], Mapping[str, type[Model] | None]] = _DEPENDENCIES.watched
# The columns of a launch that shift the ranks of others, in addition to a status that becomes known.
MOVING = frozenset(
    path.split(".")[0] for family in FAMILIES if family.scope is Scope.LATER for path in family.depends_on if path != "status"
)
# The columns that numbers of the same row alone depend on.
OWN = {family.model: frozenset(family.depends_on) for family in FAMILIES if family.scope is Scope.OWN}


@dataclass(slots=True)
class AffectedRows:
    """The rows that changed, by model, from which `families` finds the numbers to recompute.

    `moved` are launches whose rank changed; it may have for all with a net from `moved_from` on. `own` are rows with changed
    columns of `OWN`, and `relocated` the pads that changed their location.
    """

    rows: defaultdict[type[Model], set[Key]] = default(default_factory=lambda: defaultdict(set))
    own: defaultdict[type[Model], set[Key]] = default(default_factory=lambda: defaultdict(set))
    relocated: set[Key] = default(default_factory=set)
    moved: set[Key] = default(default_factory=set)
    moved_from: datetime | None = None

    def add(self, model: type[Model], keys: Collection[Key | None]) -> None:
        self.rows[model].update(key for key in keys if key is not None)

    def move(self, launch: Key, *nets: datetime | None) -> None:
        self.moved.add(launch)
        for net in nets:
            if net and (self.moved_from is None or net < self.moved_from):
                self.moved_from = net

    def families(self, now: datetime) -> Iterator[tuple[Family, set[Key]]]:
        """The families of numbers to recompute as of now, and the rows that have them."""
        self._move_launches()
        found = _DEPENDENCIES.follow(self.rows, now)
        for family in FAMILIES:
            match family.scope:
                case Scope.OWN:
                    keys = self.own[family.model]
                case Scope.LATER:
                    keys = self._later(family, found.get(Pad, set()))
                case Scope.PATHS:
                    keys = found.get(family.model, set())
            if keys:
                yield family, keys

    def _later(self, family: Family, pads: Collection[Key]) -> set[Key]:
        """The launches that moved, and those after them: all for ranks, those of the same pads for turnarounds."""
        if self.moved_from is None:
            return self.moved
        later = rows_of(Launch).filter(is_listed(Launch), **{family.flag: True}, net__gte=self.moved_from)
        if family.flag == "ranks_computed":
            return self.moved | set(later.values_list("pk", flat=True))
        found = set(self.moved)
        for some in chunks(pads, CHUNK):
            found.update(later.filter(pad__in=some).values_list("pk", flat=True))
        return found

    def _move_launches(self) -> None:
        """Move the launches whose mission or orbit changed, and those whose pad changed its location.

        They count as changed, so the paths from missions need not be followed.
        """
        for path, keys in (("mission", self.rows.pop(Mission, set())), ("pad", self.relocated)):
            for some in chunks(keys, CHUNK):
                for launch, net in Launch.objects.filter(**{f"{path}__in": some}).values_list("pk", "net"):
                    self.move(launch, net)
                    self.add(Launch, [launch])


def add_passed(affected: AffectedRows, since: datetime, now: datetime) -> None:
    """Add the rows with a time that passed in this interval, and those whose last sighting has become too old to trust."""
    for model, column in _DEPENDENCIES.clocks:
        if isinstance(model._meta.get_field(column), DateTimeField):
            _add_between(affected, model, column, since, now)
        elif today(since) < today(now):
            _add_between(affected, model, column, today(since), today(now))
    for model, (begin, end) in OPEN_ENDED.items():
        for column in (begin, "observed_at"):
            _add_between(affected, model, column, since - TRUSTED, now - TRUSTED, Q(**{f"{end}__isnull": True}))


def _add_between(affected: AffectedRows, model: type[Model], column: str, after: date, until: date, only: Q = _ALL) -> None:
    between = Q(**{f"{column}__gt": after, f"{column}__lte": until})
    affected.add(model, rows_of(model).filter(only, between).values_list("pk", flat=True))
