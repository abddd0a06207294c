"""Results that are kept while the catalogue stays as it is."""

from __future__ import annotations

import pytest
from django.urls import get_script_prefix, set_script_prefix

from launchledger.explorer.state import per_state
from tests.support.bodies import agency
from tests.support.overriding import make_overrides, observe_body

pytestmark = pytest.mark.django_db


def test_a_result_is_kept_until_something_is_written() -> None:
    """By its arguments: a write makes all be computed again."""
    computed: list[int] = []

    @per_state
    def doubled(number: int) -> int:
        computed.append(number)
        return 2 * number

    observe_body("Agency", agency())
    assert [doubled(1), doubled(2), doubled(1)] == [2, 4, 2]
    assert computed == [1, 2]
    make_overrides("Agency", 66, name="Another")
    assert (doubled(1), computed) == (2, [1, 2, 1])


def test_each_prefix_has_its_own() -> None:
    """Results may have addresses in them; the server answers below its prefix and without it."""

    @per_state
    def root() -> str:
        return get_script_prefix()

    observe_body("Agency", agency())
    assert root() == "/"
    set_script_prefix("/space/")
    assert root() == "/space/"
    set_script_prefix("/")
    assert root() == "/"


def test_not_all_results_are_kept() -> None:
    """Whatever arguments there are, memory is bounded."""
    computed: list[int] = []

    @per_state
    def same(number: int) -> int:
        computed.append(number)
        return number

    observe_body("Agency", agency())
    for number in range(1_000):
        same(number)
    assert same(0) == 0
    assert len(computed) == 1_001
