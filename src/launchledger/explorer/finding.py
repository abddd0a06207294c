"""The search over everything, for people: the kinds that it finds, and what it shows of each.

Promises: the same bounds on words as those of `search` on the wire; one statement; at most SHOWN objects of a kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.urls import Resolver404, get_script_prefix, resolve
from rest_framework.exceptions import ValidationError

from launchledger import clock
from launchledger.api.searching import words_of
from launchledger.catalogue.queries.everywhere import Found, Place, find
from launchledger.catalogue.queries.texts import search_in
from launchledger.explorer.lists import Refused
from launchledger.explorer.navigation import address_of, json_of, list_path_of, page_of_named
from launchledger.formats.times import parse_date_time
from launchledger.history import wording
from launchledger.wire.served import DEFAULT

SHOWN = 10  # objects of a kind

# The order of kinds in which something begins with the text alike; others are not found.
_KINDS = (
    *("launch", "event", "astronaut", "config/launcher", "spacecraft", "config/spacecraft", "spacestation", "agencies"),
    *("program", "location", "pad", "launcher", "expedition", "docking_event"),
)
_TIMES = {"launch": "net", "event": "date", "expedition": "start", "docking_event": "docking"}
_PRECISIONS = {"launch": "net_precision", "event": "date_precision"}
_LABELS = {"config/launcher": "full_name"}
_WHOLE = {"launch", "event"}  # whose lists begin with those to come


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that was found: its name, its time as exactly as it is known ("" if it has none), and its address."""

    name: str
    at: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `whole` is the address of the list with the same words, "" if all is here."""

    name: str
    hits: list[Hit]
    whole: str


def groups_of(text: str) -> list[Group]:
    """What has all words of a text, by kind; kinds with an object that begins with it come first. Raises Refused."""
    try:
        words = words_of(text)
    except ValidationError as error:
        raise Refused({"q": error.detail}) from None
    found = find(_places(), words, " ".join(text.split()), clock.now(), SHOWN + 1)
    ordered = sorted(found.items(), key=lambda item: not item[1][0].begins)
    return [_group(path, some, text) for path, some in ordered]


@cache
def _places() -> list[Place]:
    return list(_declared())


def _declared() -> Iterator[Place]:
    for path in _KINDS:
        resource = DEFAULT.resources[path]
        search = search_in(resource.model, resource.search) if resource.search else None
        yield Place(
            path,
            resource.model,
            search=search.name if search else "",
            time=_TIMES.get(path, ""),
            precision=_PRECISIONS.get(path, ""),
            label=_LABELS.get(path, ""),
        )


def _group(path: str, some: list[Found], text: str) -> Group:
    return Group(
        DEFAULT.resources[path].summary, [_hit(each) for each in some[:SHOWN]], _list(path, text) if some[SHOWN:] else ""
    )


def _hit(found: Found) -> Hit:
    address = page_of_named(found.place, found.key, found.slug) or address_of(f"{found.place}/{found.key}/")
    return Hit(
        found.name or f"no. {found.key}", wording.net(parse_date_time(found.at), found.precision) if found.at else "", address
    )


def _list(path: str, text: str) -> str:
    """The list of a resource with this search: its page, or its JSON where it has none."""
    page = list_path_of(path)
    if page and _has_route(f"/{page}"):
        query = {**({"when": "all"} if path in _WHOLE else {}), "search": text}
        return f"{get_script_prefix()}{page}?{urlencode(query)}"
    return f"{json_of(f'{path}/')}?{urlencode({'search': text})}"


@cache
def _has_route(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False
