"""The input of the catalogue: what one object says about one row. Plain Python: a reader of replies needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

Key = int | str


@dataclass(slots=True)
class Record:
    """What one object says about one row.

    `columns` holds plain values and the keys of `one` relations; `lists` the keys of members in the order given; `owned` the rows
    of lists whose members have no id, each as columns; `not_understood` the keys that no shape knows, with their values.
    """

    model: str
    key: Key
    columns: dict[str, Any] = default(default_factory=dict)
    lists: dict[str, list[Key]] = default(default_factory=dict)
    owned: dict[str, list[dict[str, Any]]] = default(default_factory=dict)
    not_understood: dict[str, Any] = default(default_factory=dict)
