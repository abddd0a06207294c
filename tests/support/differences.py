"""Where the served document differs from the contract, all of it, read from `openapi_differences.toml`."""

import tomllib
from pathlib import Path
from typing import Any

_LISTED = tomllib.loads((Path(__file__).parent / "openapi_differences.toml").read_text(encoding="utf-8"))

NOT_SERVED_YET = {each["path"] for each in _LISTED.get("missing_path", [])}
FURTHER_PATHS = {each["path"]: each["schemas"] for each in _LISTED.get("further_path", [])}
FURTHER_PROPERTIES = {name for each in _LISTED.get("further_property", []) for name in each["properties"]}
PARAMETERS_TO_COME = {(each["path"], each["parameter"]) for each in _LISTED.get("missing_parameter", [])}
FURTHER_PARAMETERS = {
    (path, name) for each in _LISTED.get("further_parameters", []) for path in each["paths"] for name in each["parameters"]
}
FURTHER_STATUSES = {status for each in _LISTED.get("further_statuses", []) for status in each["statuses"]}
NULLABLE = {name for each in _LISTED.get("nullable", []) for name in each["properties"]}
FURTHER_REPLIES = {each["path"]: each["schema"] for each in _LISTED.get("further_reply", [])}


def never_null(property: dict[str, Any]) -> dict[str, Any]:
    """The schema of a property without the null that only ours has."""
    plain = {key: value for key, value in property.items() if key != "nullable"}
    nested: dict[str, Any] = plain["allOf"][0] if "allOf" in plain else plain
    return nested
