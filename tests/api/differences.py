"""Where the served document differs from the contract, all of it, read from `openapi_differences.toml`."""

import tomllib
from pathlib import Path

_LISTED = tomllib.loads((Path(__file__).parent / "openapi_differences.toml").read_text(encoding="utf-8"))

NOT_SERVED_YET = {each["path"] for each in _LISTED.get("missing_path", [])}
PARAMETERS_TO_COME = {(each["path"], each["parameter"]) for each in _LISTED.get("missing_parameter", [])}
FURTHER_PARAMETERS = {
    (path, name) for each in _LISTED.get("further_parameters", []) for path in each["paths"] for name in each["parameters"]
}
FURTHER_STATUSES = {status for each in _LISTED.get("further_statuses", []) for status in each["statuses"]}
FURTHER_REPLIES = {each["path"]: each["schema"] for each in _LISTED.get("further_reply", [])}
