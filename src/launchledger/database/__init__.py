"""The database as such: whether it is there, which version made it, which file it is. Knows nothing of what it holds."""
