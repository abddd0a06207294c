"""The numbers that follow from other rows: what they mean, which rows a change touches, and what they are as of a moment.

Promises: each number is declared once (`numbers`), and computed by one set of queries for a few objects, for the hook after a
write, and for all of them, for repairing and comparing; the same on both databases. Nothing here writes: `actions.deriving` does.
"""
