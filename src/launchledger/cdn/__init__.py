"""Caches in front of the server: their clients, and the follower of the journal that purges what changed."""
