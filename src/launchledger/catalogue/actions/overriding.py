"""Making and ending overrides: values of our own that replace observed ones (docs/adr/0047).

Promises: one call is one transaction, and refuses all where it refuses one. What is observed later is kept beneath an override,
and becomes effective when the override ends: then the catalogue is as if the override had never been. Numbers, lists of
astronauts, texts of searches and documents follow in the same transaction. The journal has `override` or the curator as source,
and the reason.
Refuses rows that do not exist or are deleted, and relations to such rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from launchledger import clock
from launchledger.catalogue.actions.columns import OWN_COLUMNS, LinkedList, OwnedList, ReverseList, as_json, from_json, table
from launchledger.catalogue.actions.crews import complete_astronauts
from launchledger.catalogue.actions.deleting import LONGEST_REASON
from launchledger.catalogue.actions.lists import Lists, as_stored, members_as_json, members_from_json
from launchledger.catalogue.actions.recomputing import recompute_after_changes, recompute_columns
from launchledger.catalogue.actions.rows import CHUNK, Key, Row, Rows
from launchledger.catalogue.actions.seen import NOT_SAVED, Seen
from launchledger.catalogue.models.base import Observed
from launchledger.catalogue.models.kinds import model_of
from launchledger.catalogue.models.overrides import Override
from launchledger.catalogue.statistics.numbers import SINCE, running_columns
from launchledger.journal.writing import write, writing

SOURCE = "override"  # of the entries of overrides that begin and end, where no curator is known
CURATOR = "curator:"  # before the name of the curator, in the source of their entries
MOST_OVERRIDES = 10_000  # in a catalogue: every transaction that observes something reads them

Address = tuple[str, str, str]  # the kind and the key of a row, and a column


@dataclass(frozen=True, slots=True)
class Wanted:
    """An override to make. `values` maps the column to its value, and columns that follow from it to theirs.

    The value of a list is the keys of its members, or for members without an id their columns.
    """

    kind: str
    key: Key
    column: str
    values: Mapping[str, Any]
    reason: str
    until: datetime | None = None

    @property
    def address(self) -> Address:
        return self.kind, str(self.key), self.column


class OverrideRefused(ValueError):
    """Why an override cannot be made; `place` counts those that were wanted together, from 0."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, slots=True)
class _Change:
    """An override that begins, changes or ends: as it is stored before and after, None where it is not."""

    before: Override | None
    after: Override | None

    @property
    def override(self) -> Override:
        found = self.after or self.before
        assert found is not None  # noqa: S101  (a change has one of the two)
        return found

    @property
    def reasons(self) -> tuple[str | None, str | None]:
        return self.before.reason if self.before else None, self.after.reason if self.after else None


def is_overridable(model: type[Observed], column: str) -> bool:
    """Whether a column or list of a model can be overridden; not lists that are relations of their members."""
    known = table(model)
    if isinstance(known.lists.get(column), LinkedList | OwnedList):
        return True
    return column in known.attributes and column not in OWN_COLUMNS


def is_by_hand(source: str) -> bool:
    """Whether a source of an entry is an override or a curator."""
    return source == SOURCE or source.startswith(CURATOR)


def override(wanted: Sequence[Wanted], source: str = SOURCE) -> int:
    """Make these overrides; returns how many are new or changed. Raises OverrideRefused."""
    now = clock.now()
    with writing():
        stored = {(each.kind, each.key, each.column): each for each in Override.objects.all()}
        check(wanted, now)
        by_address = {each.address: each for each in wanted}
        if len(stored.keys() | by_address.keys()) > MOST_OVERRIDES:
            raise OverrideRefused(0, f"a catalogue holds at most {MOST_OVERRIDES:,} overrides")
        made = _made(by_address.values(), stored, now)
        changes = [_Change(before, after) for after in made if not _is_same(before := stored.get(_address(after)), after)]
        Override.objects.bulk_create(
            (change.override for change in changes),
            update_conflicts=True,
            unique_fields=["kind", "key", "column"],
            update_fields=["values", "reason", "at", "until"],
        )
        _make_effective(changes, now, source)
    return len(changes)


def end_overrides(addresses: Collection[Address], source: str = SOURCE) -> int:
    """End these overrides, as far as they exist; returns how many ended."""
    return _end(lambda each: _address(each) in addresses, source)


def end_due_overrides(now: datetime) -> int:
    """End the overrides whose time has come; returns how many ended. Costs one query where there are none."""
    if not Override.objects.filter(until__lte=now).exists():
        return 0
    return _end(lambda each: each.until is not None and each.until <= now, SOURCE)


def _end(is_ended: Any, source: str) -> int:
    with writing():
        ended = [each for each in Override.objects.order_by("pk") if is_ended(each)]
        Override.objects.filter(pk__in=[each.pk for each in ended]).delete()
        _make_effective([_Change(each, None) for each in ended], clock.now(), source)
    return len(ended)


def _address(each: Override) -> Address:
    return each.kind, each.key, each.column


def _is_same(before: Override | None, after: Override) -> bool:
    return before is not None and (before.values, before.reason, before.until) == (after.values, after.reason, after.until)


def check(wanted: Sequence[Wanted], now: datetime, *, is_new: bool = False) -> None:
    """Refuse what cannot be made: the rows, unless they are new, and those that relations and lists lead to must be there."""
    needed: dict[type[Observed], dict[Key, int]] = defaultdict(dict)
    for place, each in enumerate(wanted):
        if not each.reason.strip() or len(each.reason) > LONGEST_REASON:
            raise OverrideRefused(place, f"a reason has 1 to {LONGEST_REASON} characters; this one has {len(each.reason)}")
        if each.until is not None and each.until <= now:
            raise OverrideRefused(place, "the time until which it holds is past")
        model = model_of(each.kind)
        if not is_overridable(model, each.column):
            raise OverrideRefused(place, f"{each.column} of {each.kind} cannot be overridden")
        if not is_new:
            needed[model].setdefault(each.key, place)
        for related, key in _related(model, each):
            needed[related].setdefault(key, place)
    for model, places in needed.items():
        there: dict[Key, bool] = {}
        for start in range(0, len(places), CHUNK):
            rows = model._default_manager.filter(pk__in=list(places)[start : start + CHUNK])
            there.update((key, deleted is None) for key, deleted in rows.values_list("pk", "deleted_at"))
        for key, place in places.items():
            if not there.get(key):
                what = "is deleted" if key in there else "is not in the catalogue"
                raise OverrideRefused(place, f"{model.kind} {key} {what}")


def _related(model: type[Observed], wanted: Wanted) -> Iterable[tuple[type[Observed], Key]]:
    """The rows that the value leads to."""
    value, model_list = wanted.values[wanted.column], table(model).lists.get(wanted.column)
    if isinstance(model_list, LinkedList):
        link: Any = model_list.link  # the abstract model has no member
        yield from ((link._meta.get_field("member").related_model, key) for key in value)
    elif isinstance(model_list, OwnedList):
        fields: Any = {field.name: field for field in model_list.member._meta.concrete_fields}
        for columns in value:
            for name, key in columns.items():
                if key is not None and fields[name].is_relation:
                    yield fields[name].related_model, key
    else:
        field: Any = model._meta.get_field(wanted.column)
        if field.is_relation and value is not None:
            yield field.related_model, value


def _made(wanted: Iterable[Wanted], stored: Mapping[Address, Override], now: datetime) -> list[Override]:
    """The overrides as they will be stored, with what was observed beneath."""
    rows = Rows()
    lists = Lists(rows)
    made = []
    for each in wanted:
        model = model_of(each.kind)
        known = table(model)
        row = rows.find(model, each.key)
        assert row is not None  # noqa: S101  (`check` found it)
        model_list = known.lists.get(each.column)
        before = stored.get(each.address)
        if isinstance(model_list, LinkedList | OwnedList):
            lists.read(model_list, [each.key])
            value = each.values[each.column]
            if isinstance(model_list, OwnedList):
                value = members_as_json(as_stored(model_list, value))
            values, observed = {each.column: value}, {each.column: lists.members_as_json(model_list, each.key)}
        else:
            values = {column: as_json(value) for column, value in each.values.items()}
            if each.column in known.listed_in:  # the row joins another list, in which it has no place
                values[known.listed_in[each.column].position] = None
            observed = {column: as_json(getattr(row.instance, known.attributes[column])) for column in values}
        made.append(
            Override(
                kind=each.kind,
                key=str(each.key),
                column=each.column,
                values=values,
                observed=before.observed if before else observed,
                reason=each.reason,
                at=now,
                until=each.until,
            )
        )
    return made


def _make_effective(changes: Sequence[_Change], now: datetime, source: str) -> None:
    """Write the effective values of what began, changed or ended, and the journal.

    An entry has one reason, so each pass makes the changes of a row that have the same.
    """
    passes: list[list[_Change]] = []
    reasons: dict[tuple[str, str], list[tuple[str | None, str | None]]] = defaultdict(list)
    for change in changes:
        of_row = reasons[change.override.kind, change.override.key]
        if change.reasons not in of_row:
            of_row.append(change.reasons)
        place = of_row.index(change.reasons)
        if place == len(passes):
            passes.append([])
        passes[place].append(change)
    for some in passes:
        _make_some_effective(some, now, source)


def _make_some_effective(changes: Sequence[_Change], now: datetime, source: str) -> None:
    cause = Seen(now, NOT_SAVED, source, 0)
    rows = Rows()
    lists = Lists(rows)
    ended: dict[type[Observed], dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    done: list[tuple[Row, _Change]] = []
    for model, keys in _keys_by_model(changes).items():
        rows.read(model, keys)
    for change in changes:
        each = change.override
        model = model_of(each.kind)
        row = rows.get(model, model._meta.pk.to_python(each.key))
        _set(each, change.after is None, row, lists, cause)
        done.append((row, change))
        if change.after is None:
            ended[model][each.column].append(row.instance.pk)
    rows.write()
    lists.write()
    complete_astronauts(rows)
    recompute_after_changes(rows, now)
    for model, columns in ended.items():
        recompute_columns(model, columns, rows, now)
    reasons = {}
    for row, change in done:  # one that changes no effective value has its entry as well
        row.changes.setdefault(change.override.column, [change.override.value] * 2)
        row.causes[change.override.column] = cause
        reasons[row.model.kind, str(row.instance.pk)] = list(change.reasons)
    entries = rows.entries(now)
    for entry in entries:
        if entry.source == source:
            entry.changes["reason"] = reasons[entry.kind, entry.key]
    write(entries)


def _keys_by_model(changes: Sequence[_Change]) -> dict[type[Observed], list[Key]]:
    keys: dict[type[Observed], list[Key]] = defaultdict(list)
    for change in changes:
        model = model_of(change.override.kind)
        keys[model].append(model._meta.pk.to_python(change.override.key))
    return keys


def _set(each: Override, is_ended: bool, row: Row, lists: Lists, cause: Seen) -> None:
    """Give a column or list its effective value."""
    known = table(row.model)
    model_list = known.lists.get(each.column)
    if model_list is not None and not isinstance(model_list, ReverseList):
        lists.read(model_list, [row.instance.pk])
        members = each.observed_value if is_ended else each.value
        if isinstance(model_list, LinkedList):
            lists.set_linked(model_list, row, members, cause)
        else:
            lists.replace_owned(model_list, row, members_from_json(model_list, members), cause)
        return
    for column in each.values:
        now = each.observed[column] if is_ended else each.effective(column)
        row.set(column, known.attributes[column], from_json(row.model._meta.get_field(column), now), cause)
    if each.column in running_columns(row.model) and getattr(row.instance, each.column + SINCE) is not None:
        row.set(each.column + SINCE, each.column + SINCE, None, None)  # only computed durations run
