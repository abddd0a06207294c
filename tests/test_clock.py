"""One clock: no other module asks the system what time it is."""

from __future__ import annotations

import ast
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

import launchledger
from launchledger import clock
from launchledger.clock import VirtualClock

ROOT = Path(launchledger.__file__).parent
# Calls by the last two names of what is called; `monotonic` and its like measure durations, and may be used anywhere.
SYSTEM_CLOCK = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "gmtime"),
    ("time", "localtime"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
}
NAMES = {"time": {"time", "time_ns", "gmtime", "localtime"}, "django.utils.timezone": {"now", "localdate", "localtime"}}
IN_SQL = ("current_timestamp", "current_date", "now()", "'now'", "clock_timestamp")


def _asks_the_system(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (owner, name) in SYSTEM_CLOCK:
                yield f"line {node.lineno}: {owner}.{name}"
            case ast.ImportFrom(module=source, names=names):
                for each in names:
                    if each.name in NAMES.get(source or "", ()):
                        yield f"line {node.lineno}: {source}.{each.name}"
            case ast.Constant(value=str(text)) if len(text) > len("now()") and any(word in text.lower() for word in IN_SQL):
                yield f"line {node.lineno}: {text}"


def test_no_other_module_asks_the_system() -> None:
    """Whatever depends on the date and time asks `launchledger.clock`, in Python and in SQL."""
    found = {
        f"{file.relative_to(ROOT)}, {place}"
        for file in sorted(ROOT.rglob("*.py"))
        if file != ROOT / "clock.py" and "migrations" not in file.parts
        for place in _asks_the_system(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == set()


def test_questions_to_the_system_are_found() -> None:
    """By their modules, by names that were imported, and in SQL."""
    questions = [
        "import time\ntime.time()",
        "import datetime\ndatetime.datetime.now()",
        "from time import time",
        "from django.utils.timezone import now",
        'SQL = "SELECT CURRENT_TIMESTAMP"',
    ]
    assert all(list(_asks_the_system(ast.parse(question))) for question in questions)
    assert list(_asks_the_system(ast.parse("import time\ntime.monotonic()\nclock.now()"))) == []


def test_both_forms_are_the_same_time() -> None:
    """To the microsecond, in UTC."""
    with time_machine.travel("2026-07-20T13:30:00.123456Z", tick=False):
        assert clock.now().isoformat() == "2026-07-20T13:30:00.123456+00:00"
        assert clock.now().timestamp() == clock.timestamp()


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualClock]:
    made = VirtualClock(tmp_path / "clock")
    clock.follow(made)
    yield made
    clock.follow(None)


def test_a_virtual_clock_begins_with_the_time_of_the_system(virtual: VirtualClock) -> None:
    """Until it is set, and at its speed."""
    with time_machine.travel("2026-07-20T13:30:00Z", tick=False):
        assert clock.now().isoformat() == "2026-07-20T13:30:00+00:00"
        assert virtual.speed == 1


@pytest.mark.parametrize(("speed", "passed"), [(0, 0), (1, 10), (60, 600), (0.5, 5)])
def test_a_virtual_clock_goes_on_from_where_it_was_set(virtual: VirtualClock, speed: float, passed: float) -> None:
    """By so many seconds in each of the system's; at speed 0 it stands still."""
    with time_machine.travel("2026-07-20T13:30:00Z", tick=False) as system:
        virtual.set(1_000.0, speed)
        system.shift(10)
        assert clock.timestamp() == 1_000 + passed


def test_processes_that_follow_a_file_have_its_time(virtual: VirtualClock, tmp_path: Path) -> None:
    """What one process sets, another one reads."""
    virtual.set(1_000.0, 0)
    code = "import sys, pathlib; from launchledger import clock; clock.follow(clock.VirtualClock(pathlib.Path(sys.argv[1])))"
    code += "\nprint(clock.timestamp())"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "clock")], capture_output=True, text=True, check=True)
    assert float(done.stdout) == 1_000


def test_a_time_is_never_half_set(virtual: VirtualClock) -> None:
    """While one thread sets it again and again, others read only times that were set."""
    stop = threading.Event()

    def set_often() -> None:
        while not stop.is_set():
            for at in (1e9, 2e9):
                virtual.set(at, at)  # a speed by which a torn state would be seen

    with time_machine.travel("2026-07-20T13:30:00Z", tick=False):
        virtual.set(1e9, 1e9)
        setter = threading.Thread(target=set_often)
        setter.start()
        seen = {clock.timestamp() for _ in range(20_000)}
        stop.set()
        setter.join()
    assert seen <= {1e9, 2e9}
