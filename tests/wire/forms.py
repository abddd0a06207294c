"""The objects of a long reply that a test must try: those that differ in form from all before them.

Two objects that have the same keys, with values of the same form at each, are read and rendered by the same steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.support.second_database import EVERYWHERE

_TIME = re.compile(r"-?P?\d[\dTHMSWDYZ:.+-]*")
_PLAIN = re.compile(r"[ !#-\[\]-~]+")


def distinct_in_form(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects with a key, or a form of value at a key, that no object before has; each night all of them."""
    known: set[tuple[str, str]] = set()
    found = []
    for item in items:
        forms = set(_forms(item, "$"))
        if EVERYWHERE or not forms <= known:
            known |= forms
            found.append(item)
    return found


def _forms(value: Any, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            yield path, "object"
            for key, member in value.items():
                yield from _forms(member, f"{path}.{key}")
        case list():
            yield path, f"list of {min(len(value), 2)}"
            for member in value:
                yield from _forms(member, f"{path}[]")
        case str():
            yield path, _form_of_text(value)
        case bool() | None:
            yield path, str(value)
        case _:
            yield path, f"{type(value).__name__} {(value > 0) - (value < 0)}"


def _form_of_text(text: str) -> str:
    """Times and durations by where their digits are; other texts by whether they are blank, or JSON escapes them or not."""
    if _TIME.fullmatch(text):
        return re.sub(r"\d+", "9", text)
    if not text.strip():
        return repr(text)
    return "plain text" if _PLAIN.fullmatch(text) else "text with other characters"
