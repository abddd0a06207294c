"""What all pages are made of: addresses, times, facts with their sources, pictures and plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from launchledger.catalogue.queries.overview import NextLaunch
from launchledger.explorer import navigation
from launchledger.explorer.finding import Hit
from launchledger.explorer.html import escaped, linked_to, rows_of
from launchledger.formats.spans import in_hours, span
from launchledger.formats.times import parse_date_time, parse_duration
from launchledger.history import wording

register = Library()
register.filter("page", navigation.page_of)
register.filter("json_address", navigation.json_of)
register.filter("address", navigation.address_of)

_EXACT = ("SEC", "MIN", "HR")  # precisions of a net that has a time of day, which readers see in their zone too


@register.simple_tag(takes_context=True)
def band(context: Context) -> SafeString:
    """The header of every page. It is drawn once for each section and prefix."""
    section = context.get("section", "")
    known = any(section == each.word for each in navigation.SECTIONS)
    return _band(get_script_prefix(), section if known else "")


@lru_cache(maxsize=128)  # a proxy that is trusted may send several prefixes
def _band(_prefix: str, section: str) -> SafeString:
    return SafeString(render_to_string("launchledger/parts/band.html", {"section": section}))


@register.simple_tag
def sections() -> tuple[navigation.Section, ...]:
    """The sections in the header."""
    return navigation.SECTIONS


@register.simple_tag
def time(at: datetime | str | None, precision: str | Mapping[str, Any] | None = "MIN") -> SafeString | str:
    """A time as exactly as it is known, in UTC; a script adds the reader's zone where it has a time of day.

    `precision` is that of a net: its abbreviation, or as the wire shows it.
    """
    if not at:
        return "unknown"
    abbrev = precision.get("abbrev") if isinstance(precision, Mapping) else precision
    moment = (parse_date_time(at) if isinstance(at, str) else at).astimezone(UTC)
    local = ' class="exact"' if abbrev in _EXACT or not abbrev else ""
    written = f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"  # %Y would write the year 1 with one digit
    return mark_safe(f'<time datetime="{written}"{local}>{escaped(wording.net(moment, abbrev))}</time>')  # noqa: S308  (escaped)


@register.simple_tag
def hits(found: Sequence[Hit]) -> SafeString:
    """What a search found, as items of a list."""
    item = '<li><a href="{}">{}</a> <small>{}</small></li>'
    return rows_of(item, ((hit.address, hit.name, hit.at) for hit in found))


@register.filter
def launch_page(launch: NextLaunch) -> str:
    """The address of a launch of the overview."""
    return navigation.page_of_named("launch", launch.id, launch.slug)


@register.simple_tag
def launch_rows(launches: Sequence[NextLaunch]) -> SafeString:
    """The rows of a table of launches to come: all but the first, which the page shows by itself."""
    row = '<tr><td class="when">{}</td><th scope="row"><a href="{}">{}</a> <small>{}</small></th></tr>'
    return rows_of(
        row,
        (
            (
                time(launch.net, launch.precision),
                launch_page(launch),
                launch.name or "without a name",
                ", ".join([launch.status or "Status unknown", *launch.where]),
            )
            for launch in launches[1:]
        ),
    )


@register.simple_tag
def object_link(path: str, key: int | str | None, name: str | None) -> SafeString | str:
    """An object by its name, with a link to its page, or to its JSON where it has no page."""
    if key is None:
        return conditional_escape(name or "unknown")
    return linked_to(navigation.address_of(f"{path}/{key}/"), name or "unnamed")


@register.filter
def ordinal(number: int) -> str:
    """A rank in figures, such as 1st, 22nd or 113th."""
    teens = 10 <= number % 100 <= 20
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


@register.filter
def web(address: str | None) -> str:
    """The address of a link out of the catalogue; "" for all that is not a web address, such as a script."""
    return address if address and address.lower().startswith(("https://", "http://")) else ""


@register.filter
def duration(text: str | None) -> str:
    """A duration of the wire in words, such as `16 d 15 h`."""
    return span(parse_duration(text).total_seconds()) if text else ""


@register.filter
def hours(text: str | None) -> str:
    """A duration of the wire in hours and minutes, as the field gives the time of spacewalks."""
    return in_hours(parse_duration(text).total_seconds()) if text else ""


@register.simple_tag
def link(shown: Mapping[str, Any] | None, name: str = "name") -> SafeString | str:
    """An object by its name, with a link to its page if it has one."""
    return linked((shown or {}).get(name) or ("unnamed" if shown else "unknown"), navigation.page_of(shown))


def linked(name: str | None, address: str) -> SafeString | str:
    """A name with a link to this address, if there is one."""
    return linked_to(address, name or "unnamed")
