"""Slugs, made from names: punctuation dropped, lower case, hyphens, and a number at the end where the slug is taken.

Promise: a slug that fits its row's name stays, so that no link breaks because another row was added or deleted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Model, Q
from django.utils.text import slugify

from launchledger.catalogue.models.events import Event
from launchledger.catalogue.models.launches import Launch
from launchledger.catalogue.models.listed import listed_rows
from launchledger.catalogue.statistics.reading import Key, Keys, Values, among, chunks

_CHUNK = 100  # slugs in one query
_LONGEST = 50  # characters; upstream cuts there
_LONGEST_NUMBER = 10  # of them


def launch_slugs(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    return _slugs(keys, Launch)


def event_slugs(keys: Keys, _now: datetime) -> Mapping[Key, Values]:
    return _slugs(keys, Event)


def _slugs(keys: Keys, model: type[Model]) -> Mapping[Key, Values]:
    """The slugs of listed rows; others have none."""
    rows = among(listed_rows(model), "pk", keys)
    found: dict[Key, str] = {}
    wanting: dict[Key, str] = {}
    for key, name, slug in rows.order_by("pk").values_list("pk", "name", "slug"):
        base = slugify(name or "")[:_LONGEST].rstrip("-")
        (found if _fits(slug, base) else wanting)[key] = slug if _fits(slug, base) else base
    taken = _taken(set(wanting.values()) - {""}, model)
    for key, base in wanting.items():
        slug, number = base, 1
        while slug and slug in taken:
            number += 1
            slug = _numbered(base, number)
        taken.add(slug)
        found[key] = slug
    return {key: {"slug": slug} for key, slug in found.items()}


def _numbered(base: str, number: int) -> str:
    end = f"-{number}"
    return base[: _LONGEST - len(end)].rstrip("-") + end


def _fits(slug: str | None, base: str) -> bool:
    """Whether a slug is the one of the name, with or without a number."""
    if not slug or not base:
        return False
    number = re.fullmatch(r".*-(\d{1,9})", slug)
    return slug == base or (number is not None and int(number[1]) > 1 and slug == _numbered(base, int(number[1])))


def _taken(bases: Collection[str], model: type[Model]) -> set[str]:
    """The slugs of these that are taken, and for each of them all that begin like it. Most are free and cost one lookup."""
    rows = listed_rows(model)
    met: set[str] = set()
    for some in chunks(bases, _CHUNK):
        met.update(rows.filter(slug__in=some).values_list("slug", flat=True))
    taken = set(met)
    for some in chunks(met, _CHUNK):
        alike = Q()
        for base in some:
            alike |= Q(slug__startswith=base[: _LONGEST - _LONGEST_NUMBER])
        taken.update(rows.filter(alike).values_list("slug", flat=True))
    return taken
