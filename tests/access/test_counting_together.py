"""Many processes counting at once: none is counted twice, and none is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from launchledger.access.counting import Use, use
from launchledger.conf.rates import Rate

_TAKE = """
import sys, time, django
django.setup()
from launchledger.access.counting import take
from launchledger.conf.rates import Rate

calls, times = int(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.read()
print(sum(take("one", Rate(calls, 3600), time.time()) == 0 for _ in range(times)))
"""


def _together(url: str, *, calls: int, times: int, processes: int = 4) -> list[int]:
    """How many calls of each process went through, when each makes so many as fast as it can, all starting at once."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "launchledger.conf.settings", "LAUNCHLEDGER_CACHE_URL": url}
    words = [sys.executable, "-c", _TAKE, str(calls), str(times)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(words, env=environment, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.close()
    let_through = []
    for process in running:
        with process:
            assert process.stdout is not None
            let_through.append(int(process.stdout.read()))
        assert process.returncode == 0
    return let_through


def test_the_limit_is_exact(counters_url: str) -> None:
    """Four processes make 4,000 calls at once where 1,500 are allowed: 1,500 go through, on counters that were not there yet."""
    assert sum(_together(counters_url, calls=1500, times=1000)) == 1500
    assert use("one", Rate(1500, 3600), time.time()).calls == 1500


def test_no_call_is_lost(counters_url: str) -> None:
    """Far from the limit every call goes through, and every one is counted."""
    assert _together(counters_url, calls=100_000, times=1000) == [1000] * 4
    assert use("one", Rate(100_000, 3600), time.time()) == Use(4000, 0)
