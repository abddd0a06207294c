"""Identifying objects: by their own address, else by what the user or the file names.

The address may have any host, prefix and readable version, or be relative; `--as`, the request line of a browsable page and the
file's name identify objects without one (choices, the details of locations, updates).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from launchledger.formats.texts import shorten
from launchledger.wire.reader import Refusal
from launchledger.wire.served import DEFAULT, WIRES, wire_reading
from launchledger.wire.wire import Wire

_REQUEST = re.compile(r"(?:/[^?\s]*)?/\d+\.\d+\.\d+/([a-z_/]+?)/(?:[0-9a-f-]+/)?(?:upcoming/|previous/)?(?:\?.*)?", re.ASCII)
_NAMED = {path.replace("/", "_"): path for path in DEFAULT.model_of_path}


def resource_named(name: str) -> str:
    """The resource with this name: its path with /, - or _, or the last word of a choice list's. "" if there is none."""
    wanted = re.sub("[/-]", "_", name.strip("/").lower())
    return _NAMED.get(wanted) or _NAMED.get(f"config_{wanted}", "")


def resource_of_file(path: Path) -> str:
    """The resource in the name of a file, before the first `__` or dot; "" if there is none."""
    return resource_named(path.name.split("__")[0].split(".")[0])


def resource_of_request(request: str) -> str:
    """The resource of a request line; "" if there is none."""
    found = _REQUEST.fullmatch(request)
    return resource_named(found[1]) if found else ""


def identify(body: Any, fallback: str) -> tuple[Wire, str]:
    """The version of an object, and its model; `fallback` is the resource of an object without an address. Raises Refusal."""
    if not isinstance(body, dict):
        raise Refusal("$", "is not an object")
    if body.keys() == {"detail"}:
        raise Refusal("$", f"is an error reply: {shorten(body['detail'])}")
    address = DEFAULT.reader.address_in(body.get("url"))
    if address:
        version, resource, _ = address
        wire = wire_reading(version)
        if wire is None:
            readable = ", ".join(version for wire in WIRES.values() for version in wire.reads)
            raise Refusal("$.url", f"names version {version}; this server reads {readable}")
        if resource not in wire.reader.model_of_resource:
            raise Refusal("$.url", f"names {resource}, which is not a resource of version {wire.version}")
        return wire, wire.reader.model_of_resource[resource]
    if not fallback:
        raise Refusal("$", "has no url that identifies it; name its resource with --as RESOURCE")
    if fallback not in DEFAULT.model_of_path:
        raise Refusal("$", f"is loaded as {fallback}, which is not a resource of version {DEFAULT.version}")
    return DEFAULT, DEFAULT.model_of_path[fallback]
