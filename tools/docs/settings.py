"""docs/settings.md: every setting, and every message of the system checks with what to do about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from launchledger.conf.config import SETTINGS
from tools.docs.markdown import code, header, table

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "`conf/config.py` and the system checks"

INTRODUCTION = """
All settings are environment variables, read once at the start. If any is wrong, nothing starts, and the error names all wrong
ones. Each can be read from a file instead, such as a secret of a container: `DATABASE_URL_FILE=/run/secrets/database`.
"""

CHECKS = """
Each problem that a check can find has a stable id. `launchledger check` runs all checks; `serve`, `load` and the other commands
check the database before they use it. `…` stands for a value.
"""


def page() -> str:
    settings = [(code(each.name), code(each.default) if each.default else "none", each.help) for each in SETTINGS]
    checks = [(code(id), message, hint) for id, message, hint in sorted(set(messages()))]
    return "\n".join(
        [
            header("Settings", SOURCE),
            INTRODUCTION.lstrip("\n"),
            table(("variable", "default", "what it does"), settings),
            "## Messages of the checks\n",
            CHECKS.lstrip("\n"),
            table(("id", "what is wrong", "what to do"), checks),
        ]
    )


def messages() -> Iterator[tuple[str, str, str]]:
    """The id, text and hint of every message of the system checks, as in the code."""
    for file in sorted((ROOT / "src").rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                yield from _messages_in(function)


def _messages_in(function: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    hints: dict[str, str] = {}
    for node in sorted(ast.walk(function), key=lambda node: getattr(node, "lineno", 0)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            hints[node.targets[0].id] = _text(node.value)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Error", "Warning")):
            continue
        id = next((_text(each.value) for each in node.keywords if each.arg == "id"), "")
        if id:
            hint = node.args[1]
            yield id, _text(node.args[0]), hints[hint.id] if isinstance(hint, ast.Name) else _text(hint)


def _text(node: ast.expr) -> str:
    """A text as in the code, with `…` for values."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return "…"
