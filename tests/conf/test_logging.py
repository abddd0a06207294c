"""Logging: what a server writes about its requests, as real lines of a real process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import environment

_REQUESTS = """
import launchledger.site.wsgi, logging, structlog
from django.test import Client
from launchledger.api.authentication import KeyAuthentication

client = Client(raise_request_exception=False)
key = {"authorization": "Token geheim"}
for number in range(50):
    client.get(f"/nothing/{number}/?key=geheim", headers=key)
    client.get("/2.2.0/pad/?" + "a&" * 2000, headers=key)
    client.get("/2.2.0/pad/?key=geheim", headers={**key, "host": f"evil-{number} .example"})
client.get("/2.2.0/agencies/?key=geheim", headers=key)
KeyAuthentication.authenticate = lambda self, request: 1 / 0
client.get("/2.2.0/pad/?key=geheim", headers=key)
structlog.get_logger("ours").info("a line", rocket="Союз", number=3)
logging.getLogger("theirs").warning("theirs %s", "too")
"""


def _lines(folder: Path, **variables: str) -> list[str]:
    """What these requests make a server write, on an empty database, and with code that fails."""
    url = f"sqlite:///{folder}/empty.sqlite3"
    asked = subprocess.run(
        [sys.executable, "-c", _REQUESTS], env={**environment(url), **variables}, capture_output=True, text=True, check=True
    )
    assert asked.stdout == ""
    return asked.stderr.splitlines()


@pytest.mark.parametrize("format", ["json", "console"])
def test_clients_fill_no_log_and_no_secret_is_in_it(tmp_path: Path, format: str) -> None:
    """Of 150 wrong requests one line is left, about a host; a failure is logged with its path, without query and key."""
    lines = _lines(tmp_path, LAUNCHLEDGER_LOG_FORMAT=format)
    text = "\n".join(lines)
    assert text.count("evil-") == 1
    assert "/nothing/" not in text
    assert "Internal Server Error: /2.2.0/pad/" in text
    assert "Traceback (most recent call last)" in text
    assert "ZeroDivisionError" in text
    assert "/2.2.0/agencies/" not in text  # the database cannot be used, which has one line for all requests
    assert text.count("requests are answered with 503: the database lacks this version's tables") == 1
    assert "geheim" not in text


def test_machines_get_one_json_object_a_line(tmp_path: Path) -> None:
    """Every line, of ours, of Django's and of others, is one JSON object with its time, level and logger; text stays readable."""
    entries = [json.loads(line) for line in _lines(tmp_path, LAUNCHLEDGER_LOG_FORMAT="json")]
    assert all({"event", "level", "logger", "timestamp"} <= set(entry) for entry in entries)
    ours = next(entry for entry in entries if entry["logger"] == "ours")
    assert (ours["event"], ours["rocket"], ours["number"], ours["level"]) == ("a line", "Союз", 3, "info")
    of_others = {"theirs", "django.request", "django.security.DisallowedHost"}
    assert {entry["logger"] for entry in entries} == {"ours", "launchledger.database"} | of_others


def test_the_level_is_respected(tmp_path: Path) -> None:
    """With WARNING a line of INFO is not written; with DEBUG errors of clients are."""
    quiet = "\n".join(_lines(tmp_path, LAUNCHLEDGER_LOG_LEVEL="WARNING"))
    assert "a line" not in quiet
    assert "theirs too" in quiet
    assert "Not Found: /nothing/7/" in "\n".join(_lines(tmp_path, LAUNCHLEDGER_LOG_LEVEL="DEBUG"))
