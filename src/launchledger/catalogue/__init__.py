"""The catalogue: facts of spaceflight, as rows with relations."""
