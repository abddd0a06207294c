"""The members of lists that follow from other rows, behind the observed members (see `CompletedLink`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from launchledger.catalogue.actions.rows import Key
from launchledger.catalogue.models.base import CompletedLink

Members = dict[Key, list[Key]]


def parts_of(link: type[CompletedLink], owners: Collection[Key]) -> tuple[Members, Members]:
    """The members of these owners' lists in their order: the observed ones, and those that follow."""
    own: Members = defaultdict(list)
    following: Members = defaultdict(list)
    places = _manager(link).filter(owner__in=owners).order_by("position")
    for owner, member, follows in places.values_list("owner_id", "member_id", "follows"):
        (following if follows else own)[owner].append(member)
    return own, following


def replace_following(link: type[CompletedLink], members: Mapping[Key, Sequence[Key]]) -> None:
    """Replace the members that follow in each of these owners' lists, in this order."""
    made: Any = link
    _manager(link).filter(owner__in=members, follows=True).delete()
    _manager(link).bulk_create(
        made(owner_id=owner, member_id=member, position=place, follows=True)
        for owner, some in members.items()
        for place, member in enumerate(some)
    )


def _manager(link: type[CompletedLink]) -> Any:
    """The abstract model has no owner; every concrete one does."""
    return link._default_manager
