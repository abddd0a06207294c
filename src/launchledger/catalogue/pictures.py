"""The neutral picture: shown for rows of the starter where upstream's replies always have a picture.

A row holds the picture's name, and a reply its URL, below the same base as every `url`; so it has the host and the prefix of the
request. Upstream never sends this name, because its pictures are URLs.
"""

PICTURE = "no-picture.png"
COLUMNS = frozenset({"feature_image", "image", "image_url", "map_image", "profile_image", "profile_image_thumbnail"})


def picture_in(shown: str | None) -> str | None:
    """A picture as a row holds it, from what a reply shows: another server of ours shows the neutral picture by its own URL."""
    return PICTURE if shown is not None and shown.endswith(f"/{PICTURE}") else shown


def address_of(picture: str | None, base: str) -> str | None:
    """A picture as a reply shows it. `base` is that of the URLs in the reply, and ends in a slash."""
    return base + PICTURE if picture == PICTURE else picture
