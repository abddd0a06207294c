"""A made-up catalogue of realistic proportions, written straight into the tables; deterministic by scale, seed and "now".

Rows are not brought in by `catalogue.actions`: at ten and a hundred times the size that would take hours. They are written as
that would have left them: every column seen, the derived numbers as if observed, and one entry in the journal.
"""
