"""One server for all tests of connections, which closes silent ones after a second and takes few at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.server.talking import Address
from tests.support.processes import database_of_its_own, serving

CONNECTIONS = 4
SECONDS = 1  # that a connection may be silent


@pytest.fixture(scope="module")
def server(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLEDGER_IDLE_TIMEOUT", str(SECONDS))
        patch.setenv("LAUNCHLEDGER_CONNECTIONS", str(CONNECTIONS))
        patch.setenv("LAUNCHLEDGER_TRUSTED_PROXIES", "127.0.0.1")
        with (
            database_of_its_own(tmp_path_factory.mktemp("connections")) as url,
            serving(url, "--workers", "1", "--empty") as running,
        ):
            yield Address.of(running.address)
