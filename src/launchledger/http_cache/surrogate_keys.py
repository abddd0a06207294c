"""The surrogate keys by which a cache in front purges: those of a reply, and those of a change.

Promises: a reply that a change makes wrong has one of the keys of the change. A reply has a key for each object in it; a page of
a list also its kind, because a row may come, go or move. A reply that may depend on more, or has too many keys for a header, has
the key `catalogue`, which every change has. All replies have the key `launchledger`.
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

# Bytes of a header's value. Varnish takes 8 kB a line by default, Fastly and Cloudflare 16 kB, and nginx 4 kB for all headers
# together. A page of ten has up to 250 objects, one of a hundred many more.
LONGEST = 3072


def headers_for(names: Iterable[str], dependencies: Dependencies) -> tuple[Header, ...]:
    """The headers of these names for a reply with these dependencies."""
    keys = _keys(dependencies)
    return tuple((name, SEPARATORS[name].join(keys)) for name in names)


def _keys(dependencies: Dependencies) -> Sequence[str]:
    if dependencies.is_complete and len(dependencies.objects) <= MOST_OBJECTS:
        keys = [EVERYTHING, *sorted(dependencies.kinds), *sorted(map(_key_of, dependencies.objects))]
        if sum(map(len, keys)) + len(keys) <= LONGEST:
            return keys
    return [EVERYTHING, CATALOGUE]


def keys_changed_by(entries: Sequence[Entry]) -> set[str]:
    """The keys of all replies that may differ after these entries; none without entries."""
    if not entries:
        return set()
    return {CATALOGUE, *(entry.kind for entry in entries), *map(_key_of, objects_changed_by(entries))}


def _key_of(object_hash: int) -> str:
    """64 bits in eleven characters without a meaning in headers or in the patterns of caches."""
    return urlsafe_b64encode(object_hash.to_bytes(8, "big", signed=True)).rstrip(b"=").decode()
