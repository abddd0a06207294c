"""Comparisons: only the same work is compared, and each question is put as often as promised."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence

import pytest

from benchmarks.asking import Question, Refused, Reply, check_same
from benchmarks.comparing import Comparison, Effort, Side, compare_cold, compare_hot, same_json
from benchmarks.wrk import NoWrk, each_once, find, stream
from tests.support.answering import answering

BODIES = {f"/{number}": b'{"id":%d,"name":"a"}' % number for number in range(20)}
QUESTIONS = [Question(path) for path in BODIES]
EFFORT = Effort(2, 1, quick=True)

needs_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")


def _reply(body: bytes, status: int = 200) -> Reply:
    return Reply(status, {}, body)


@pytest.mark.parametrize(
    ("one", "other", "bytewise"),
    [
        (_reply(b'{"a":1,"b":2}'), _reply(b'{"b":2,"a":1}'), False),  # the order of keys
        (_reply(b'{"a":[{"b":1.0}]}'), _reply(b'{"a":[{"b":2}]}'), False),
        (_reply(b'{"a":1}'), _reply(b'{ "a": 1 }'), True),
        (_reply(b'{"a":1}'), _reply(b"<html>"), False),
        (_reply(b'{"a":1}'), _reply(b'{"a":1}', 500), True),
        (_reply(b'{"a":1}', 500), _reply(b'{"a":1}', 500), True),  # an error page is no reply, however equal
    ],
)
def test_differences_are_refused(one: Reply, other: Reply, bytewise: bool) -> None:
    """Another order of keys, another value, another status: no comparison."""
    with pytest.raises(Refused, match="/x"):
        check_same([one], [other], [Question("/x")], bytewise=bytewise)


def test_equal_json_may_be_written_otherwise() -> None:
    """Where only JSON is compared, spaces do not count."""
    check_same([_reply(b'{"a":1,"b":[]}')], [_reply(b'{ "a": 1, "b": [] }')], [Question("/x")], bytewise=False)


def test_a_different_reply_gives_no_numbers() -> None:
    """One reply of twenty differs: the comparison holds the reason and not a single number."""
    other = {**BODIES, "/7": b'{"id":7,"name":"b"}'}
    with answering(BODIES) as (a, _), answering(other) as (b, _):
        found = compare_hot("details", Side(a, QUESTIONS), Side(b, QUESTIONS), EFFORT)
    assert (found.cost_a, found.cost_b, found.ratio) == (None, None, 0)
    assert "/7" in found.refused
    assert "REFUSED" in str(found)


@needs_wrk
def test_each_question_once() -> None:
    """Over one connection every question is put exactly once."""
    with answering(BODIES) as (server, asked):
        load = each_once(server.port, QUESTIONS)
    assert dict(asked) == dict.fromkeys(BODIES, 1)
    assert load.requests == len(BODIES)


@needs_wrk
@pytest.mark.parametrize(
    "run", [lambda port, asked: each_once(port, asked), lambda port, asked: stream(port, asked, seconds=1, connections=2)]
)
def test_errors_under_load_are_refused(run: Callable[[int, list[Question]], object]) -> None:
    """A fast error never counts as a fast reply."""
    with answering(BODIES) as (server, _), pytest.raises(Refused, match="failed"):
        run(server.port, [*QUESTIONS, Question("/missing")])


@needs_wrk
def test_a_cold_comparison_asks_both_the_same() -> None:
    """Both sides get every question once, but for the sample that is looked at again afterwards."""
    with answering(BODIES) as (a, asked_a), answering(BODIES) as (b, asked_b):
        found = compare_cold("details", Side(a, QUESTIONS), Side(b, QUESTIONS), rounds=2, check=same_json, checked=2)
    assert found.refused == ""
    assert asked_a == asked_b
    assert asked_a.keys() == BODIES.keys()
    assert sorted(asked_a.values()) == [1] * 18 + [2] * 2
    assert found.cost_b is not None
    assert found.cost_b.requests == 18


@needs_wrk
def test_a_reply_that_changes_under_load_is_refused() -> None:
    """Replies are held against each other after the load, too."""
    changing = dict(BODIES)

    def check(one: Sequence[Reply], other: Sequence[Reply], questions: Sequence[Question]) -> None:
        same_json(one, other, questions)
        changing["/1"] = b'{"id":1,"name":"c"}'  # which is looked at again only afterwards

    with answering(BODIES) as (a, _), answering(changing) as (b, _):
        found = compare_cold("details", Side(a, QUESTIONS), Side(b, QUESTIONS), rounds=2, check=check, checked=2)
    assert found.cost_a is None
    assert "/1:" in found.refused


def test_without_wrk_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The load generator is named, and how to get it."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoWrk, match="apt-get install wrk"):
        find()


def test_a_comparison_tells_its_range() -> None:
    """A refused comparison prints its reason in place of figures."""
    assert str(Comparison("work", "a", "b", refused="they differ")) == "work: REFUSED: they differ"
