"""Taking replies in: finding the JSON in whatever holds it, telling what it is, and handing it to the catalogue."""
