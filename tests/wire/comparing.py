"""Comparing a reply with what came back: values, types and the order of keys, with the path of each difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def differences(sent: Any, got: Any, path: str = "$") -> Iterator[str]:
    """Yield each path where `got` differs from `sent`. Numbers compare by value: most collectors wrote 15.0 as 15."""
    if isinstance(sent, dict) and isinstance(got, dict):
        if list(sent) != list(got):
            yield f"{path}: keys {list(sent)} came back as {list(got)}"
        for key in sent.keys() & got.keys():
            yield from differences(sent[key], got[key], f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(got, list):
        if len(sent) != len(got):
            yield f"{path}: {len(sent)} members came back as {len(got)}"
        for place, (before, after) in enumerate(zip(sent, got, strict=False)):
            yield from differences(before, after, f"{path}[{place}]")
    elif sent != got or isinstance(sent, bool) != isinstance(got, bool):
        yield f"{path}: {sent!r} came back as {got!r}"


def copies_disagree(body: Any) -> bool:
    """Whether one reply holds two copies of an agency that order its country codes differently, as one real reply does."""
    orders: dict[int, set[str]] = {}
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            if "country_code" in value and "/agencies/" in str(value.get("url")):
                orders.setdefault(value["id"], set()).add(value["country_code"])
    return any(len(order) > 1 for order in orders.values())


def without_country_order(body: Any) -> Any:
    """The same reply with every list of country codes sorted."""
    if isinstance(body, list):
        return [without_country_order(value) for value in body]
    if isinstance(body, dict):
        return {
            key: ",".join(sorted(value.split(","))) if key == "country_code" and value else without_country_order(value)
            for key, value in body.items()
        }
    return body
