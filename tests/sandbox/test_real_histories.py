"""True histories, played to the sandbox: pages of upstream's launches that were saved on many days of 2025."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from launchledger.pytest_plugin import LL2
from tests.support.upstream import REPLIES, needs_upstream

WATCHED = ("net", "window_start", "window_end", "name", "last_updated", "status", "net_precision", "probability")


def _sightings() -> list[dict[str, Any]]:
    """Each launch as it was after each of its changes, in the order of `last_updated`."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for file in sorted((REPLIES / "2.2.0").glob("launch__list__*.json")):
        for launch in json.loads(file.read_text(encoding="utf-8"))["results"]:
            if launch.get("type") == "normal":
                found[launch["last_updated"], launch["id"]] = launch
    return [launch for _, launch in sorted(found.items(), key=lambda item: item[0])]


@needs_upstream
def test_each_change_is_served_as_upstream_sent_it(ll2: LL2) -> None:
    """The clock goes from change to change; after each the launch is as it then was: slips, scrubs, results."""
    changes = _sightings()
    known: set[str] = set()
    for change in changes:
        ll2.at(change["last_updated"])
        if change["id"] in known:
            ll2.change("launch", change["id"], set=change)
        else:
            ll2.change("launch", create=change)
        known.add(change["id"])
        with urllib.request.urlopen(f"{ll2.url}launch/{change['id']}/", timeout=20) as response:
            served = json.loads(response.read())
        assert {key: served[key] for key in WATCHED} == {key: change[key] for key in WATCHED}
    assert len(changes) > len(known) > 50
