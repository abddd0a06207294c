"""What people read on a page."""

from __future__ import annotations

import html
import re


def text_of(page: bytes) -> str:
    """The words of a page, each run of white space as one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page.decode())).split())
