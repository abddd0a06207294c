"""Loading replies: finding the JSON in files, identifying its objects, and passing them to the catalogue."""
