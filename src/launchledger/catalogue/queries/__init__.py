"""Reading the catalogue: pages of keys, searches, history and the overview, from one snapshot."""
