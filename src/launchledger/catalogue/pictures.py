"""The neutral picture: what our own rows show where upstream's replies always have a picture.

A row holds the picture's name, and a reply its whole address, below the same base as every `url`; so it follows the host and the
prefix that a client asked. Nothing that upstream sends is such a name, because its pictures are whole addresses.
"""

PICTURE = "no-picture.png"
COLUMNS = frozenset({"feature_image", "image", "image_url", "map_image", "profile_image", "profile_image_thumbnail"})


def address_of(picture: str | None, base: str) -> str | None:
    """A picture as a reply shows it. `base` is that of the reply's addresses, and ends in a slash."""
    return base + PICTURE if picture == PICTURE else picture
