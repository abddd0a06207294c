"""Values from outside in messages: short, and harmless to a terminal."""

from __future__ import annotations


def shorten(value: object) -> str:
    """Show a value in a message: on one line, without control characters, of bounded length."""
    written = repr(value)
    return written if len(written) <= 60 else written[:57] + "..."


def printable(text: str) -> str:
    """The same text on one line, with every character escaped that could change a terminal: names and keys come from outside."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
