"""Access: keys, and counters of calls. Knows neither views nor the catalogue."""
