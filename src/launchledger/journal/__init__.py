"""The journal: an append-only record of what changed, from what to what, when, and from which source."""
