"""Against the alternatives: Datasette over the same file, json-server over the same JSON.

Datasette shows one flat row where we nest objects: it is not the same work, and only its columns are checked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import Question, Refused, Reply, ask_all
from benchmarks.catalogues import catalogue_copy, catalogue_file
from benchmarks.comparing import Effort, Side, compare_hot, same_json
from benchmarks.findings import Findings
from benchmarks.questions import Questions
from benchmarks.servers import Missing, Server, datasette, json_server, launchledger


def measure(effort: Effort) -> Findings:
    found = Findings()
    questions = Questions(catalogue_file(1))
    asked = questions.hot_details()
    with catalogue_copy(1) as url, launchledger(url) as ours:
        file = Path(url.removeprefix("sqlite:///"))
        for compare in (_against_datasette, _against_json_server):
            try:
                compare(found, ours, asked, questions, file, effort)
            except Missing as missing:
                found.miss(str(missing))
    return found


def _against_datasette(
    found: Findings, ours: Server, asked: list[Question], _questions: Questions, file: Path, effort: Effort
) -> None:
    rows = [Question(f"/{file.stem}/catalogue_spacecraftflight/{_id(each)}.json?_shape=objects") for each in asked]
    note = "not the same work: one flat row against a nested flight"
    with datasette(file) as server:
        name = "100 flights, one row each"
        found.add(compare_hot(name, Side(server, rows), Side(ours, asked), effort, check=_same_columns, note=note))


def _against_json_server(
    found: Findings, ours: Server, asked: list[Question], questions: Questions, _file: Path, effort: Effort
) -> None:
    replies = ask_all(ours.port, questions.details())
    with TemporaryDirectory() as folder:
        stored = Path(folder) / "db.json"
        stored.write_bytes(b'{"flights":[' + b",".join(reply.body for reply in replies) + b"]}")
        theirs = [Question(f"/flights/{_id(each)}") for each in asked]
        with json_server(stored) as server:
            name = "the same 100 flight details"
            found.add(compare_hot(name, Side(server, theirs), Side(ours, asked), effort, check=same_json))


def _id(question: Question) -> str:
    return question.path.rstrip("/").rpartition("/")[2]


def _same_columns(a: Sequence[Reply], b: Sequence[Reply], questions: Sequence[Question]) -> None:
    for one, other, question in zip(a, b, questions, strict=True):
        if (one.status, other.status) != (200, 200):
            raise Refused(f"{question.path}: status {one.status} and {other.status}")
        row, flight = json.loads(one.body)["rows"][0], json.loads(other.body)
        if (row["id"], row["destination"], row["spacecraft_id"]) != (
            flight["id"],
            flight["destination"],
            flight["spacecraft"]["id"],
        ):
            raise Refused(f"{question.path}: the row differs from the flight")
