"""Complete replies in memory, in front of the framework: freshness, compression, surrogate keys."""
