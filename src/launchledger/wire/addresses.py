"""Addresses of objects, of any host, prefix and version."""

import re

_USUAL = re.compile(r"https?://[^/?#\s]+(?:/api)?/(\d+\.\d+\.\d+)/([a-z_]+(?:/[a-z_]+)*)/([0-9a-f-]+)/?(?:\?[^#]*)?", re.ASCII)
_ADDRESS = re.compile(r"(?:https?:)?//[^/?#\s]+(/[^?#\s]*)(?:\?[^#]*)?", re.ASCII | re.IGNORECASE)
_REFERENCE = re.compile(r"([^?#\s:]+)(?:\?[^#]*)?", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_RESOURCE = re.compile(r"[a-z_]+(?:/[a-z_]+)*", re.ASCII)
_ENCODED = re.compile("%([0-9a-f]{2})", re.ASCII | re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def parse_address(address: str) -> tuple[str, str, str] | None:
    """Return `(version, resource, id)` of an object's address, or None for other texts.

    The address may have a prefix before its version, such as a mirror's, and any spelling that RFC 3986 (6.2.2) calls
    equivalent: scheme and host in any case, unreserved letters percent-encoded, segments `.` and `..`. A relative reference may
    omit the version (then ""); an absolute address without one may lead anywhere and gives None.
    """
    usual = _USUAL.fullmatch(address)  # nearly all match; the general way costs ten times as much
    if usual:
        return usual[1], usual[2], usual[3]
    absolute = _ADDRESS.fullmatch(address)
    reference = absolute or _REFERENCE.fullmatch(address)
    if not reference:
        return None
    *before, last = _segments(reference[1])
    key = last.removesuffix(".json").removesuffix(".api")
    place = next((place for place in range(len(before) - 1, -1, -1) if _VERSION.fullmatch(before[place])), None)
    resource = "/".join(before if place is None else before[place + 1 :])
    if not key or not _RESOURCE.fullmatch(resource):
        return None
    if place is not None:
        return before[place], resource, key
    return None if absolute else ("", resource, key)


def _segments(path: str) -> list[str]:
    """The segments of a path, normalized by RFC 3986 (6.2.2.2, 5.2.4), without the empty ones at its beginning and end."""
    decoded = _ENCODED.sub(lambda found: letter if (letter := chr(int(found[1], 16))) in _UNRESERVED else found[0], path)
    segments: list[str] = []
    for segment in decoded.removeprefix("/").removesuffix("/").split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    return segments or [""]
