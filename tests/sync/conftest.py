"""The clocks of a mirror and of its upstream, which go together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from launchledger.pytest_plugin import LL2
from launchledger.sync import running
from tests.support.syncing import START, Together


@pytest.fixture
def together(ll2: LL2, monkeypatch: pytest.MonkeyPatch) -> Iterator[Together]:
    """Both clocks at the start. A wait is not cut into pieces, each of which would be a call to the sandbox."""
    monkeypatch.setattr(running, "LONGEST_WAIT", running.LONGEST_WITHOUT_PLAN)
    ll2.at(START)
    with time_machine.travel(START, tick=False) as ours:
        yield Together(ll2, ours)
