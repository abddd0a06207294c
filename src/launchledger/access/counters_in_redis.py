"""Calls counted in Redis or Valkey, shared by every machine that is configured with its URL.

The times of one identity are a list, at most as long as its rate allows, which expires when its last call has left the window. A
script runs on the server as one step, so no other call comes between the check and the count.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from launchledger.access.counters import SECOND, CountersFail
from launchledger.conf.rates import Rate

PATIENCE = 0.5  # seconds for the server to answer
PREFIX = "launchledger:calls:"

# KEYS: the list. ARGV: calls, window, now; both in microseconds.
# A number is stored as the text that was sent, because Lua would write a large one with an exponent.
_WAIT = """
local calls, window, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local stored = redis.call('LLEN', KEYS[1])
local wait = 0
if stored >= calls then
  wait = math.max(0, tonumber(redis.call('LINDEX', KEYS[1], -calls)) + window - now)
end
"""
_TAKE = (
    _WAIT
    + """
if wait > 0 then return wait end
local last = redis.call('LINDEX', KEYS[1], -1)
redis.call('RPUSH', KEYS[1], (last and tonumber(last) > now) and last or ARGV[3])
redis.call('LTRIM', KEYS[1], -calls, -1)
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000) + 1000)
return 0
"""
)
# The times never decrease, so a binary search finds the first one inside the window.
_USE = (
    _WAIT
    + """
local low, high = math.max(0, stored - calls), stored
while low < high do
  local middle = math.floor((low + high) / 2)
  if tonumber(redis.call('LINDEX', KEYS[1], middle)) > now - window then high = middle else low = middle + 1 end
end
return {stored - low, wait}
"""
)


class CountersInRedis:
    def __init__(self, url: str) -> None:
        self._url = url

    def take(self, ident: str, rate: Rate, now: int) -> int:
        return int(self._run("_take", ident, rate, now))

    def use(self, ident: str, rate: Rate, now: int) -> tuple[int, int]:
        calls, wait = self._run("_use", ident, rate, now)
        return int(calls), int(wait)

    def close(self) -> None:
        self._client.close()

    def _run(self, script: str, ident: str, rate: Rate, now: int) -> Any:
        try:
            return getattr(self, script)(keys=[PREFIX + ident], args=[rate.calls, rate.seconds * SECOND, now])
        except (RedisError, OSError, ValueError) as error:
            raise CountersFail(f"Redis: {error}") from None

    @cached_property
    def _client(self) -> Any:
        # No retry: the first try may have counted. A connection that the server closed meanwhile is reopened anyway.
        once = Retry(NoBackoff(), 0)
        return Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)

    @cached_property
    def _take(self) -> Any:
        return self._client.register_script(_TAKE)

    @cached_property
    def _use(self) -> Any:
        return self._client.register_script(_USE)
