"""The objects of a reply: those of a page, and of what other programs wrap around pages and objects.

Promises: a container without an identifiable object is reported when it is left out; plain values next to the objects (`count`,
`next`, `status`, `cached_at`) belong to the wrapping and are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from launchledger.wire.reader import Refusal, key_path
from launchledger.wire.served import WIRES

MOST_LEVELS = 3  # of wrapping: {"data": {"response": {"results": [...]}}}
RESULTS = "results"


def is_wrapping(body: Any) -> bool:
    """Whether this is a wrapping of objects, not an object of the catalogue itself."""
    if not isinstance(body, dict) or "id" in body or "url" in body:
        return False
    if isinstance(body.get(RESULTS), list):
        return True
    known = (keys for wire in WIRES.values() for keys in wire.reader.keyless)
    return _holds_objects(body, MOST_LEVELS) and not any(len(body) > 1 and body.keys() <= keys for keys in known)


def objects_in(body: Any, path: str, levels: int = MOST_LEVELS) -> Iterator[tuple[str, Any, Refusal | None]]:
    """Yield the objects in wrapping with their paths, and a refusal for each container that is left out."""
    for key, value in body.items():
        here = key_path(path, key)
        if isinstance(value, list) and (key == RESULTS or _holds_objects(value, levels)):
            for place, member in enumerate(value):
                if levels and is_wrapping(member):
                    yield from objects_in(member, f"{here}[{place}]", levels - 1)
                else:
                    yield f"{here}[{place}]", member, None
        elif isinstance(value, dict) and levels and is_wrapping(value):
            yield from objects_in(value, here, levels - 1)
        elif isinstance(value, dict) and _is_object(value):
            yield here, value, None
        elif value and isinstance(value, dict | list):
            yield here, None, Refusal(here, "holds no object that can be identified, and was left out")


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and "id" in value


def _holds_objects(value: Any, levels: int) -> bool:
    members = value if isinstance(value, list) else value.values()
    return any(
        _is_object(member)
        or (isinstance(member, dict) and isinstance(member.get(RESULTS), list))
        or (levels > 0 and isinstance(member, dict | list) and _holds_objects(member, levels - 1))
        for member in members
    )
