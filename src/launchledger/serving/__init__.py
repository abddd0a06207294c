"""From rows to what leaves the server."""
