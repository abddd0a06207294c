"""The pads of a site: as rows of a table, and on maps.

Promises: two queries for the table. A pad without coordinates that can be read is in the table only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from launchledger.catalogue.queries.statements import rows_by_id
from launchledger.explorer.charts.maps import Place, coordinates, pads_plan, site_map, written
from launchledger.explorer.html import linked_to, rows_of
from launchledger.explorer.navigation import page_of_resource
from launchledger.explorer.objects import Shown
from launchledger.explorer.templatetags.pages import web
from launchledger.history import wording

_ROW = (
    '<tr id="pad-{}" tabindex="-1"><th scope="row">{}{}</th><td class="number">{}</td><td class="number">{}</td>'
    '<td class="after short">{}</td><td>{}</td><td>{}</td></tr>'
)
_LINK = '<small><a href="{}" rel="nofollow noreferrer">{}<span class="unseen"> {} {}</span></a></small> '
_LINKS = (("Map", "map_url", "of"), ("Wiki", "wiki_url", "about"), ("More", "info_url", "about"))


@dataclass(frozen=True, slots=True)
class Pad:
    """A pad as its site shows it, with what only its own row has: orbital launches, where it was seen last, its agency."""

    shown: Shown
    orbital: int | None
    source: str
    agency: SafeString | str

    @property
    def name(self) -> str:
        return self.shown["name"] or "unnamed"

    @property
    def place(self) -> tuple[float, float] | None:
        return coordinates(self.shown["longitude"], self.shown["latitude"])


@dataclass(frozen=True, slots=True)
class Map:
    """A map with its title, as templates show it (`parts/map.html`). `name` is its identifier on the page."""

    name: str
    title: str
    svg: SafeString


def pads_of(site: Shown, most: int) -> list[Pad]:
    """The pads of a site, those that launched most first; at most so many."""
    shown = sorted(site["pads"], key=lambda pad: -(pad["total_launch_count"] or 0))[:most]
    rows = rows_by_id("Pad", ("orbital_launch_attempt_count", "source"), [pad["id"] for pad in shown])
    own = {key: (orbital, wording.source(source)) for key, orbital, source in rows}
    keys = {pad["agency_id"] for pad in shown if pad["agency_id"] is not None}
    agencies = {key: _agency(key, name, deleted) for key, name, deleted in rows_by_id("Agency", ("name", "deleted_at"), keys)}
    return [Pad(pad, *own.get(pad["id"], (None, "")), agencies.get(pad["agency_id"], "")) for pad in shown]


def _agency(key: int, name: str, deleted: object) -> SafeString | str:
    address = page_of_resource("agencies", key)
    return linked_to("" if deleted else address, name or "unnamed")


def pad_rows(pads: Iterable[Pad]) -> SafeString:
    """The rows of the table of pads; "" if there is none."""
    return rows_of(_ROW, map(_cells, pads))


def _cells(pad: Pad) -> tuple[object, ...]:
    return (
        pad.shown["id"],
        pad.name,
        _links(pad),
        _count(pad.shown["total_launch_count"]),
        _count(pad.orbital),
        written(*pad.place) if pad.place else "unknown",
        pad.agency,
        pad.source,
    )


def _count(number: int | None) -> str:
    return "unknown" if number is None else wording.count(number)


def _links(pad: Pad) -> SafeString:
    links = [(web(pad.shown[column]), word, of, pad.name) for word, column, of in _LINKS if web(pad.shown[column])]
    return rows_of(_LINK, links)


def maps_of(site: str, pads: Sequence[Pad]) -> list[Map]:
    """The map around a site, and the plan of its pads where they are apart; none without coordinates."""
    places = [_place(pad, *pad.place) for pad in pads if pad.place]
    if not places:
        return []
    name, title = site or "This site", "Where it is"
    maps = [Map("around", title, site_map("around", places, title, f"The land around {name}, with its pads."))]
    title = "Its pads, north up, without the coast"
    description = f"The pads of {name} among themselves; a dot is as large as its launches are many."
    if drawn := pads_plan("plan", places, title, description):
        maps.append(Map("plan", title, drawn))
    return maps


def _place(pad: Pad, longitude: float, latitude: float) -> Place:
    launches = pad.shown["total_launch_count"] or 0
    tip = f"{pad.name}: {launches:,} launch{'' if launches == 1 else 'es'}"
    return Place(pad.name, longitude, latitude, launches, tip, f"#pad-{pad.shown['id']}")


def map_of_pad(pad: Shown) -> Map | None:
    """The map around one pad, None if it has no coordinates."""
    place = coordinates(pad["longitude"], pad["latitude"])
    if place is None:
        return None
    name, title = pad["name"] or "unnamed", f"At {written(*place)}"
    return Map("around", title, site_map("around", [Place(name, *place, 0)], title, f"The land around the pad {name}."))
