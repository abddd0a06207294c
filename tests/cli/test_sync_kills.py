"""`launchledger sync`, killed at random moments: it costs at most the call that was on its way, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from launchledger.pytest_plugin import LL2
from tests.support.killing import digest_of_mirror, kept, kill_often, paid_twice
from tests.support.processes import database_of_its_own, run

KILLS = 10


@pytest.mark.django_db(transaction=True)
def test_a_mirror_that_was_killed_is_as_one_that_was_not(ll2: LL2, tmp_path: Path) -> None:
    """The same catalogue in the end, and no call paid twice."""
    ll2.at(ll2.now)  # stands still, so that nobody is a minute longer in space for the second mirror
    with database_of_its_own(tmp_path) as undisturbed, database_of_its_own(tmp_path) as killed:
        run(undisturbed, "sync", "--once", "--upstream", ll2.url)
        before = len(ll2.requests)
        working = kill_often(killed, ll2.url, KILLS, Random())
        asked = [request for request in ll2.requests[before:] if "api-throttle" not in request.path]
        calls = kept(killed)
        assert paid_twice(calls) == []
        assert len(asked) - len(calls) <= KILLS
        assert working >= KILLS // 3
        run(killed, "sync", "--once", "--upstream", ll2.url)
        assert digest_of_mirror(killed) == digest_of_mirror(undisturbed)
