"""Corrections by hand in the words of the wire: overrides as people and files write them, checked, listed and exported."""
