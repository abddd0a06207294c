"""Reading the catalogue: what to read for a shape, in how many queries, and from one moment."""
