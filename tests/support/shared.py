"""Rows that all tests of a module share: written once, read by all; changes of a test are rolled back after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from launchledger.catalogue.actions import observe_starter


@contextmanager
def shared_rows(blocker: DjangoDbBlocker, write: Callable[[], object]) -> Iterator[None]:
    """The rows that `write` writes, in a transaction around those of the tests. Such a module cannot have tests that commit."""
    with ExitStack() as stack:
        with blocker.unblock():
            stack.enter_context(transaction.atomic())
            write()
        yield
        with blocker.unblock():
            transaction.set_rollback(True)
            stack.close()


@pytest.fixture(scope="module")
def starter(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The starter catalogue, loaded once for a module whose tests all use it."""
    with shared_rows(django_db_blocker, observe_starter):
        yield
