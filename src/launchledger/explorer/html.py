"""Writing HTML for what a page has by the hundred: links and cells of tables.

Promises: what is no HTML yet is escaped. Django's `format_html` promises the same and takes five times as long; it is used where
a page has only a few.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe


def escaped(value: object) -> str:
    """A value as HTML: HTML as it is, everything else escaped."""
    return value if isinstance(value, SafeString) else escape(str(value))


def linked_to(address: str, value: object) -> SafeString | str:
    """A value that leads to an address; without one only the value."""
    return mark_safe(f'<a href="{escape(address)}">{escaped(value)}</a>') if address else str(value)  # noqa: S308  (escaped)
