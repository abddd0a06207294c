"""What tests of webhooks share: a key to derive secrets from, and receivers on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.support.receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    settings.HOOKS_KEY = "a key of forty characters or more, which no one knows"
    settings.HOOKS_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made
