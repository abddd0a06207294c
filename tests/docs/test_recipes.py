"""The recipes of docs/architecture.md for a field, a filter and a resource are followed in a copy of the source."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import environment
from tests.support.tables import sqlite_with_tables

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
CHANGE = re.compile(r"^```diff\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
UPSTREAM = "https://ll.thespacedevs.com/2.2.0"
AGENCY = {"id": 900001, "url": f"{UPSTREAM}/agencies/900001/", "name": "Example Space", "type": "Commercial"}
BODIES = (
    {**AGENCY, "motto": "Ad astra", "launch_library_url": None},
    {"id": 7, "url": f"{UPSTREAM}/ground_station/7/", "name": "Example Station", "agency": AGENCY},
)
# Asked in the changed copy: each path, as a whole server answers it.
ASK = """
import django, json, sys
django.setup()
from django.test import Client
client = Client()
print(json.dumps([client.get(path).json() for path in sys.argv[1:]]))
"""


class Copy:
    """A copy of the source in which recipes are followed, with a database of its own."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        self._folder = folder
        url = sqlite_with_tables(folder / "catalogue.sqlite3")
        self._environment = {**environment(url), "PYTHONPATH": str(folder / "src")}

    def change(self, diff: str) -> None:
        self._run(["git", "apply"], diff)

    def python(self, *words: str) -> str:
        return self._run([sys.executable, *words])

    def ask(self, *paths: str) -> list[dict[str, Any]]:
        replies: list[dict[str, Any]] = json.loads(self.python("-c", ASK, *paths))
        return replies

    def _run(self, words: list[str], input: str | None = None) -> str:
        done = subprocess.run(
            words, cwd=self._folder, env=self._environment, input=input, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy in which all recipes were followed and the bodies loaded."""
    folder = tmp_path_factory.mktemp("recipes")
    copy = Copy(folder)
    for diff in CHANGE.findall(PAGE.read_text(encoding="utf-8")):
        copy.change(diff)
    copy.python("-m", "django", "makemigrations", "--verbosity", "0")
    for number, body in enumerate(BODIES):
        (folder / f"{number}.json").write_text(json.dumps(body), encoding="utf-8")
    copy.python("-m", "launchledger", "load", "0.json", "1.json")
    return copy


def test_each_of_the_three_recipes_is_a_change() -> None:
    """A field, a filter and a resource: a diff for each, in this order."""
    recipes = re.findall(r"^\*\*(A \w+)\*\*|^(```diff)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert recipes[:6] == [
        ("A field", ""),
        ("", "```diff"),
        ("A filter", ""),
        ("", "```diff"),
        ("A resource", ""),
        ("", "```diff"),
    ]


def test_a_new_field_is_read_and_served(changed: Copy) -> None:
    """What was loaded comes back at its place in the order of keys, in the shapes that show it and in no other."""
    detail, page = changed.ask("/2.2.0/agencies/900001/", "/2.2.0/agencies/?id=900001")
    keys = list(detail)
    assert detail["motto"] == "Ad astra"
    assert keys[keys.index("motto") - 1 :][:3] == ["parent", "motto", "launch_library_url"]
    assert "motto" not in page["results"][0]


def test_a_new_filter_selects(changed: Copy) -> None:
    """The rows whose column has the value, and those alone."""
    some, none = changed.ask("/2.2.0/agencies/?motto=Ad+astra", "/2.2.0/agencies/?motto=Per+aspera")
    assert [agency["id"] for agency in some["results"]] == [900001]
    assert none["count"] == 0


def test_a_new_resource_has_all_that_resources_have(changed: Copy) -> None:
    """It is in the index and in the OpenAPI document, and has a list, details and nested objects."""
    index, page, detail = changed.ask("/2.2.0/", "/2.2.0/ground_station/?search=example", "/2.2.0/ground_station/7/")
    assert index["ground_station"].endswith("/2.2.0/ground_station/")
    assert page["results"] == [detail]
    assert detail == {
        "id": 7,
        "url": "http://testserver/2.2.0/ground_station/7/",
        "name": "Example Station",
        "agency": {
            "id": 900001,
            "url": "http://testserver/2.2.0/agencies/900001/",
            "name": "Example Space",
            "type": "Commercial",
        },
    }
    [document] = changed.ask("/2.2.0/schema/?format=json")
    assert {"/2.2.0/ground_station/", "/2.2.0/ground_station/{id}/"} <= set(document["paths"])
    assert "motto" in document["components"]["schemas"]["AgencySerializerDetailed"]["properties"]
