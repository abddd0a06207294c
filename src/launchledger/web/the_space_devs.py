"""The Space Devs, who make Launch Library: whose data most catalogues hold, and whose name then belongs on the pages."""

NAME = "The Space Devs"
SITE = "https://thespacedevs.com/"
DOMAIN = "thespacedevs.com"


def is_the_space_devs(host: str) -> bool:
    """Whether a host is one of theirs."""
    return host == DOMAIN or host.endswith(f".{DOMAIN}")
