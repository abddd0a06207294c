"""Updating the texts that searches look in, in the transaction of each change.

Promises: after each write an object's text has the values that its rows have then, also where a related row changed: an agency's
name changes the texts of all its launches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from launchledger.catalogue.models.base import Link, Observed
from launchledger.catalogue.models.texts import SearchedText
from launchledger.catalogue.queries.texts import Search, searches, text_of
from launchledger.journal.models import Entry
from launchledger.journal.writing import writing

CHUNK = 500  # objects in one statement
_DELETED_OR_REVIVED = {Entry.Action.DELETED, Entry.Action.REVIVED}


class _Cause(NamedTuple):
    """A column whose change alters texts: those of searched objects from which the relations `way` lead to the changed one.

    With `sides` they lead not to the changed object, but to those that the column named before and names now.
    """

    search: Search
    way: tuple[str, ...]
    column: str
    sides: bool = False


def update_texts(entries: Sequence[Entry]) -> None:
    """Update the texts that these entries change. Call it where they are written, after the rows."""
    changed: dict[tuple[str, tuple[str, ...]], dict[str, None]] = defaultdict(dict)
    by_name = searches()
    causes = _causes(tuple(by_name.values()))
    for entry in entries:
        for cause in causes.get(entry.kind, ()):
            if entry.action in _DELETED_OR_REVIVED and not cause.sides:
                changed[cause.search.name, cause.way][entry.key] = None
            elif sides := entry.changes.get(cause.column):
                keys = [str(side) for side in sides if side is not None] if cause.sides else [entry.key]
                changed[cause.search.name, cause.way].update(dict.fromkeys(keys))
    of_search: dict[str, dict[str, None]] = defaultdict(dict)
    for (name, way), ends in changed.items():
        of_search[name].update(dict.fromkeys(_searched_keys(by_name[name], way, list(ends))))
    for name, found in of_search.items():
        _write(by_name[name], list(found))


def complete_texts() -> None:
    """Write the texts of searches that are newer than the catalogue, and delete those of searches that are gone."""
    stored = set(SearchedText.objects.values_list("search", flat=True).distinct())
    missing = [each for name, each in searches().items() if name not in stored and each.model._default_manager.exists()]
    if missing or stored - searches().keys():
        with writing():
            SearchedText.objects.exclude(search__in=searches().keys()).delete()
            for search in missing:
                _write_all(search)


def rebuild_texts() -> None:
    """Write all texts anew, for a catalogue whose rows were not written by `observe`."""
    SearchedText.objects.all().delete()
    for search in searches().values():
        _write_all(search)


def _write_all(search: Search) -> None:
    _write(search, [str(key) for key in search.model._default_manager.order_by("pk").values_list("pk", flat=True)])


@lru_cache(maxsize=1)
def _causes(declared: tuple[Search, ...]) -> Mapping[str, Sequence[_Cause]]:
    """The causes, by the kind of the object that changes."""
    causes: dict[str, dict[_Cause, None]] = defaultdict(dict)
    for search in declared:
        for path in search.paths:
            for kind, cause in _causes_along(search, path):
                causes[kind][cause] = None
    return {kind: list(of_kind) for kind, of_kind in causes.items()}


def _causes_along(search: Search, path: str) -> Iterator[tuple[str, _Cause]]:
    """Every relation and column on a path, from the searched object to its end, each with the kind of object that has it."""
    *steps, last = path.split("__")
    model = search.model
    way: tuple[str, ...] = ()
    for step in steps:
        relation = model._meta.get_field(step)
        target = relation.related_model
        if relation.concrete or issubclass(target, Link):
            yield _kind(model), _Cause(search, way, step)
        else:  # a list that is stored on its members' side
            yield _kind(target), _Cause(search, way, relation.field.name, sides=True)
        model, way = target, (*way, step)
    yield _kind(model), _Cause(search, way, last)


def _kind(model: Any) -> str:
    """The kind of a model's rows; places in lists have none, and no entries."""
    return model.kind if issubclass(model, Observed) else ""


def _searched_keys(search: Search, way: tuple[str, ...], keys: Sequence[str]) -> Iterator[str]:
    """The keys of the searched objects from which a way leads to objects with these keys."""
    if not way:
        yield from keys
        return
    for start in range(0, len(keys), CHUNK):
        leading = search.model._default_manager.filter(**{"__".join((*way, "in")): keys[start : start + CHUNK]})
        yield from map(str, leading.values_list("pk", flat=True))


def _write(search: Search, keys: Sequence[str]) -> None:
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        stored = SearchedText.objects.filter(search=search.name, key__in=some)
        before = dict(stored.values_list("key", "text"))
        now = _texts(search, some)
        stored.filter(key__in=before.keys() - now.keys()).delete()
        changed = ((key, text) for key, text in now.items() if before.get(key) != text)
        SearchedText.objects.bulk_create(
            (SearchedText(search=search.name, key=key, text=text) for key, text in changed),
            update_conflicts=True,
            unique_fields=["search", "key"],
            update_fields=["text"],
        )


def _texts(search: Search, keys: Collection[str]) -> dict[str, str]:
    """The text of each of these objects that has one; deleted objects have none, and deleted members of lists are in none.

    One query for each path: lists on two paths would multiply each other's rows.
    """
    values: dict[str, list[str]] = defaultdict(list)
    rows = search.model._default_manager.filter(pk__in=keys, deleted_at=None)
    for path in search.paths:
        members = dict.fromkeys(f"{way}deleted_at" for way in _lists_on(search.model, path))
        for key, value in rows.filter(**members).values_list("pk", path):
            values[str(key)].append(value or "")
    return {key: text for key, of_key in values.items() if (text := text_of(of_key))}


def _lists_on(model: Any, path: str) -> Iterator[str]:
    """The relations to the members of each list on a path, each with `__` behind it."""
    way = ""
    for step in path.split("__")[:-1]:
        relation = model._meta.get_field(step)
        model, way = relation.related_model, f"{way}{step}__"
        if issubclass(model, Link):
            yield f"{way}member__"
        elif not relation.concrete:
            yield way
