"""How long clients and caches may reuse a reply without revalidation, by its path."""

from __future__ import annotations

from launchledger.conf.ages import MaxAges
from launchledger.conf.prefixes import LEDGER, PAGES
from launchledger.wire.served import resolve

_CHANGES = f"{LEDGER}changes/"  # whoever follows them would read news late


def lifetime(path: str, max_ages: MaxAges) -> int:
    """The max-age in seconds for the reply at this path. A suffix (`.json`) and an id change nothing.

    Parts such as `launch/upcoming` depend on the present time; choice lists hardly ever change. Pages for people are revalidated
    each time: whoever reloads one wants the news.
    """
    if path == _CHANGES or path == "/" or path.startswith(PAGES):
        return 0
    place = resolve(path)
    if place is None:
        return max_ages.others
    resource = place.resource
    if resource is None:
        return max_ages.upcoming if place.path in place.wire.pages else max_ages.others
    if resource.when:
        return max_ages.upcoming
    return max_ages.choices if resource.is_choice_list else max_ages.others
