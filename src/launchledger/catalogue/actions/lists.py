"""The lists that one transaction works on, in the three ways in which they are stored (see `columns`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from launchledger.catalogue.actions.columns import (
    LinkedList,
    ModelList,
    OwnedList,
    ReverseList,
    as_json,
    attributes_of,
    from_json,
    owner_of,
    table,
)
from launchledger.catalogue.actions.rows import CHUNK, Key, Row, Rows
from launchledger.catalogue.actions.seen import Seen
from launchledger.catalogue.actions.stored import KeyedSelect, keyed_select
from launchledger.catalogue.models.base import CompletedLink, Link, Owned
from launchledger.catalogue.models.overrides import Override


class Lists:
    """The members of lists before and now, and which lists must be written again."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._linked: dict[tuple[LinkedList, Key], list[Key]] = {}
        self._owned: dict[tuple[OwnedList, Key], list[dict[str, Any]]] = {}
        self._listed: dict[tuple[ReverseList, Key], dict[Key, Row]] = defaultdict(dict)
        self._known: set[tuple[ModelList, Key]] = set()
        self._rewritten: dict[tuple[LinkedList | OwnedList, Key], None] = {}
        self._lifted: dict[tuple[LinkedList | OwnedList, Key], Override] = {}

    def read(self, model_list: ModelList, owners: Iterable[Key]) -> None:
        """Read these owners' lists; a list that was read already stays as it is."""
        keys = [key for key in dict.fromkeys(owners) if (model_list, key) not in self._known]
        self._known.update((model_list, key) for key in keys)
        for start in range(0, len(keys), CHUNK):
            self._read_some(model_list, keys[start : start + CHUNK])

    def _read_some(self, model_list: ModelList, keys: Sequence[Key]) -> None:
        match model_list:
            case LinkedList():
                self._linked.update({(model_list, key): [] for key in keys})
                for owner, member in _select_members(model_list.link, ("owner", "member")).rows(keys):
                    self._linked[model_list, owner].append(member)
            case OwnedList():
                self._owned.update({(model_list, key): [] for key in keys})
                for owner, *values in _select_members(model_list.member, ("owner", *model_list.columns)).rows(keys):
                    self._owned[model_list, owner].append(dict(zip(model_list.columns, values, strict=True)))
            case ReverseList():
                leading = Q(**{f"{model_list.relation}__in": keys})
                if self._rows.observing and self._rows.overrides:
                    overridden = self._rows.overrides.of_column(model_list.member.kind, model_list.relation)
                    leading |= Q(pk__in=[each.key for each in overridden if each.observed_value in keys])
                members = model_list.member._default_manager.filter(leading)
                for row in self._rows.adopt(members):
                    owner = getattr(row.instance, f"{model_list.relation}_id")
                    self._listed[model_list, owner][row.instance.pk] = row
        if self._rows.observing and self._rows.overrides:
            self._lift(model_list, keys)

    def _lift(self, model_list: ModelList, keys: Sequence[Key]) -> None:
        """Give lists that were read the members that they would have without an override."""
        for key in keys:
            override = self._rows.overrides.of(owner_of(model_list).kind, key).get(model_list.name)
            if override is not None and isinstance(model_list, LinkedList):
                self._linked[model_list, key] = override.observed_value
                self._lifted[model_list, key] = override
            elif override is not None and isinstance(model_list, OwnedList):
                self._owned[model_list, key] = members_from_json(model_list, override.observed_value)
                self._lifted[model_list, key] = override

    def members_as_json(self, model_list: LinkedList | OwnedList, owner: Key) -> list[Any]:
        """The members of a list, as an override stores them."""
        if isinstance(model_list, LinkedList):
            return list(self._linked[model_list, owner])
        return members_as_json(self._owned[model_list, owner])

    def claim(self, model_list: ReverseList, member: Row, owner: Key | None, seen: Seen) -> bool:
        """Set the owner of a row (or none), unless its owner was observed later; returns whether that changed the row.

        Where the owner's list was observed later, the row was not in it, or it would have been seen there: it has no owner,
        until a newer sighting gives it one.
        """
        if not member.accept(model_list.relation, seen):
            return False
        row = self._rows.find(model_list.owner, owner) if owner is not None else None
        later = row.seen.get(model_list.name) if row else None
        if later and seen.is_before(later):
            owner = None
        return self._move(model_list, member, owner, seen)

    def _move(self, model_list: ReverseList, member: Row, now: Key | None, seen: Seen) -> bool:
        attribute = table(model_list.member).attributes[model_list.relation]
        before = getattr(member.instance, attribute)
        if before != now:
            self._listed[model_list, before].pop(member.instance.pk, None)
            if now is not None:
                self._listed[model_list, now][member.instance.pk] = member
            self._remember_place(model_list, before, member)
            place = self._recall_place(model_list, now, member)
            member.set(model_list.position, model_list.position, place, seen)
        return member.set(model_list.relation, attribute, now, seen)

    def _remember_place(self, model_list: ReverseList, owner: Key | None, member: Row) -> None:
        """Keep the place of a row that leaves the list, for when it comes back: the owner's newest list still names it."""
        place = getattr(member.instance, model_list.position)
        row = None if owner is None or place is None else self._rows.find(model_list.owner, owner)
        if row is not None and model_list.name in row.seen:
            row.seen[_place(model_list, member.instance.pk, place)] = row.seen[model_list.name]
            row.dirty = row.observed = True

    def _recall_place(self, model_list: ReverseList, owner: Key | None, member: Row) -> int | None:
        """The place of a row that joins the list, as the owner's newest list has it; None if it does not name the row."""
        row = None if owner is None else self._rows.find(model_list.owner, owner)
        if row is None:
            return None
        for name in places_in(model_list, row.seen, member.instance.pk):  # one at most
            del row.seen[name]
            row.dirty = row.observed = True
            return int(name.rpartition("/")[2])
        return None

    def set_linked(self, model_list: LinkedList, owner: Row, members: Sequence[Key], seen: Seen) -> bool:
        owner.observed_lists.add(model_list.name)
        before = self._linked[model_list, owner.instance.pk]
        if before == members:
            return False
        self._linked[model_list, owner.instance.pk] = list(members)
        self._rewritten[model_list, owner.instance.pk] = None
        owner.note_change(model_list.name, before, list(members), seen)
        return True

    def matches(self, model_list: LinkedList | OwnedList, owner: Key, members: Sequence[Any]) -> bool:
        """Whether a list that was read has these members, in this order."""
        if isinstance(model_list, LinkedList):
            return self._linked[model_list, owner] == members
        return self._owned[model_list, owner] == as_stored(model_list, members)

    def set_owned(self, model_list: OwnedList, owner: Row, members: Sequence[dict[str, Any]], seen: Seen) -> bool:
        return self.replace_owned(model_list, owner, as_stored(model_list, members), seen)

    def replace_owned(self, model_list: OwnedList, owner: Row, now: list[dict[str, Any]], seen: Seen) -> bool:
        """As `set_owned`, with members as they are stored."""
        before = self._owned[model_list, owner.instance.pk]
        if before == now:
            return False
        self._owned[model_list, owner.instance.pk] = now
        self._rewritten[model_list, owner.instance.pk] = None
        owner.note_change(model_list.name, _as_json(before), _as_json(now), seen)
        return True

    def set_reverse(self, model_list: ReverseList, owner: Row, members: Sequence[Key], seen: Seen) -> bool:
        """Set the owner of these rows; if the list is the newest, in this order and no others.

        A row whose own record in the same reply, or in a later one, names this owner stays, without a place.
        """
        key = owner.instance.pk
        rows = [self._rows.get(model_list.member, member) for member in members]
        changed = False
        for member in rows:
            changed |= self.claim(model_list, member, key, seen)
        if not owner.accept(model_list.name, seen):
            return changed
        attribute = table(model_list.member).attributes[model_list.relation]
        for name in places_in(model_list, owner.seen):
            del owner.seen[name]
        places = {member.instance.pk: (place, member) for place, member in enumerate(rows)}
        for member_key, (place, member) in places.items():
            if getattr(member.instance, attribute) == key:
                changed |= member.set(model_list.position, model_list.position, place, seen)
            else:
                owner.seen[_place(model_list, member_key, place)] = seen
        for member_key, member in list(self._listed[model_list, key].items()):
            if member_key not in places:
                changed |= member.set(model_list.position, model_list.position, None, seen)
                if model_list.relation not in member.seen or member.seen[model_list.relation].is_before(seen):
                    changed |= self._move(model_list, member, None, seen)
        return changed

    def write(self) -> None:
        """Write each list that changed as a whole; lists are short, and so no two members share a place meanwhile.

        Where a list is overridden, the members that were observed go beneath the override.
        """
        for (model_list, owner), override in self._lifted.items():
            self._rewritten.pop((model_list, owner), None)
            self._rows.overrides.observe(override, {model_list.name: self.members_as_json(model_list, owner)})
        rewritten: dict[LinkedList | OwnedList, list[Key]] = defaultdict(list)
        for model_list, owner in self._rewritten:
            rewritten[model_list].append(owner)
        for model_list, owners in rewritten.items():
            for start in range(0, len(owners), CHUNK):
                self._write_some(model_list, owners[start : start + CHUNK])

    def _write_some(self, model_list: LinkedList | OwnedList, owners: Sequence[Key]) -> None:
        model: Any = model_list.link if isinstance(model_list, LinkedList) else model_list.member
        _rows_of(model, owners).delete()
        model._default_manager.bulk_create(
            model(owner_id=owner, position=place, **columns)
            for owner in owners
            for place, columns in enumerate(self._columns(model_list, owner))
        )

    def _columns(self, model_list: LinkedList | OwnedList, owner: Key) -> list[dict[str, Any]]:
        if isinstance(model_list, LinkedList):
            return [{"member_id": member} for member in self._linked[model_list, owner]]
        return self._owned[model_list, owner]


def _place(model_list: ReverseList, member: Key, place: int) -> str:
    """The name under which an owner's sightings keep the place of a row that its newest list names and another owner has."""
    return f"{model_list.name}/{member}/{place}"


def places_in(model_list: ReverseList, seen: Iterable[str], member: Key | None = None) -> list[str]:
    """Those of the names of an owner's sightings that keep places of its list (see `_place`), of all rows or of one."""
    start = f"{model_list.name}/" if member is None else f"{model_list.name}/{member}/"
    return [name for name in seen if name.startswith(start)]


def _select_members(model: type[Link] | type[Owned], columns: tuple[str, ...]) -> KeyedSelect:
    """The SELECT of the members of owners' lists in their order: those observed, not those that follow from other rows."""
    only = ' AND NOT "follows"' if issubclass(model, CompletedLink) else ""
    return keyed_select(model, columns, "owner", only, ' ORDER BY "position"')


def _rows_of(model: type[Link] | type[Owned], owners: Sequence[Key]) -> Any:
    """The observed members of these owners' lists, not those that follow from other rows. Every concrete model has an owner."""
    manager: Any = model._default_manager
    own = {"follows": False} if issubclass(model, CompletedLink) else {}
    return manager.filter(owner__in=owners, **own)


def members_as_json(members: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Members without an id, as an override stores them; `members_from_json` reads it."""
    return [{name: as_json(value) for name, value in member.items()} for member in members]


def members_from_json(model_list: OwnedList, stored: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The members of a list without ids, from what `members_as_json` gave."""
    fields = {field.attname: field for field in model_list.member._meta.concrete_fields}
    return [{name: from_json(fields[name], value) for name, value in member.items()} for member in stored]


def as_stored(model_list: OwnedList, members: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a list whose members have no id, with defaults for the columns that are left out."""
    attributes = attributes_of(model_list.member)
    stored = []
    for columns in members:
        member = model_list.member(**{attributes[name]: value for name, value in columns.items()})
        stored.append({attribute: getattr(member, attribute) for attribute in model_list.columns})
    return stored


def _as_json(members: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: as_json(value) for name, value in member.items() if value not in (None, {})} for member in members]
