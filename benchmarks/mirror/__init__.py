"""A real mirror of a real sandbox for thirty virtual days: what changes there, the mirror's own process, and the figures."""
