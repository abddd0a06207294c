"""A catalogue as a server in use has it: with the documents of the questions, made by a process that has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.asking import Question
from benchmarks.catalogues import catalogue_copy
from benchmarks.servers import launchledger
from benchmarks.wrk import each_once


@contextmanager
def warmed(scale: float, questions: Sequence[Question]) -> Iterator[str]:
    """The DATABASE_URL of a copy of the catalogue of this scale, with documents for these questions."""
    with catalogue_copy(scale) as url:
        warm(url, questions)
        yield url


def warm(url: str, questions: Sequence[Question]) -> None:
    """Ask a server of its own all questions: its documents stay in the database, and its memory is gone."""
    with launchledger(url) as server:
        each_once(server.port, questions, connections=4)
        server.tree.drain()  # documents are stored by a thread, the last ones a little after the last request
