"""What all versions of the wire share, and the versions as data. Knows columns of the catalogue by their names, and no Django."""
