"""One clock: no other module asks the system what time it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import time_machine

import launchledger
from launchledger import clock

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
