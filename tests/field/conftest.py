"""Servers for the field cases: one for all that need no settings of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.processes import database_of_its_own, served


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The beginning of the addresses of a server with an empty catalogue and no settings."""
    with (
        django_db_blocker.unblock(),
        database_of_its_own(tmp_path_factory.mktemp("field")) as url,
        served(url, "--empty", "--workers", "1") as address,
    ):
        yield address
