"""Recomputing the derived numbers: after every change, for all rows at once, and as time passes (see `refreshing`).

Promises: an observed number is never touched; every other is what `statistics` computes from the rows as of now; only what
differs is written, each change with its journal entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from launchledger import clock
from launchledger.catalogue.actions.columns import table
from launchledger.catalogue.actions.following import parts_of, replace_following
from launchledger.catalogue.actions.rows import CHUNK, DELETION, Key, Row, Rows
from launchledger.catalogue.models.base import Observed, Origin
from launchledger.catalogue.models.clock import Clock
from launchledger.catalogue.models.launches import Launch, Pad
from launchledger.catalogue.models.stations import SpaceStation, SpaceStationActiveExpeditionsLink
from launchledger.catalogue.statistics.affected import MOVING, OWN, WATCHED, AffectedRows
from launchledger.catalogue.statistics.differing import differences
from launchledger.catalogue.statistics.flying import OPEN_ENDED
from launchledger.catalogue.statistics.numbers import FAMILIES, Family, families_of, number_of
from launchledger.catalogue.statistics.reading import Keys, chunks
from launchledger.catalogue.statistics.stations import active_expeditions
from launchledger.formats.times import parse_date_time
from launchledger.journal.writing import write, writing

_EXPEDITIONS = "active_expeditions"


def recompute_after_changes(rows: Rows, now: datetime) -> None:
    """Recompute the numbers that depend on what this transaction changed. Call it when rows and lists are written.

    Never as of a time before the last refresh, which a machine whose clock is ahead may have made.
    """
    recompute_affected(_affected_by(rows.all()), rows, max(now, refreshed_at() or now))


def recompute_affected(affected: AffectedRows, rows: Rows, now: datetime) -> None:
    """Recompute the numbers of the affected rows, and write them."""
    for family, keys in affected.families(now):
        if family.model is SpaceStation:
            _list_active_expeditions(keys, rows, now)
        _recompute_family(family, _computed_among(family, keys, rows), rows, now)


def recompute_columns(model: type[Observed], columns: Mapping[str, Collection[Key]], rows: Rows, now: datetime) -> None:
    """Recompute those of these columns that are numbers, each of the rows with these keys, and write them."""
    now = max(now, refreshed_at() or now)
    for family in families_of(model):
        keys = {key for number in family.numbers for key in columns.get(number.column, ())}
        _recompute_family(family, keys, rows, now)


def refreshed_at() -> datetime | None:
    """The time as of which the last refresh computed; None before the first."""
    return Clock.objects.values_list("refreshed_at", flat=True).first()


def recompute(now: datetime | None = None) -> int:
    """Recompute every number in one transaction; returns how many objects that changed."""
    now = now or clock.now()
    with writing():
        rows = Rows()
        _list_active_expeditions(None, rows, now)
        for family in FAMILIES:
            _recompute_family(family, None, rows, now)
        entries = rows.entries(now)
        write(entries)
    return len(entries)


def _recompute_family(family: Family, keys: Keys, rows: Rows, now: datetime) -> None:
    if keys is not None and not keys:
        return
    differing = dict(differences(family, keys, now))
    rows.read(family.model, differing)
    attributes = table(family.model).attributes
    written = []
    for key, columns in differing.items():
        row = rows.get(family.model, key)
        ours = [column for column in columns if row.origin_of(number_of(column)) is Origin.COMPUTED]
        for column in ours:
            row.set_computed(column, attributes[column], columns[column][1])
        if ours:
            written.append(key)
    rows.write_columns(family.model, family.columns, written)


def _computed_among(family: Family, keys: Iterable[Key], rows: Rows) -> set[Key]:
    """The keys of rows with a number to compute. Rows that this transaction has read need no query."""
    computed, unknown = set(), []
    for key in keys:
        row = rows.known(family.model, key)
        if row is None:
            unknown.append(key)
        elif family.is_computed(row.seen):
            computed.add(key)
    flagged = {family.flag: True} if family.flag else {}
    for some in chunks(unknown, CHUNK):
        computed.update(family.model._default_manager.filter(pk__in=some, **flagged).values_list("pk", flat=True))
    return computed


def _list_active_expeditions(keys: Keys, rows: Rows, now: datetime) -> None:
    """List the expeditions that are going on for each station whose list of active expeditions was never observed.

    This is not a rule of `crews`, because it depends on the clock too.
    """
    stations: Any = SpaceStation.objects.all() if keys is None else SpaceStation.objects.filter(pk__in=keys)
    found = {row.instance.pk: row for row in rows.adopt(stations)}
    going_on = active_expeditions(keys, now)
    own, following = parts_of(SpaceStationActiveExpeditionsLink, found.keys())
    rewritten: dict[Key, list[Key]] = {}
    for key, row in found.items():
        wanted = [] if row.origin_of(_EXPEDITIONS) is not Origin.COMPUTED else list(going_on.get(key, []))
        if wanted != following[key]:
            rewritten[key] = wanted
            before = row.changes[_EXPEDITIONS][0] or [] if _EXPEDITIONS in row.changes else own[key]
            row.note_whole_list(_EXPEDITIONS, before + following[key], own[key] + wanted)
    replace_following(SpaceStationActiveExpeditionsLink, rewritten)


def _affected_by(rows: Iterable[Row]) -> AffectedRows:
    affected = AffectedRows()
    for row in rows:
        key = row.instance.pk
        if row.created and families_of(row.model):
            affected.add(row.model, [key])
        changed = row.changes.keys() & WATCHED.get(row.model, {}).keys()
        if changed or DELETION in row.changes:
            affected.add(row.model, [key])
            for column in changed:
                _add_both_sides(affected, row, column)
        lasting = OPEN_ENDED.get(row.model)
        if lasting and row.observed and getattr(row.instance, lasting.end) is None:
            affected.add(row.model, [key])
        if _EXPEDITIONS in row.observed_lists:
            affected.add(row.model, [key])
        own = OWN.get(row.model)
        if own and row.changes.keys() & {*own, DELETION}:
            affected.own[row.model].add(key)
        if row.model is Launch:
            _note_move(affected, row)
        elif row.model is Pad and "location" in changed and not row.created:
            affected.relocated.add(key)
    return affected


def _add_both_sides(affected: AffectedRows, row: Row, column: str) -> None:
    """Add what a relation or a list led to before, and what it leads to now."""
    target = WATCHED[row.model][column]
    if target is not None:
        for side in row.changes[column]:
            affected.add(target, side if isinstance(side, list) else [side])


def _note_move(affected: AffectedRows, row: Row) -> None:
    """A launch that comes, goes or moves in time or place shifts the ranks of all that are later."""
    status = row.changes.get("status", [row.instance.status_id] * 2)
    if status == [None, None] or not (row.changes.keys() & {*MOVING, DELETION} or None in status):
        return
    change = row.changes.get("net")
    nets = [text and parse_date_time(text) for text in change] if change else [row.instance.net]
    affected.move(row.instance.pk, *nets)
