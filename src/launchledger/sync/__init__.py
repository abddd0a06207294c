"""Keeping the catalogue like an upstream's: which call comes when, within an allowance of calls."""
