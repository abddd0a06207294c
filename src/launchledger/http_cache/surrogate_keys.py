"""The keys by which a cache in front purges: those that a reply carries, and those that a change names.

Promises: a reply that a change makes wrong carries a key that the change names. Objects are named by their numbers; a page of a
list also by the kind whose rows it lists, because a row may come, go or move; what may depend on more, or is made of too much for
a header, is named `catalogue`, and every change names that. All replies are named `launchledger`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence

from launchledger.conf.surrogates import SEPARATORS
from launchledger.documents.dependencies import MOST_OBJECTS, Dependencies
from launchledger.documents.references import objects_changed_by
from launchledger.http_cache.reply import Header
from launchledger.journal.models import Entry

EVERYTHING = "launchledger"
CATALOGUE = "catalogue"

# Bytes of a header's value. Varnish takes 8 kB a line unless told otherwise, Fastly and Cloudflare 16 kB, and nginx 4 kB for all
# headers together. A page of ten has up to 250 objects, one of a hundred many more.
LONGEST = 3072


def headers_for(names: Iterable[str], dependencies: Dependencies) -> tuple[Header, ...]:
    """The headers of these names for a reply that depends on this."""
    keys = _keys(dependencies)
    return tuple((name, SEPARATORS[name].join(keys)) for name in names)


def _keys(dependencies: Dependencies) -> Sequence[str]:
    if dependencies.is_complete and len(dependencies.objects) <= MOST_OBJECTS:
        keys = [EVERYTHING, *sorted(dependencies.kinds), *sorted(map(_short, dependencies.objects))]
        if sum(map(len, keys)) + len(keys) <= LONGEST:
            return keys
    return [EVERYTHING, CATALOGUE]


def keys_changed_by(entries: Sequence[Entry]) -> set[str]:
    """The keys of all replies that may be others after these entries; none where there are none."""
    if not entries:
        return set()
    return {CATALOGUE, *(entry.kind for entry in entries), *map(_short, objects_changed_by(entries))}


def _short(number: int) -> str:
    """64 bits in eleven characters that no header, and no cache's pattern, reads otherwise."""
    return urlsafe_b64encode(number.to_bytes(8, "big", signed=True)).rstrip(b"=").decode()
