"""The numbers that follow from other rows: what they mean, which rows a change affects, and their values as of a time.

Promises: each number is declared once (`numbers`). One set of queries computes it for a few objects, after a write, and for all,
to recompute or compare; the same on both databases. Nothing here writes: `actions.recomputing` does.
"""
