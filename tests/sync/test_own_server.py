"""A real server as the upstream: our own, which throttles as The Space Devs do."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from launchledger.sync.budget import Budget, NoBudget, Throttle
from launchledger.sync.upstream import GoneReply, ObjectReply, PageReply, ThrottledReply, ThrottleReply, Upstream
from tests.support.processes import database_of_its_own, served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.sqlite_only("replies are the same on both")
def test_calls_to_a_real_server(tmp_path: Path) -> None:
    """A page with its next one, an object, one that is not there, and no limit."""
    with database_of_its_own(tmp_path) as url, served(url) as address, closing(Upstream(f"{address}/2.2.0/")) as upstream:
        page = upstream.list(upstream.request("launch", (("mode", "detailed"), ("limit", "2"))))
        assert isinstance(page, PageReply)
        assert (len(page.objects), page.more, page.count > 2) == (2, True, True)
        found = upstream.one(upstream.request("launch", key=page.objects[0]["id"]))
        assert isinstance(found, ObjectReply)
        assert found.body == page.objects[0]
        assert upstream.one(upstream.request("agencies", key="999999")) == GoneReply()
        assert upstream.throttle() == ThrottleReply(None)


@pytest.mark.sqlite_only("replies are the same on both")
def test_a_real_throttle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its limit and our own use are known after one free call, so that the budget refuses the call that it would refuse."""
    monkeypatch.setenv("LAUNCHLEDGER_THROTTLE_ANONYMOUS", "2/hour")
    monkeypatch.setenv("LAUNCHLEDGER_CACHE_URL", f"sqlite:///{tmp_path}/counters.sqlite3")
    with database_of_its_own(tmp_path) as url, served(url) as address, closing(Upstream(f"{address}/2.2.0/")) as upstream:
        budget = Budget(upstream.server)
        request = upstream.request("config/orbit")
        for outcome in (PageReply, PageReply):
            call = budget.take(request)
            assert isinstance(upstream.list(request), outcome)
            budget.end(call, "page")
        told = upstream.throttle()
        assert isinstance(told, ThrottleReply)
        assert told.throttle
        assert told.throttle == Throttle(2, 3600, 2, told.throttle.next_use)
        budget.believe(told.throttle)
        with pytest.raises(NoBudget):
            budget.take(request)
        refused = upstream.list(request)
        assert isinstance(refused, ThrottledReply)
        assert 3500 < refused.seconds <= 3601
