"""Configuration: read once from the environment, typed and frozen; Django's settings are derived from it."""
