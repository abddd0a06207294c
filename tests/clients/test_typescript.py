"""TypeScript types generated from the served document (openapi-typescript) fit our own replies, and refuse broken ones."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from launchledger.catalogue.actions import observe_starter
from tests.support.calls import Call, calls, replies, served_document

HERE = Path(__file__).parent
GENERATOR = HERE / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
COMPILER = HERE / "node_modules" / "typescript" / "bin" / "tsc"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py"),
    pytest.mark.django_db,
    pytest.mark.skipif(not NODE, reason="node is not there, which TypeScript needs"),
    pytest.mark.skipif(not COMPILER.exists(), reason="not installed: npm ci --prefix tests/clients"),
]

STRICT = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--target", "es2022", "--module", "esnext"]


def _run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(NODE), *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)


def _generated(folder: Path) -> None:
    """Write the types of the served document to `schema.ts` in this folder."""
    (folder / "openapi.json").write_text(json.dumps(served_document()), encoding="utf-8")
    done = _run(folder, GENERATOR, "openapi.json", "--output", "schema.ts")
    assert done.returncode == 0, done.stdout + done.stderr


def _types(call: Call) -> tuple[str, str]:
    """The type of a call's reply, by its schema and by its operation: of any mode."""
    by_operation = f'operations["{call.operation}"]["responses"]["200"]["content"]["application/json"]'
    return f'components["schemas"]["{call.schema}"]', by_operation


def _without_a_key(body: Any) -> Any:
    """The body without one key that its schema needs: of its first object, where it is a page."""
    if body.get("results"):
        return {**body, "results": [_without_a_key(body["results"][0]), *body["results"][1:]]}
    return {key: value for key, value in body.items() if key != list(body)[-1]}


def test_every_reply_has_the_type_of_its_operation(client: Client, tmp_path: Path) -> None:
    """Every reply is a constant of its type, with no key too many; lacking one, with an unknown or a wrong one, it is refused."""
    observe_starter()
    _generated(tmp_path)
    lines = ['import type { components, operations } from "./schema";']
    for number, call in enumerate(calls()):
        for body in replies(client, call, limit=3):
            of_schema, of_operation = _types(call)
            lines.append(f"export const a{number}: {of_schema} = {json.dumps(body)};")
            lines.append(f"export const b{number}: {of_operation} = {json.dumps(body)};")
            wrong = {**body, next(iter(body)): {"of": "another type"}}
            for name, broken in (("c", _without_a_key(body)), ("d", {**body, "unheard_of": 1}), ("e", wrong)):
                lines.append("// @ts-expect-error: this line must be refused, or the compiler refuses this comment")
                lines.append(f"export const {name}{number}: {of_schema} = {json.dumps(broken)};")
    (tmp_path / "replies.ts").write_text("\n".join(lines), encoding="utf-8")
    done = _run(tmp_path, COMPILER, *STRICT, "replies.ts")
    assert done.returncode == 0, done.stdout
    assert len(lines) > 8 * len(served_document()["paths"])
