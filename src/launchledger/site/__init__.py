"""Where the faces are put together."""
