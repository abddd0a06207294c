"""The database as such: whether it answers, which version made it, which file it is. Knows nothing of its contents."""
