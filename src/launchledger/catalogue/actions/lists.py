"""The lists that one transaction works on, in the three ways in which they are kept (see `columns`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from launchledger.catalogue.actions.columns import Linked, Listed, Owning, as_json, attributes_of, table
from launchledger.catalogue.actions.rows import CHUNK, Key, Row, Rows
from launchledger.catalogue.actions.seen import Seen
from launchledger.catalogue.actions.stored import Reading, reading
from launchledger.catalogue.models.base import CompletedLink, Link, Owned


class Lists:
    """What the lists held before, what they hold now, and which must be written again."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._linked: dict[tuple[Linked, Key], list[Key]] = {}
        self._owned: dict[tuple[Owning, Key], list[dict[str, Any]]] = {}
        self._listed: dict[tuple[Listed, Key], dict[Key, Row]] = defaultdict(dict)
        self._known: set[tuple[Linked | Listed | Owning, Key]] = set()
        self._rewritten: dict[tuple[Linked | Owning, Key], None] = {}

    def read(self, kept: Linked | Listed | Owning, owners: Iterable[Key]) -> None:
        """Bring in what these owners' lists hold; a list that is known already stays as it is."""
        keys = [key for key in dict.fromkeys(owners) if (kept, key) not in self._known]
        self._known.update((kept, key) for key in keys)
        for start in range(0, len(keys), CHUNK):
            self._read_some(kept, keys[start : start + CHUNK])

    def _read_some(self, kept: Linked | Listed | Owning, keys: Sequence[Key]) -> None:
        match kept:
            case Linked():
                self._linked.update({(kept, key): [] for key in keys})
                for owner, member in _reading(kept.link, ("owner", "member")).rows(keys):
                    self._linked[kept, owner].append(member)
            case Owning():
                self._owned.update({(kept, key): [] for key in keys})
                for owner, *values in _reading(kept.member, ("owner", *kept.columns)).rows(keys):
                    self._owned[kept, owner].append(dict(zip(kept.columns, values, strict=True)))
            case Listed():
                members = kept.member._default_manager.filter(**{f"{kept.relation}__in": keys})
                for row in self._rows.adopt(members):
                    owner = getattr(row.instance, f"{kept.relation}_id")
                    self._listed[kept, owner][row.instance.pk] = row

    def claim(self, kept: Listed, member: Row, owner: Key | None, seen: Seen) -> bool:
        """Say that a row belongs to this owner (or to none), unless it has said otherwise since; tells whether that changed it.

        Where the owner's list was observed later, the row was not in it, or it would have been seen there: it belongs to none,
        until something newer than this is said of it.
        """
        if not member.takes(kept.relation, seen):
            return False
        row = self._rows.find(kept.owner, owner) if owner is not None else None
        later = row.seen.get(kept.name) if row else None
        if later and seen.is_before(later):
            owner = None
        return self._move(kept, member, owner, seen)

    def _move(self, kept: Listed, member: Row, now: Key | None, seen: Seen) -> bool:
        attribute = table(kept.member).attributes[kept.relation]
        before = getattr(member.instance, attribute)
        if before != now:
            self._listed[kept, before].pop(member.instance.pk, None)
            if now is not None:
                self._listed[kept, now][member.instance.pk] = member
            member.set(kept.position, kept.position, None, seen)  # a place means nothing in another list
        return member.set(kept.relation, attribute, now, seen)

    def link(self, kept: Linked, owner: Row, members: Sequence[Key], seen: Seen) -> bool:
        owner.told.add(kept.name)
        before = self._linked[kept, owner.instance.pk]
        if before == members:
            return False
        self._linked[kept, owner.instance.pk] = list(members)
        self._rewritten[kept, owner.instance.pk] = None
        owner.note(kept.name, before, list(members), seen)
        return True

    def holds(self, kept: Linked | Owning, owner: Key, members: Sequence[Any]) -> bool:
        """Whether a list that was read has these members, in this order."""
        if isinstance(kept, Linked):
            return self._linked[kept, owner] == members
        return self._owned[kept, owner] == _as_stored(kept, members)

    def own(self, kept: Owning, owner: Row, members: Sequence[dict[str, Any]], seen: Seen) -> bool:
        now = _as_stored(kept, members)
        before = self._owned[kept, owner.instance.pk]
        if before == now:
            return False
        self._owned[kept, owner.instance.pk] = now
        self._rewritten[kept, owner.instance.pk] = None
        owner.note(kept.name, _as_json(before), _as_json(now), seen)
        return True

    def assign(self, kept: Listed, owner: Row, members: Sequence[Key], seen: Seen) -> bool:
        """Say that these rows belong to the owner; if the list is the newest, in this order and no others.

        A row that the same reply, or a later one, says to belong to the owner stays, without a place.
        """
        key = owner.instance.pk
        rows = [self._rows.get(kept.member, member) for member in members]
        changed = False
        for member in rows:
            changed |= self.claim(kept, member, key, seen)
        if not owner.takes(kept.name, seen):
            return changed
        attribute = table(kept.member).attributes[kept.relation]
        for place, member in enumerate(rows):
            if getattr(member.instance, attribute) == key:
                changed |= member.set(kept.position, kept.position, place, seen)
        listed = set(members)
        for member_key, member in list(self._listed[kept, key].items()):
            if member_key not in listed:
                changed |= member.set(kept.position, kept.position, None, seen)
                if kept.relation not in member.seen or member.seen[kept.relation].is_before(seen):
                    changed |= self._move(kept, member, None, seen)
        return changed

    def write(self) -> None:
        """Write the lists that changed whole; they are short, and a whole list has no half-moved places."""
        rewritten: dict[Linked | Owning, list[Key]] = defaultdict(list)
        for kept, owner in self._rewritten:
            rewritten[kept].append(owner)
        for kept, owners in rewritten.items():
            for start in range(0, len(owners), CHUNK):
                self._write_some(kept, owners[start : start + CHUNK])

    def _write_some(self, kept: Linked | Owning, owners: Sequence[Key]) -> None:
        model: Any = kept.link if isinstance(kept, Linked) else kept.member
        _rows_of(model, owners).delete()
        model._default_manager.bulk_create(
            model(owner_id=owner, position=place, **columns)
            for owner in owners
            for place, columns in enumerate(self._columns(kept, owner))
        )

    def _columns(self, kept: Linked | Owning, owner: Key) -> list[dict[str, Any]]:
        if isinstance(kept, Linked):
            return [{"member_id": member} for member in self._linked[kept, owner]]
        return self._owned[kept, owner]


def _reading(model: type[Link] | type[Owned], columns: tuple[str, ...]) -> Reading:
    """What reads the members of owners' lists in their order: what the lists were given, and not what follows from other rows."""
    only = ' AND NOT "follows"' if issubclass(model, CompletedLink) else ""
    return reading(model, columns, "owner", only, ' ORDER BY "position"')


def _rows_of(model: type[Link] | type[Owned], owners: Sequence[Key]) -> Any:
    """What these owners' lists were given, and not what follows from other rows. Every concrete model has an owner."""
    manager: Any = model._default_manager
    own = {"follows": False} if issubclass(model, CompletedLink) else {}
    return manager.filter(owner__in=owners, **own)


def _as_stored(kept: Owning, members: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a list whose members have no id, with what their columns are where nothing is said."""
    attributes = attributes_of(kept.member)
    stored = []
    for columns in members:
        member = kept.member(**{attributes[name]: value for name, value in columns.items()})
        stored.append({attribute: getattr(member, attribute) for attribute in kept.columns})
    return stored


def _as_json(members: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: as_json(value) for name, value in member.items() if value not in (None, {})} for member in members]
