"""What several migrations do: write the sort keys of rows that were there before their column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from launchledger.catalogue.sorting import sort_key


def write_keys(*columns: tuple[str, str]) -> Callable[[Any, Any], None]:
    """A step for RunPython; `columns` are pairs of a model and its column that has a `_key`."""

    def write(apps: Any, editor: Any) -> None:
        for kind, column in columns:
            rows = apps.get_model("catalogue", kind).objects
            found = list(rows.exclude(**{column: None}).only("pk", column))
            for row in found:
                setattr(row, f"{column}_key", sort_key(getattr(row, column)))
            rows.bulk_update(found, [f"{column}_key"], batch_size=500)

    return write
