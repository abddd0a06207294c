"""Who made the objects that were received: the addresses in them tell, whatever file or server they came from.

Promises: only providers that we know are stored, so hostile input adds no rows; nothing is taken back, because rows of a provider
stay in the catalogue.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from launchledger import clock
from launchledger.ingest.models import Provider
from launchledger.web.the_space_devs import DOMAIN, NAME, is_the_space_devs


def provider_of(body: Any) -> str:
    """Who made an object, by the host of its `url`; "" if that is nobody we know."""
    url = body.get("url") if isinstance(body, dict) else None
    if not isinstance(url, str) or DOMAIN not in url:
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return NAME if is_the_space_devs(host) else ""


def note_provider(name: str) -> None:
    """Store that objects of a provider were received."""
    Provider.objects.get_or_create(name=name, defaults={"first_at": clock.now()})


def providers() -> list[str]:
    """Whose objects were received, by name."""
    return list(Provider.objects.order_by("name").values_list("name", flat=True))
