"""What all versions of the wire share, and the versions as data. Names columns of the catalogue, and does not import Django."""
