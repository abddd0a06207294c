"""A catalogue as a server in use has it: with the documents of what will be asked, made by a process that is gone by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.asking import Question
from benchmarks.keeping import copied
from benchmarks.servers import launchledger
from benchmarks.wrk import each_once


@contextmanager
def warmed(scale: float, questions: Sequence[Question]) -> Iterator[str]:
    """The DATABASE_URL of a copy of the catalogue of this scale, of which these were asked before."""
    with copied(scale) as url:
        warm(url, questions)
        yield url


def warm(url: str, questions: Sequence[Question]) -> None:
    """Ask a server of its own all this: what it keeps in the database is there then, and what it keeps in memory is gone."""
    with launchledger(url) as server:
        each_once(server.port, questions, connections=4)
        server.tree.drain()  # what was rendered is stored beside the requests, and a little after the last
