"""What the page of an object says to search engines and to programs that show links: a description, Open Graph and JSON-LD.

Promises: what is there is what the page shows; a time is no more exact than it is known; the JSON is in a block of data, which no
browser runs, and nothing in it can end the block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from launchledger.explorer.navigation import page_of
from launchledger.explorer.objects import Shown
from launchledger.explorer.templatetags.pages import web
from launchledger.formats.encoding import encode
from launchledger.formats.times import parse_date_time
from launchledger.history import wording

LONGEST = 300  # characters of a description; search engines show some 160

# So many characters of a time in ISO 8601, and what follows, by the abbreviation of its precision; of others the year.
_BY_PRECISION = {None: (19, "Z"), "SEC": (19, "Z"), "MIN": (19, "Z"), "HR": (13, ":00Z"), "DAY": (10, ""), "M": (7, "")}
_UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def about(shown: Shown, base: str, root: str) -> SafeString:
    """The elements of the head for an object. `base` is the absolute address of the first page, `root` its path."""

    def absolute(address: str) -> str:
        return base + address.removeprefix(root) if address else ""

    kind = shown["url"].rstrip("/").rpartition("/")[0]
    data, image = _DATA.get(kind, _nothing)(shown, absolute), web(_image(shown))
    description = _description(kind, shown)
    properties = [
        ("og:site_name", "Launchledger"),
        ("og:type", "profile" if kind == "astronaut" else "website"),
        ("og:title", wording.shorten(_name(shown) or "Without a name")),
        ("og:url", absolute(page_of(shown))),
        ("og:description", description),
        ("og:image", image),
    ]
    tags = format_html_join("\n    ", '<meta property="{}" content="{}">', ((name, text) for name, text in properties if text))
    head = format_html('<meta name="description" content="{}">\n    {}', description, tags)
    return head + _block(data) if data else head


def _block(data: Mapping[str, Any]) -> SafeString:
    text = encode({"@context": "https://schema.org", **data}).decode().translate(_UNSAFE)
    return SafeString(f'\n    <script type="application/ld+json">{text}</script>')


def _description(kind: str, shown: Shown) -> str:
    """A sentence with what matters most, then the object's own description, cut."""
    if kind == "launch":
        status, pad = shown["status"] or {}, shown["pad"] or {}
        place = ", ".join(filter(None, [pad.get("name"), (pad.get("location") or {}).get("name")]))
        net = wording.net(parse_date_time(shown["net"]), _precision(shown, "net_precision")) if shown["net"] else "unknown net"
        first = (
            f"{shown['name'] or 'A launch'}: {net}{f' from {place}' if place else ''}, {status.get('name') or 'status unknown'}."
        )
        more = (shown["mission"] or {}).get("description")
    else:
        first, more = _name(shown), shown.get("description") or shown.get("details") or shown.get("bio")
        first = f"{first}." if first and more else first
    return _cut(" ".join(filter(None, [first, more])))


def _name(shown: Shown) -> str:
    """Its name, also of what has another name for it: a launcher its serial number, and a flight that of its spacecraft."""
    spacecraft = shown.get("spacecraft")  # of an agency a text
    of_craft = spacecraft.get("name") if isinstance(spacecraft, Mapping) else ""
    return shown.get("full_name") or shown.get("name") or shown.get("serial_number") or of_craft or ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _image(shown: Shown) -> str:
    names = ("image", "feature_image", "profile_image", "image_url", "logo_url")
    return next((shown[name] for name in names if shown.get(name)), "")


def _precision(shown: Shown, name: str) -> str | None:
    abbrev: str | None = (shown.get(name) or {}).get("abbrev")
    return abbrev


def _moment(text: str | None, precision: str | None) -> str:
    """A time as ISO 8601, as exactly as it is known; "" for decades."""
    if not text or precision == "DEC":
        return ""
    length, end = _BY_PRECISION.get(precision, (4, ""))
    return parse_date_time(text).isoformat()[:length] + end


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _launch(shown: Shown, absolute: Callable[[str], str]) -> dict[str, Any]:
    pad, provider = shown["pad"] or {}, shown["launch_service_provider"] or {}
    return _filled(
        {
            "@type": "Event",
            "name": shown["name"],
            "startDate": _moment(shown["net"], _precision(shown, "net_precision")),
            "description": _cut((shown["mission"] or {}).get("description") or ""),
            "image": web(shown["image"]),
            "url": absolute(page_of(shown)),
            "location": _place(pad),
            "organizer": _organization(provider, absolute),
        }
    )


def _event(shown: Shown, absolute: Callable[[str], str]) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Event",
            "name": shown["name"],
            "startDate": _moment(shown["date"], _precision(shown, "date_precision")),
            "description": _cut(shown["description"] or ""),
            "image": web(shown["feature_image"]),
            "url": absolute(page_of(shown)),
            "location": {"@type": "Place", "name": shown["location"]} if shown["location"] else None,
            "organizer": [_organization(agency, absolute) for agency in shown["agencies"] if agency][:10],
        }
    )


def _person(shown: Shown, absolute: Callable[[str], str]) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Person",
            "name": shown["name"],
            "birthDate": shown["date_of_birth"],
            "deathDate": shown["date_of_death"],
            "nationality": shown["nationality"],
            "affiliation": _organization(shown["agency"] or {}, absolute),
            "description": _cut(shown["bio"] or ""),
            "image": web(shown["profile_image"]),
            "url": absolute(page_of(shown)),
            "sameAs": list(filter(None, (web(shown[name]) for name in ("wiki", "twitter", "instagram")))),
        }
    )


def _place(pad: Mapping[str, Any]) -> dict[str, Any] | None:
    site = (pad.get("location") or {}).get("name")
    name = ", ".join(filter(None, [pad.get("name"), site]))
    return _filled({"@type": "Place", "name": name, "address": site, "geo": _geo(pad)}) if name else None


def _geo(pad: Mapping[str, Any]) -> dict[str, Any] | None:
    latitude, longitude = pad.get("latitude"), pad.get("longitude")
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude} if latitude and longitude else None


def _organization(agency: Mapping[str, Any], absolute: Callable[[str], str]) -> dict[str, Any] | None:
    if not agency.get("name"):
        return None
    return _filled({"@type": "Organization", "name": agency["name"], "url": absolute(page_of(agency))})


def _nothing(shown: Shown, absolute: Callable[[str], str]) -> dict[str, Any]:
    return {}


_DATA = {"launch": _launch, "event": _event, "astronaut": _person}
