"""The whole server in the process of a test."""

from collections.abc import Iterator

import pytest

from tests.support.calls import within_the_test
from tests.support.wsgi import Served


@pytest.fixture
def served(db: None) -> Iterator[Served]:
    """The whole server in this process, with nothing stored yet, on the test's database."""
    with within_the_test():
        yield Served()
