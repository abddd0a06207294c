"""What follows from the name of an upstream."""

import pytest

from launchledger.sync.servers import host_of, may_be_unlimited, source_of
from launchledger.web.the_space_devs import is_the_space_devs


@pytest.mark.parametrize(
    ("server", "source", "host", "theirs"),
    [
        ("https://ll.thespacedevs.com", "upstream:ll.thespacedevs.com", "ll.thespacedevs.com", True),
        ("https://thespacedevs.com", "upstream:thespacedevs.com", "thespacedevs.com", True),
        ("https://notthespacedevs.com", "upstream:notthespacedevs.com", "notthespacedevs.com", False),
        ("https://thespacedevs.com.example", "upstream:thespacedevs.com.example", "thespacedevs.com.example", False),
        ("http://[::1]:8000", "upstream:[::1]:8000", "::1", False),
    ],
)
def test_a_server_has_a_source_a_host_and_perhaps_no_limit(server: str, source: str, host: str, theirs: bool) -> None:
    """The Space Devs throttle, whatever a reply says; of others it is believed that they do not."""
    assert (source_of(server), host_of(server)) == (source, host)
    assert (is_the_space_devs(host), may_be_unlimited(host)) == (theirs, not theirs)
