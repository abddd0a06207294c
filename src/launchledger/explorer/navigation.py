"""Where pages are: the sections in the header, and the addresses of objects.

Promises: an object that has a page is linked to it, everywhere by the same address; one without a page has none, and no link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import get_script_prefix

from launchledger.wire.served import DEFAULT


class Section(NamedTuple):
    """A section of the pages: its name, and the path of its first page, below the root."""

    name: str
    path: str

    @property
    def word(self) -> str:
        """The first word of the paths of its pages."""
        return self.path.rstrip("/")


SECTIONS = (
    Section("Launches", "launches/"),
    Section("Flights", "flights/"),
    Section("Astronauts", "astronauts/"),
    Section("Stations", "stations/"),
    Section("Expeditions", "expeditions/"),
    Section("Spacecraft", "spacecraft/"),
    Section("Vehicles", "vehicles/"),
    Section("Boosters", "boosters/"),
    Section("Sites", "sites/"),
    Section("Agencies", "agencies/"),
    Section("Programs", "programs/"),
    Section("Events", "events/"),
    Section("Statistics", "statistics"),
    Section("Changes", "changes"),
)
"""Those in the header, in their order."""

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)

# The page of an object, by the path of its resource; {} is its id. A launch's slug is the other name of its page.
_PAGES = {
    "launch": "launches/{}",
    "spacecraft/flight": "flights/{}",
    "astronaut": "astronauts/{}",
    "config/launcher": "vehicles/{}",
    "config/spacecraft": "vehicles/spacecraft/{}",
    "spacecraft": "spacecraft/{}",
    "launcher": "boosters/{}",
    "spacestation": "stations/{}",
    "expedition": "expeditions/{}",
    "location": "sites/{}",
    "agencies": "agencies/{}",
    "program": "programs/{}",
    "event": "events/{}",
}


def page_of_resource(path: str, key: Any, root: str | None = None) -> str:
    """The address of an object's page, by the path of its resource; "" if it has none. `root` is the server's, if not given."""
    pattern = _PAGES.get(path)
    return (get_script_prefix() if root is None else root) + pattern.format(key) if pattern else ""


def page_of(shown: Mapping[str, Any] | None) -> str:
    """The address of the page of an object as the wire shows it, by its url; "" if it has none."""
    if not shown or not shown.get("url"):
        return ""
    path, _, key = shown["url"].rstrip("/").rpartition("/")
    if path == "pad":  # has a place on the page of its site
        site = page_of(shown.get("location"))
        return f"{site}#pad-{key}" if site else ""
    return page_of_named(path, key, shown.get("slug"))


def page_of_named(path: str, key: Any, slug: str | None, root: str | None = None) -> str:
    """The address of an object's page, by the path of its resource and its slug, if it has one; "" if it has no page."""
    return page_of_resource(path, slug if path == "launch" and slug and _SLUG.fullmatch(slug) else key, root)


def address_of(path: str) -> str:
    """The address of an object's page by its path below the version, such as `launch/{id}/`; its JSON if it has no page."""
    resource, _, key = path.rstrip("/").rpartition("/")
    return page_of_resource(resource, key) or json_of(path)


def list_path_of(path: str) -> str:
    """The path, below the root, of the page that lists a resource whose objects have pages; "" if they have none."""
    return _PAGES.get(path, "").partition("{")[0]


def paths_with_pages() -> tuple[str, ...]:
    """The paths of the resources whose objects have a page."""
    return tuple(_PAGES)


def json_of(path: str) -> str:
    """The address of a path below the version of the wire, such as `launch/?limit=5`."""
    return f"{get_script_prefix()}{DEFAULT.version}/{path}"
