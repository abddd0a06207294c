"""What kind of thing a path tells of, and so for how long others may keep a reply without asking again."""

from __future__ import annotations

from launchledger.conf.ages import MaxAges
from launchledger.contract.addresses import VERSION
from launchledger.contract.resources import DASHBOARD, RESOURCES

# What is about the present moment, and lists that hardly ever change. All else is neither.
_UPCOMING = {path for path, resource in RESOURCES.items() if resource.when} | {DASHBOARD}
_CHOICES = {path for path, resource in RESOURCES.items() if resource.is_choice_list}


def lifetime(path: str, max_ages: MaxAges) -> int:
    """Seconds for the reply at this path, which begins with the version; a suffix (`.json`) and an id change nothing."""
    words = path.removeprefix(f"/{VERSION}/").partition(".")[0].split("/")
    resource = "/".join(words[:2])
    if resource in _UPCOMING:
        return max_ages.upcoming
    return max_ages.choices if resource in _CHOICES else max_ages.others
