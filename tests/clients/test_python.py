"""A Python client generated from the served document (openapi-python-client) reads our own replies and loses nothing of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from launchledger.catalogue.actions import observe_starter
from launchledger.ingest.finding import files_in
from launchledger.ingest.loading import Instructions, Loader
from launchledger.site.wsgi import application
from tests.support.calls import Call, calls, every_reply, replies, served_document, within_the_test
from tests.support.upstream import REPLIES, needs_upstream

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite_only("clients see replies, which are the same bytes on both: tests/wire/test_same_bytes.py"),
]

PACKAGE = "launchledger_client"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the generated package, which can be imported while the tests of this file run."""
    folder = tmp_path_factory.mktemp("python")
    document = folder / "openapi.json"
    document.write_text(json.dumps(served_document()), encoding="utf-8")
    where = ["--path", str(document), "--output-path", str(folder / PACKAGE), "--meta", "none"]
    how = ["--config", str(Path(__file__).with_name("generator.yaml")), "--fail-on-warning"]
    command = [sys.executable, "-m", "openapi_python_client", "generate", *where, *how]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def _model(package: str, schema: str) -> Any:
    """The class generated for a schema."""
    return getattr(import_module(f"{package}.models"), _class_names(package)[schema.lower()])


def _class_names(package: str) -> dict[str, str]:
    return {name.lower(): name for name in import_module(f"{package}.models").__all__}


def _operation(package: str, call: Call) -> Callable[..., Any]:
    """The function generated for an operation, as a program would call it."""
    tag = served_document()["paths"][call.path]["get"]["tags"][0].replace("-", "_")
    function: Callable[..., Any] = import_module(f"{package}.api.{tag}.{call.operation}").sync
    return function


def _client(package: str) -> Any:
    """The generated client, with our application in this process at the other end."""
    transport = httpx.WSGITransport(app=application)
    return import_module(package).Client(base_url="http://testserver", httpx_args={"transport": transport})


def _as_sent(value: Any) -> Any:
    """A body with its moments in one way of writing: the generated client writes `+00:00` where the wire has `Z`."""
    if isinstance(value, list):
        return [_as_sent(member) for member in value]
    if isinstance(value, dict):
        return {key: _as_sent(member) for key, member in value.items()}
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value.replace("+00:00", "Z")
    return value


def _not_declared(value: Any) -> Iterator[str]:
    """What the generated classes were given and do not know."""
    if isinstance(value, list):
        for member in value:
            yield from _not_declared(member)
    elif hasattr(value, "additional_properties"):
        yield from (f"{type(value).__name__}: {key}" for key in value.additional_properties)
        for name in value.__attrs_attrs__:
            yield from _not_declared(getattr(value, name.name))


def test_every_reply_is_read_and_written_back(client: Client, generated: str) -> None:
    """Every list in every mode, and details, become objects of their classes, with no key unknown, and back the same body."""
    observe_starter()
    read = 0
    for call in calls():
        for body in replies(client, call, details=5, limit=25):
            found = _model(generated, call.schema).from_dict(body)
            assert _as_sent(found.to_dict()) == body, call
            assert set(_not_declared(found)) == set(), call
            read += len(body.get("results", [body]))
    assert read > len(calls())


@needs_upstream
def test_every_reply_of_a_real_catalogue_is_read(client: Client, generated: str) -> None:
    """All saved replies of 2.2.0 loaded: every page of every list in every mode, and details, come back the same body.

    Many rows are known in part, from smaller shapes or from years before a key was there; what is null is declared so.
    """
    loader = Loader(Instructions())
    for file in files_in([str(REPLIES / "2.2.0")]):
        loader.load(file)
    read = 0
    for call in calls():
        for body in every_reply(client, call, details=10):
            found = _model(generated, call.schema).from_dict(body)
            assert _as_sent(found.to_dict()) == body, call
            read += len(body.get("results", [body]))
    assert read > 5_000


def test_every_operation_is_called(client: Client, generated: str) -> None:
    """The generated functions find their addresses, and give what the server answers."""
    observe_starter()
    server = _client(generated)
    for call in calls():
        for body in replies(client, call):
            words: dict[str, Any] = {"id": body["id"]} if call.is_detail else {"limit": 100} if "results" in body else {}
            if "mode" in call.query:
                words["mode"] = _model(generated, f"{call.operation}_mode".replace("_", ""))(call.query["mode"])
            with within_the_test():
                found = _operation(generated, call)(client=server, **words)
            assert _as_sent(found.to_dict()) == body, call
            if body.get("results") and call.path.startswith("/2.2.0/launch/"):
                assert type(found) is _model(generated, call.schema)  # told by `type`; docs/typed-clients.md promises it


def test_a_broken_reply_is_refused(client: Client, generated: str) -> None:
    """What the tests above rely on: without any one of its keys, or with a mode that is none, no reply is read."""
    observe_starter()
    for call in calls():
        for body in replies(client, call, limit=1):
            model = _model(generated, call.schema)
            for key in body:
                with pytest.raises(KeyError, match=key):
                    model.from_dict({name: value for name, value in body.items() if name != key})
            if "net" in body:
                with pytest.raises(ValueError, match="large"):
                    model.from_dict({**body, "type": "large"})
