"""The questions, which are the requests of a benchmark: the same for the same catalogue, from its database."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.asking import Question
from benchmarks.tables.words import GOALS, KINDS, MAKERS

_CHANCE_SEED = 20


class Questions:
    """Paths of one catalogue. Those that are asked once each are shuffled, so that they do not follow the database's pages."""

    def __init__(self, catalogue: Path) -> None:
        with sqlite3.connect(f"file:{catalogue}?immutable=1", uri=True) as database:
            self._flights = [row[0] for row in database.execute("SELECT id FROM catalogue_spacecraftflight ORDER BY id")]
            self._launches = [row[0] for row in database.execute("SELECT id FROM catalogue_launch ORDER BY net, id")]
            self._spacecraft = [row[0] for row in database.execute("SELECT id FROM catalogue_spacecraft ORDER BY id")]
        database.close()

    def hot_details(self) -> list[Question]:
        """100 flights, spread over all of them."""
        return _asked(f"spacecraft/flight/{key}/" for key in self._flights[:: max(1, len(self._flights) // 100)][:100])

    def details(self, most: int | None = None) -> list[Question]:
        """Every flight once, shuffled; at most so many."""
        return _shuffled(f"spacecraft/flight/{key}/" for key in self._flights)[:most]

    def launch_details(self, most: int) -> list[Question]:
        return _shuffled(f"launch/{key}/" for key in self._launches)[:most]

    def lists(self, most: int) -> list[Question]:
        """Pages of 100 detailed flights, each at another offset."""
        last = len(self._flights) - 100
        return _shuffled(f"spacecraft/flight/?limit=100&mode=detailed&offset={offset}" for offset in range(last))[:most]

    def launch_lists(self, most: int) -> list[Question]:
        last = len(self._launches) - 100
        return _shuffled(f"launch/?limit=100&mode=detailed&offset={offset}" for offset in range(last))[:most]

    def of_spacecraft(self, most: int) -> list[Question]:
        return _shuffled(f"spacecraft/flight/?spacecraft={key}" for key in self._spacecraft)[:most]

    def upcoming(self, most: int) -> list[Question]:
        """The ten launches that clients ask for first, and those after them."""
        return _asked(f"launch/upcoming/?limit=10&mode=detailed&offset={offset}" for offset in range(most))

    def everything(self, part: int) -> list[Question]:
        """All cold questions: every flight, and of the others a `part`-th of the most that any benchmark asks."""
        lists = [*self.lists(100 // part + 6), *self.launch_lists(60 // part)]
        pages = [*self.of_spacecraft(240 // part), *self.upcoming(60 // part), *self.searches(120 // part)]
        return [*self.details(1_200 // part if part > 1 else None), *self.launch_details(240 // part), *lists, *pages]

    def searches(self, most: int) -> list[Question]:
        """Two words each: a maker or a kind, and a goal. They find between none and hundreds of launches."""
        words = [f"{first}+{goal}" for first in (*MAKERS, *KINDS) for goal in GOALS]
        return _shuffled(f"launch/?search={each}" for each in words)[:most]


def _asked(paths: Iterable[str]) -> list[Question]:
    return [Question(f"/2.2.0/{path}") for path in paths]


def _shuffled(paths: Iterable[str]) -> list[Question]:
    questions = _asked(paths)
    random.Random(_CHANCE_SEED).shuffle(questions)
    return questions
