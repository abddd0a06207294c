"""After any edit: a tenth of a second after the commit every reply of every worker is the same as one rendered from rows.

Two servers with one worker each, so that each can be tested by itself, answer from memory, from documents and from rows; a third
process writes, and renders without caches. `LAUNCHLEDGER_EXAMPLES` is how many lives of a catalogue are tried.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from launchledger.catalogue.actions import Observation
from launchledger.catalogue.records import Record
from launchledger.http_cache.revision import EVERY
from launchledger.wire.v2_2_0 import WIRE
from tests.journeys.asking import CODINGS, Asker
from tests.journeys.edits import ADDITIONS, BEGINNING, BODIES, MOVES, Move, bodies
from tests.support.addresses import ADDRESSES
from tests.support.beside import Call, Reply, beside, deleted, emptied, faults, observed, refreshed, rendered, stale_texts, state
from tests.support.generating import Json
from tests.support.processes import database_of_its_own, serving
from tests.support.records import RECORDS

pytestmark = pytest.mark.django_db(transaction=True)

FEW = 3  # lives of a catalogue
EXAMPLES = int(os.environ.get("LAUNCHLEDGER_EXAMPLES", FEW))
IS_NIGHTLY = EXAMPLES > FEW
STEPS = 8  # of a life
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    derandomize=not IS_NIGHTLY,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # a smaller example than the one that failed would cost thousands of steps
    suppress_health_check=list(HealthCheck),
)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)

MORE = st.lists(ADDRESSES, max_size=5)


@dataclass
class House:
    """The two workers by their servers, the third process, and the replies to load."""

    workers: list[Asker]
    call: Call
    bodies: list[tuple[str, Json]] = field(default_factory=list)


class Life(RuleBasedStateMachine):
    """One catalogue from its beginning: objects are loaded, addresses requested, and each requested again after each commit."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, None] = {}
        self.minute = 0

    @initialize(addresses=st.lists(ADDRESSES, min_size=20, max_size=40, unique=True))
    def begin(self, addresses: list[str]) -> None:
        self.house.call(emptied)
        self._commit(Observation(BEGINNING, "test", BEGIN))
        self._ask_for(addresses)
        self._compare()

    @rule(body=BODIES, absent=st.sets(st.integers(0, 50), max_size=8), addresses=MORE)
    def load_reply(self, body: int, absent: set[int], addresses: list[str]) -> None:
        """A whole reply, of which some keys may be missing, as in smaller and older shapes."""
        self._ask_for(addresses)
        self._commit(self._reply(body, absent))

    @rule(records=st.lists(RECORDS, min_size=1, max_size=3), addresses=MORE)
    def load_columns(self, records: list[Record], addresses: list[str]) -> None:
        """A few columns: rows move from one owner to another, join and leave lists, launch and land."""
        self._ask_for(addresses)
        self._commit(*(self._seen([record]) for record in records))

    @rule(moves=st.lists(MOVES, min_size=1, max_size=4), additions=st.lists(ADDITIONS, max_size=2))
    def move(self, moves: list[Move], additions: list[Move]) -> None:
        """Members join a list, leave it or change places, by their own record or the owner's; and new rows."""
        moves = moves + additions
        self._ask_for([move.address for move in moves])
        self._commit(*(self._seen([move.record]) for move in moves))

    @rule(bodies=st.lists(BODIES, min_size=2, max_size=3), records=st.lists(RECORDS, min_size=1, max_size=2))
    def load_in_a_row(self, bodies: list[int], records: list[Record]) -> None:
        """Several commits within a tenth of a second or little more, with requests between them."""
        for body in bodies:
            self.house.call(observed, [self._reply(body, set())])
            self._ask(list(self.asked)[:3])
        self.house.call(observed, [self._seen(records)])
        self._check_after(self.house.call(refreshed))

    @rule(records=st.lists(RECORDS, min_size=1, max_size=2), moves=st.lists(MOVES, min_size=1, max_size=2))
    def delete(self, records: list[Record], moves: list[Move]) -> None:
        """Rows that numbers depend on, and owners and members of lists, are deleted; the first is observed again and revived."""
        self._ask_for([move.address for move in moves])
        some = [*records, *(move.record for move in moves)]
        for record in some:
            self.minute += 1
            self._check_after(self.house.call(deleted, record.model, record.key, BEGIN + timedelta(minutes=self.minute)))
        self._commit(self._seen(some[:1]))

    def _ask_for(self, addresses: list[str]) -> None:
        self.asked |= dict.fromkeys(addresses)
        self._ask(addresses)

    def _reply(self, body: int, absent: set[int]) -> Observation:
        name, whole = self.house.bodies[body]
        keys = [key for place, key in enumerate(whole) if key == "id" or place not in absent]
        return self._seen(WIRE.reader.read(WIRE.shapes[name].model, {key: whole[key] for key in keys}))

    def _seen(self, records: Sequence[Record]) -> Observation:
        self.minute += 1
        return Observation(records, "test", BEGIN + timedelta(minutes=self.minute))

    def _commit(self, *observations: Observation) -> None:
        self._check_after(self.house.call(observed, observations))

    def _check_after(self, committed: float) -> None:
        """Send requests until the bound is over, so that old replies get cached wherever they may; then none may be left."""
        addresses = list(self.asked)
        while time.monotonic() <= committed + EVERY:
            self._ask(addresses[:1])
            addresses = addresses[1:] + addresses[:1]
        self._compare()

    def _compare(self) -> None:
        """Compare each worker's reply to every address so far with one rendered from rows, in the same state and minute."""
        addresses = list(self.asked)
        while True:
            before = self.house.call(state)
            answers = [*self._ask(addresses), *self._ask(addresses, turn=1)]  # the second is from memory, where anything is
            right: dict[str, Reply] = self.house.call(rendered, addresses)
            if self.house.call(state) == before:
                break
        for number, replies in enumerate(answers):
            for address, reply in replies.items():
                assert reply == right[address], f"worker {number % 2}: {address}"
        assert self.house.call(faults) == []
        assert self.house.call(stale_texts) == []

    def _ask(self, addresses: Sequence[str], turn: int = 0) -> list[dict[str, Reply]]:
        """Each worker's replies, in codings that stay the same for an address and turn, so that ETags are sent the next time."""
        codings = list(CODINGS)
        return [
            {address: worker.ask(address, codings[(place + turn + len(address)) % len(codings)]) for address in addresses}
            for place, worker in enumerate(self.house.workers)
        ]


@contextmanager
def _house(folder: Path) -> Iterator[House]:
    with ExitStack() as stack:
        url = stack.enter_context(database_of_its_own(folder))
        call = stack.enter_context(beside(url))
        servers = [stack.enter_context(serving(url, "--empty", "--workers", "1")) for _ in range(2)]
        workers = [stack.enter_context(Asker(server.address)) for server in servers]
        yield House(workers, call, bodies(SETTINGS))
    for server in servers:
        assert "Traceback" not in server.said


def test_every_reply_is_what_rendering_anew_gives(tmp_path: Path) -> None:
    """After each commit of any observations: every status and every byte, unpacked, of each address asked so far, from both
    workers, if asked for more than the bound after the commit; and nothing is stored beside the rows that they would not give."""
    with _house(tmp_path) as where:

        class Lived(Life):
            house = where

        run_state_machine_as_test(Lived, settings=SETTINGS)
        assert all(worker.unchanged > 0 for worker in where.workers)
