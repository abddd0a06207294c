"""One change in a sandbox: how urgent it is to notice it, and its form in a script."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from launchledger.formats.times import format_date_time

NEAR, TODAY, LISTED, ELSE, DELETED, DETAILS = (
    "launches within 1 h of T-0",
    "launches within 24 h",
    "other launches and events",
    "anything else",
    "deletions",
    "facts of details",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an object: `columns` are those that it changes, none for a new or deleted object."""

    at: float
    path: str
    key: str
    action: str
    urgency: str
    body: dict[str, Any] | None = None

    @property
    def columns(self) -> list[str]:
        return sorted((self.body or {}).keys() - {"id", "last_updated"}) if self.action == "set" else []

    def as_toml(self) -> str:
        """As a table of a script."""
        at = format_date_time(datetime.fromtimestamp(self.at, UTC))
        key = f'"{self.key}"' if self.path == "launch" else self.key
        lines = ["[[change]]", f"at = {at}", f'resource = "{self.path}"']
        if self.action == "delete":
            return "\n".join([*lines, f"id = {key}", "delete = true"])
        body = {name: value for name, value in (self.body or {}).items() if name != "id"}
        pairs = [f"{name} = {_toml(value)}" for name, value in body.items()]
        if self.action == "create":
            return "\n".join([*lines, f"create = {{ {', '.join([f'id = {key}', *pairs])} }}"])
        return "\n".join([*lines, f"id = {key}", f"set = {{ {', '.join(pairs)} }}"])

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "columns": self.columns}


def _toml(value: Any) -> str:
    """A value as TOML has it; its texts are those of JSON."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_toml(each)}' for name, each in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
