"""A generated catalogue of realistic proportions, written directly into the tables; deterministic by scale, seed and "now".

Rows are not written by `catalogue.actions`: at ten and a hundred times the size that would take hours. They are written as if
observed: every column seen, derived numbers too, and one entry in the journal.
"""
