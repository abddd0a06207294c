"""Addresses of pictures: ours is completed, all others stay as they came."""

from __future__ import annotations

import pytest

from launchledger.catalogue.pictures import PICTURE, address_of


@pytest.mark.parametrize("picture", [None, "", "https://images.example/no-picture.png", "no-picture.jpg", "/no-picture.png"])
def test_pictures_of_others_stay_as_they_came(picture: str | None) -> None:
    """Law 1: nothing that upstream may send is changed."""
    assert address_of(picture, "http://here/2.2.0/") == picture


def test_ours_gets_the_base_of_the_reply() -> None:
    """The base ends in a slash."""
    assert address_of(PICTURE, "http://here/2.2.0/") == "http://here/2.2.0/no-picture.png"
