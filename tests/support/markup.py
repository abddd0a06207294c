"""What is wrong with a page: rules of HTML, of the policy of our pages, and of their headings, names and tables.

Parsing is justhtml's, which reports each error of the standard. What a parser does not judge (which elements may be in which) is
checked here for the elements that our pages have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from justhtml import Element, JustHTML, Text

_SVG = "svg"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
    ),
    *("main", "nav", "ol", "p", "pre", "section", "table", "ul", *_HEADINGS),
}
_OF_PHRASES = {
    *("abbr", "b", "button", "cite", "code", "em", "i", "kbd", "label", "p", "pre", "q", "small", "span", "strong", "sub", "sup"),
    *("time", *_HEADINGS),
}
_CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"div", "dt", "dd"},
    "select": {"option", "optgroup", "hr"},
    "tr": {"td", "th"},
    "tbody": {"tr"},
    "thead": {"tr"},
}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_USED_BY_HAND = {"a", "button", "details", "input", "select", "summary", "textarea"}
_REFERENCES = ("aria-controls", "aria-describedby", "aria-labelledby", "for", "headers", "list")
_VALUES_OF_PYTHON = re.compile(
    r"\b(None(?! of|, as)|True|False|nan|inf)\b|\[\]|\{\}|<\w[\w.]* object at|datetime\.|UUID\(|\{'|\['|SafeString"
)


def parsed(body: bytes) -> JustHTML:
    """The tree of a page, as a browser without scripts makes it."""
    return JustHTML(body.decode(), sanitize=False, collect_errors=True, scripting_enabled=False)


def elements(of: JustHTML | Element) -> Iterator[Element]:
    """Every element, in the order of the page."""
    waiting = [of.root if isinstance(of, JustHTML) else of]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element):
            yield node
        waiting.extend(child for child in reversed(node.children or []) if not isinstance(child, Text))


def text_of(element: Element) -> str:
    return " ".join(element.to_text().split())


def faults(page: JustHTML) -> list[str]:
    """Everything that is wrong with a page, each as a line."""
    all_elements = list(elements(page))
    return [
        *(f"not well-formed: {error}" for error in page.errors),
        *_of_characters(all_elements),
        *_of_the_frame(all_elements),
        *_of_the_policy(all_elements),
        *_of_ids(all_elements),
        *_of_headings(all_elements),
        *(fault for element in all_elements for fault in _of_one(element)),
        *_of_texts(all_elements),
    ]


def _shown(element: Element) -> str:
    """The beginning of an element, to find it by."""
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrs.items())
    return f"<{element.name}{attributes}>"[:160]


def _above(element: Element) -> Iterator[Element]:
    node = element.parent
    while isinstance(node, Element):
        yield node
        node = node.parent


def _of_the_frame(page: list[Element]) -> Iterator[str]:
    root = page[0]
    if not root.attrs.get("lang"):
        yield "the page has no language"
    titles = [element for element in page if element.name == "title" and element.namespace != _SVG]
    if len(titles) != 1 or not text_of(titles[0]):
        yield f"the page has {len(titles)} titles, or an empty one"
    for name in ("main", "header", "footer"):
        if sum(element.name == name for element in page) != 1:
            yield f"the page has not exactly one {name}"


def _of_characters(page: list[Element]) -> Iterator[str]:
    """Characters that the standard forbids in a page, which the parser does not report."""
    for element in page:
        texts = [child.data or "" for child in element.children if isinstance(child, Text)]
        for text in (*texts, *(value or "" for value in element.attrs.values())):
            if found := _FORBIDDEN.search(text):
                yield f"the character {found[0]!r} is forbidden: in {_shown(element)}"


def _of_the_policy(page: list[Element]) -> Iterator[str]:
    for element in page:
        for name, value in element.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"the policy refuses {name}: {_shown(element)}"
            if (value or "").strip().lower().startswith(("javascript:", "vbscript:", "data:text")) and name in _ADDRESSES:
                yield f"an address is a script: {_shown(element)}"
        is_data = element.attrs.get("type") in ("application/json", "application/ld+json")
        has_text = element.name == "script" and (not element.attrs.get("src") or bool(element.to_text().strip()))
        if element.name == "style" or (has_text and not is_data):
            yield f"the policy refuses what is inline: {_shown(element)}"


_ADDRESSES = ("action", "data", "formaction", "href", "poster", "src", "xlink:href")


def _of_ids(page: list[Element]) -> Iterator[str]:
    counts = Counter(element.attrs["id"] for element in page if "id" in element.attrs)
    yield from (f"the id {name} is there {count} times" for name, count in counts.items() if count > 1)
    yield from (f"{name!r} is no id" for name in counts if not name or re.search(r"\s", name))
    for element in page:
        for attribute in _REFERENCES:
            for name in (element.attrs.get(attribute) or "").split():
                if name not in counts:
                    yield f"{attribute} names {name}, which is not there: {_shown(element)}"


def _of_headings(page: list[Element]) -> Iterator[str]:
    headings = [element for element in page if element.name in _HEADINGS]
    levels = [int(heading.name[1]) for heading in headings]
    if levels.count(1) != 1 or levels[:1] != [1]:
        yield f"the levels of headings are {levels}: not exactly one of the first, at the beginning"
    if any(after - before > 1 for before, after in pairwise(levels)):
        yield f"the levels of headings are {levels}: one is skipped"
    yield from (f"a heading is empty: {_shown(heading)}" for heading in headings if not text_of(heading))


def _of_one(element: Element) -> Iterator[str]:
    """What is wrong with one element and what is in it."""
    name, above = element.name, list(_above(element))
    if element.namespace == _SVG:
        yield from _of_drawings(element, above)
        return
    if name in _BLOCKS and (around := next((each for each in above if each.name != "a"), None)) and around.name in _OF_PHRASES:
        yield f"<{name}> may not be in {_shown(around)}"
    if name in _CHILDREN:
        wrong = {child.name for child in element.children if isinstance(child, Element)} - _CHILDREN[name]
        yield from (f"<{each}> may not be in {_shown(element)}" for each in sorted(wrong))
        if any(isinstance(child, Text) and (child.data or "").strip() for child in element.children):
            yield f"text may not be in {_shown(element)}"
    if name in _USED_BY_HAND - {"summary"} and any(each.name in ("a", "button", "summary") for each in above):
        yield f"{_shown(element)} may not be in another that is used by hand"
    if name in ("a", "button", "summary") and not _name(element):
        yield f"{_shown(element)} has no name"
    if name == "a" and not element.attrs.get("href"):
        yield f"{_shown(element)} leads nowhere"
    if name in ("input", "select", "textarea") and element.attrs.get("type") != "hidden" and not _is_labelled(element, above):
        yield f"{_shown(element)} has no label"
    if name == "img" and element.attrs.get("alt") is None:
        yield f"{_shown(element)} has no text in its place"
    if name == "time" and not re.fullmatch(
        r"\d{4}(-\d\d(-\d\dT\d\d:\d\d(:\d\d)?(\.\d{1,3})?(Z|[+-]\d\d:\d\d)|-\d\d)?)?", _moment(element)
    ):
        yield f"{_shown(element)} is no time"
    if name == "table":
        yield from _of_tables(element)
    if element.attrs.get("tabindex", "0") not in ("0", "-1"):
        yield f"{_shown(element)} has a place of its own in the order of stops"


def _moment(element: Element) -> str:
    return element.attrs.get("datetime") or text_of(element)


def _name(element: Element) -> str:
    """What assistive software calls an element."""
    pictures = " ".join(each.attrs.get("alt") or "" for each in elements(element) if each.name == "img")
    return (
        (element.attrs.get("aria-label") or "").strip()
        or text_of(element)
        or pictures.strip()
        or element.attrs.get("aria-labelledby")
        or ""
    )


def _is_labelled(element: Element, above: list[Element]) -> bool:
    if element.attrs.get("aria-label") or element.attrs.get("aria-labelledby") or any(each.name == "label" for each in above):
        return True
    root = above[-1] if above else element
    key = element.attrs.get("id")
    return bool(key) and any(each.name == "label" and each.attrs.get("for") == key for each in elements(root))


def _of_tables(table: Element) -> Iterator[str]:
    first = next((child for child in table.children if isinstance(child, Element)), None)
    if first is None or first.name != "caption" or not text_of(first):
        yield f"{_shown(table)} does not begin with a caption"
    inner = list(elements(table))
    headers = [each for each in inner if each.name == "th"]
    if not headers:
        yield f"{_shown(table)} has no headers"
    for header in headers:
        if header.attrs.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            yield f"{_shown(header)} does not say of what it is the header"
    rows = [[each for each in row.children if isinstance(each, Element)] for row in inner if row.name == "tr"]
    widths = {sum(int(cell.attrs.get("colspan") or 1) for cell in row) for row in rows}
    if len(widths) > 1 and not any("rowspan" in each.attrs for each in inner):
        yield f"{_shown(table)} has rows of {sorted(widths)} cells"


def _of_drawings(element: Element, above: list[Element]) -> Iterator[str]:
    if element.name == "a":
        if not (element.attrs.get("href") or element.attrs.get("xlink:href")):
            yield f"{_shown(element)} leads nowhere"
        if not (element.attrs.get("aria-label") or text_of(element)):
            yield f"{_shown(element)} has no name"
    if element.name != "svg" or any(each.namespace == _SVG for each in above):
        return
    if element.attrs.get("aria-hidden") == "true":
        return  # beside a text that says the same
    children = {child.name: child for child in element.children if isinstance(child, Element)}
    for name in ("title", "desc"):
        if name not in children or not text_of(children[name]):
            yield f"{_shown(element)} has no {name}"
    if element.attrs.get("role") not in ("img", "group", "graphics-document"):
        yield f"{_shown(element)} has no role"
    for each in elements(element):
        for name, value in each.attrs.items():
            if re.search(r"\b(nan|inf|None)\b", value or "") and name not in ("href", "id", "class"):
                yield f"a number of a drawing is none: {_shown(each)}"


def _of_texts(page: list[Element]) -> Iterator[str]:
    """A value of Python where a reader expects words."""
    for element in page:
        for child in element.children:
            if isinstance(child, Text) and _VALUES_OF_PYTHON.search(child.data or ""):
                yield f"{(child.data or '').strip()[:60]!r} is no text for people: in {_shown(element)}"
