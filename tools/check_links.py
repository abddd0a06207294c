#!/usr/bin/env python3
"""Check every link between files of this repository in its Markdown pages: exit status 1 when one is broken.

Headings (`page.md#heading`) are checked too. Links to the web are not followed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)[^)]*\)|^\[[^\]]+\]:\s*<?(\S+?)>?\s*$|(?:href|src)=\"([^\"]+)\"", re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)


def main() -> int:
    pages = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    wrong = [f"{page.relative_to(ROOT)}: {link} {reason}" for page in pages for link, reason in _wrong_links(page)]
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    print(f"{len(pages)} pages, {len(wrong)} broken links")
    return int(bool(wrong))


def _wrong_links(page: Path) -> Iterator[tuple[str, str]]:
    text = _CODE.sub("", _FENCE.sub("", page.read_text(encoding="utf-8")))
    for groups in _LINK.findall(text):
        link = "".join(groups)
        if _ELSEWHERE.match(link):
            continue
        path, _, heading = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_relative_to(ROOT):
            yield link, "leaves the repository"
        elif not target.exists():
            yield link, "does not exist"
        elif heading and target.suffix == ".md" and heading not in _headings(target):
            yield link, "has no such heading"


@cache
def _headings(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, by GitHub's rules."""
    seen: dict[str, int] = {}
    names = set()
    for title in _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        repeats = seen[slug] = seen.get(slug, -1) + 1
        names.add(f"{slug}-{repeats}" if repeats else slug)
    return frozenset(names)


if __name__ == "__main__":
    sys.exit(main())
