"""What tests of serving share."""

from collections.abc import Iterator

import pytest

from tests.schema.calls import within_the_test
from tests.serving.asking import Served


@pytest.fixture
def served(db: None) -> Iterator[Served]:
    """The whole server in this process, with nothing kept yet, on the test's database."""
    with within_the_test():
        yield Served()
