"""Generated addresses as apps request them: details, pages in every mode, filtered, searched and ordered, in both formats.

Some name objects that do not exist, and some are refused; those are replies as well.
"""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import strategies as st

from launchledger.wire.v2_2_0 import WIRE
from launchledger.wire.v2_2_0.filters import FILTERS
from launchledger.wire.v2_2_0.searching import ORDERING
from tests.support.observed import uuid

RICH = [path for path, resource in WIRE.resources.items() if not resource.is_choice_list]
IDS = st.integers(1, 3)
_VALUES = {"integer": IDS.map(str), "number": IDS.map(str), "boolean": st.sampled_from(["true", "false"])}
_OTHER_VALUES = st.sampled_from(["a", "Soyuz", "2024-06-01", "00000000-0000-4000-8000-000000000001"])


def _details(path: str) -> st.SearchStrategy[str]:
    return IDS.map(lambda id: f"/2.2.0/{path}/{uuid(id) if WIRE.resources[path].has_text_id else id}/")


def _lists(path: str) -> st.SearchStrategy[str]:
    return _queries(path).map(lambda query: f"/2.2.0/{path}/{'?' if query else ''}{urlencode(query)}")


def _queries(path: str) -> st.SearchStrategy[dict[str, str]]:
    resource = WIRE.resources[path]
    values = {each.name: _VALUES.get(each.kind, _OTHER_VALUES) for each in FILTERS.get(resource.whole, ())}
    names = st.sampled_from(ORDERING.get(resource.whole, ("id",)))
    return st.one_of(
        st.fixed_dictionaries({"mode": st.sampled_from(sorted(resource.modes))}, optional={"limit": IDS.map(str)}),
        st.fixed_dictionaries({"limit": IDS.map(str), "offset": IDS.map(str)}),
        st.fixed_dictionaries({"ordering": names | names.map("-{}".format)}, optional={"limit": IDS.map(str)}),
        st.fixed_dictionaries({"search": st.sampled_from(["a", "o", "Soyuz", "Proton"])}),
        st.sampled_from([{}, {"format": "json"}, {"format": "api"}]),
        *([st.sampled_from(sorted(values)).flatmap(lambda name: st.fixed_dictionaries({name: values[name]}))] if values else []),
    )


ADDRESSES = st.one_of(
    st.sampled_from(RICH).flatmap(_details),
    st.sampled_from(RICH).flatmap(_lists),
    st.sampled_from(RICH).flatmap(_lists),  # there are more of them
    st.sampled_from(sorted(WIRE.resources)).flatmap(lambda path: _details(path) | _lists(path)),
    st.sampled_from(["/2.2.0/", "/2.2.0/dashboard/starship/"]),
)
