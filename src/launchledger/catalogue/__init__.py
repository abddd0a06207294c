"""The catalogue: what is known of spaceflight, as rows with relations."""
