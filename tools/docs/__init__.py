"""Writes the pages of docs/ that are told from the code: `make docs`. `--check` only says which of them are old."""
